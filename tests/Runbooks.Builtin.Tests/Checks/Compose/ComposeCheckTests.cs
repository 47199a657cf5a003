using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Compose;

public sealed class ComposeCheckTests
{
    private const string File = $"{ProjectDirectory}/compose.yaml";

    private static DockerAnswers With(params ContainerState[] containers) => containers.Aggregate(new DockerAnswers(), (d, c) => d.Container(c));

    private static InMemoryFiles Project(string services) => new InMemoryFiles().With(File, $"name: shop\nservices:\n{services}");

    [Fact]
    public async Task All_services_running_holds()
    {
        var asked = AskedCheck.Of("compose: {}", Project("  app: { image: a }\n  db: { image: b }\n"));

        Assert.Equal("app and db of project shop are running", asked.Statement);
        var verdict = await asked.AskAsync(With(OfService("app"), OfService("db") with { Health = "healthy" }));
        Assert.Equal((VerdictKind.Holds, "2 services running"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_service_without_a_container_does_not_hold()
    {
        var verdict = await AskedCheck.Of("compose: {}", Project("  app: { image: a }\n  db: { image: b }\n")).AskAsync(With(OfService("app")));

        Assert.Equal((VerdictKind.DoesNotHold, "db: it has no container (1 of 2 services are as they should be)"), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData("exited", null)]
    [InlineData("restarting", null)]
    [InlineData("running", "starting")]
    [InlineData("running", "unhealthy")]
    public async Task A_service_that_is_not_up_or_not_healthy_does_not_hold(string status, string? health)
    {
        var verdict = await AskedCheck.Of("compose: shop").AskAsync(With(OfService("app"), OfService("db") with { Status = status, Health = health }));

        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        Assert.StartsWith("db: ", verdict.Observed);
        Assert.Contains(verdict.Evidence, l => l.StartsWith("shop-app-1: ", StringComparison.Ordinal));
        Assert.Contains(verdict.Evidence, l => l.StartsWith("shop-db-1: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_project_alone_all_that_has_containers_is_meant()
    {
        var asked = AskedCheck.Of("compose: shop");

        Assert.Equal("all services of project shop are running", asked.Statement);
        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(With(OfService("app"), OfService("db"), OfService("other", project: "blog") with { Status = "exited" }))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(With(OfService("other", project: "blog")))).Kind);
    }

    [Fact]
    public async Task A_service_that_is_done_must_have_ended_well()
    {
        var asked = AskedCheck.Of("compose: { finished: migrate }", Project("  app: { image: a }\n  migrate: { image: b }\n"));

        Assert.Equal("app of project shop is running, and migrate has ended with code 0", asked.Statement);
        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(With(OfService("app"), OfService("migrate") with { Status = "exited" }))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(With(OfService("app"), OfService("migrate") with { Status = "exited", ExitCode = 1 }))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(With(OfService("app"), OfService("migrate")))).Kind);
    }

    [Fact]
    public void Services_that_do_not_start_by_themselves_are_not_meant()
    {
        const string Services = """
              app: { image: a }
              debug: { image: a, profiles: [debug] }
              off: { image: a, scale: 0 }
              none: { image: a, deploy: { replicas: 0 } }
              merged: { <<: *common, image: a }

            """;

        Assert.Equal("app and merged of project shop are running", AskedCheck.Of("compose: {}", Project(Services)).Statement);
    }

    [Theory]
    [InlineData("  <<: *all\n  app: { image: a }\n")]
    [InlineData("  app: { image: a, profiles: [x] }\n")]
    [InlineData("  app: { image: a }\ninclude: [other.yaml]\n")]
    public void Where_the_services_are_not_certain_they_must_be_listed(string services)
    {
        Assert.Equal(["RB3230"], AskedCheck.Of("compose: {}", Project(services)).Errors);
        Assert.Equal("app of project shop is running", AskedCheck.Of("compose: { services: app }", Project(services)).Statement);
    }

    [Fact]
    public async Task Without_an_engine_nothing_is_known() =>
        Assert.Equal(VerdictKind.Unknown, (await AskedCheck.Of("compose: shop").AskAsync(new DockerAnswers { Problem = "permission denied at x" })).Kind);

    [Theory]
    [InlineData("compose: {}", "RB3120")]
    [InlineData("compose: 'My Shop'", "RB3121")]
    [InlineData("compose: { project: shop, services: [a], finished: [a] }", "RB3231")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);
}
