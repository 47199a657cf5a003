using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Port;

public sealed class PortCheckTests
{
    private const string OrApp = "port: { number: 8080, or_service: app, project: shop }";

    private static readonly Listener Proxy = new("0.0.0.0", 42, "docker-proxy");

    private static EnginePorts Ports(NetworkAnswers network, DockerAnswers? docker = null) => UnusedPorts.All with { Network = network, Docker = docker ?? new DockerAnswers() };

    private static ContainerState Publishing(string service) => OfService(service) with { PublishedPorts = [8080] };

    [Fact]
    public async Task A_free_port_holds_without_asking_docker()
    {
        var verdict = await AskedCheck.Of(OrApp).AskAsync(UnusedPorts.All with { Network = new NetworkAnswers() });

        Assert.Equal((VerdictKind.Holds, "it is free"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_held_port_says_by_whom()
    {
        var network = new NetworkAnswers().Listening(8080, new Listener("127.0.0.1", 99, "python3"), new Listener("::1", null, null));

        var verdict = await AskedCheck.Of("port: 8080").AskAsync(Ports(network));
        Assert.Equal((VerdictKind.DoesNotHold, "held by python3 (process 99) on 127.0.0.1 and a process of another user on ::1"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_container_behind_the_proxy_is_named_when_the_engine_can_be_asked()
    {
        var network = new NetworkAnswers().Listening(8080, Proxy);

        Assert.Equal("held by container shop-web-1 (service web of project shop)", (await AskedCheck.Of("port: 8080").AskAsync(Ports(network, new DockerAnswers().Container(Publishing("web"))))).Observed);
        var withoutEngine = await AskedCheck.Of("port: 8080").AskAsync(Ports(network, new DockerAnswers { Problem = "there is none" }));
        Assert.Equal((VerdictKind.DoesNotHold, "held by docker-proxy (process 42) on 0.0.0.0"), (withoutEngine.Kind, withoutEngine.Observed));
    }

    [Fact]
    public async Task The_container_that_may_hold_it_holds()
    {
        var network = new NetworkAnswers().Listening(8080, Proxy);
        var docker = new DockerAnswers().Container(Publishing("app"));

        var verdict = await AskedCheck.Of(OrApp).AskAsync(Ports(network, docker));
        Assert.Equal((VerdictKind.Holds, "held by container shop-app-1 (service app of project shop)"), (verdict.Kind, verdict.Observed));
        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of("port: { number: 8080, or_container: shop-app-1 }").AskAsync(Ports(network, docker))).Kind);
    }

    [Fact]
    public async Task Another_container_or_program_does_not()
    {
        var network = new NetworkAnswers().Listening(8080, Proxy);

        Assert.Equal("held by container shop-web-1 (service web of project shop)", (await AskedCheck.Of(OrApp).AskAsync(Ports(network, new DockerAnswers().Container(OfService("app")).Container(Publishing("web"))))).Observed);
        Assert.Equal(VerdictKind.DoesNotHold, (await AskedCheck.Of(OrApp).AskAsync(Ports(network, new DockerAnswers().Container(OfService("app"))))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await AskedCheck.Of(OrApp).AskAsync(Ports(network, new DockerAnswers().Container(OfService("app", project: "blog") with { PublishedPorts = [8080] })))).Kind);
    }

    [Fact]
    public async Task The_same_service_of_another_project_may_not_hold_it()
    {
        var docker = new DockerAnswers().Container(OfService("app")).Container(OfService("app", "lab") with { PublishedPorts = [8080] });

        var verdict = await AskedCheck.Of(OrApp).AskAsync(Ports(new NetworkAnswers().Listening(8080, Proxy), docker));
        Assert.Equal((VerdictKind.DoesNotHold, "held by container lab-app-1 (service app of project lab)"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public void The_project_of_the_service_is_read_from_its_Compose_file()
    {
        var files = new InMemoryFiles().With($"{PlannedPlaybook.Project}/deploy/shop.yml", "name: store\nservices: {}\n");

        Assert.Equal("port 8080 is free, or held by service app of project store", AskedCheck.Of("port: { number: 8080, or_service: app, files: [deploy/shop.yml] }", files).Statement);
    }

    [Fact]
    public async Task A_container_of_compose_run_is_not_the_service()
    {
        var once = Publishing("app");
        var docker = new DockerAnswers().Container(once with { Labels = once.Labels.SetItem("com.docker.compose.oneoff", "True") });

        Assert.Equal(VerdictKind.DoesNotHold, (await AskedCheck.Of(OrApp).AskAsync(Ports(new NetworkAnswers().Listening(8080, Proxy), docker))).Kind);
    }

    [Fact]
    public async Task A_stranger_beside_the_service_keeps_it_from_holding()
    {
        var docker = new DockerAnswers().Container(Publishing("app")).Container(Named("stray") with { PublishedPorts = [8080] });

        var verdict = await AskedCheck.Of(OrApp).AskAsync(Ports(new NetworkAnswers().Listening(8080, Proxy), docker));
        Assert.Equal((VerdictKind.DoesNotHold, "held by container stray"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_container_that_has_ended_holds_nothing()
    {
        var docker = new DockerAnswers().Container(Publishing("app") with { Status = "exited" });

        var verdict = await AskedCheck.Of(OrApp).AskAsync(Ports(new NetworkAnswers().Listening(8080, Proxy), docker));
        Assert.Equal((VerdictKind.DoesNotHold, "held by docker-proxy (process 42) on 0.0.0.0, and no running container publishes it"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_held_port_without_an_engine_to_ask_is_unknown()
    {
        var verdict = await AskedCheck.Of(OrApp).AskAsync(Ports(new NetworkAnswers().Listening(8080, Proxy), new DockerAnswers { Problem = "there is none" }));

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_is_unknown() =>
        Assert.Equal(VerdictKind.Unknown, (await AskedCheck.Of("port: 8080").AskAsync(Ports(new NetworkAnswers().Hidden(8080, "permission denied")))).Kind);

    [Fact]
    public async Task Somebody_must_listen_when_that_is_asked()
    {
        var asked = AskedCheck.Of("port: { number: 8080, state: listening }");

        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(Ports(new NetworkAnswers().Listening(8080, Proxy)))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(Ports(new NetworkAnswers()))).Kind);
    }

    [Fact]
    public void The_statement_says_all_that_is_asked()
    {
        Assert.Equal("port 8080 is free", AskedCheck.Of("port: 8080").Statement);
        Assert.Equal("port 8080 is free, or held by service app of project shop", AskedCheck.Of(OrApp).Statement);
        Assert.Equal("somebody listens on port 8080", AskedCheck.Of("port: { number: 8080, state: listening }").Statement);
    }

    [Theory]
    [InlineData("port: 0", "RB1005")]
    [InlineData("port: { number: 1, state: listening, or_container: a }", "RB3290")]
    [InlineData("port: { number: 1, or_container: a, or_service: b, project: c }", "RB3220")]
    [InlineData("port: { number: 1, project: c }", "RB3220")]
    [InlineData("port: { number: 1, or_container: a, project: c }", "RB3220")]
    [InlineData("port: { number: 1, or_service: a }", "RB3120")]
    [InlineData("port: http", "RB1004")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);
}
