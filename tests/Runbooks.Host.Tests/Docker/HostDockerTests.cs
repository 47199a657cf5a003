using System.Net.Sockets;
using Runbooks.Engine.Ports;
using Runbooks.Host.Docker;
using Runbooks.Host.Tests.Files;
using Runbooks.Host.Tests.Network;

namespace Runbooks.Host.Tests.Docker;

public sealed class HostDockerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_container_is_described()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300", engine.OfService("app"));

        var state = await OneAsync(engine, new ContainerFilter { Name = name });
        Assert.Equal("running", state.Status);
        Assert.Null(state.Health);
        Assert.Equal(TestEngine.Image, state.ImageReference);
        Assert.Equal(await engine.CommandAsync("image", "inspect", "--format", "{{.Id}}", TestEngine.Image), state.ImageId);
        Assert.Equal("app", state.Labels["com.docker.compose.service"]);
        Assert.Equal("json-file", state.LogDriver);
        Assert.NotNull(state.StartedAt);
        Assert.Null(state.FinishedAt);
        Assert.Equal(0, state.RestartCount);
    }

    [Fact]
    public async Task A_container_that_ended_keeps_its_exit_code()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("exit 3");
        await engine.WaitAsync(name);

        var state = await OneAsync(engine, new ContainerFilter { Name = name });
        Assert.Equal(("exited", 3), (state.Status, state.ExitCode));
        Assert.NotNull(state.FinishedAt);
    }

    [Fact]
    public async Task Containers_are_found_by_project_and_service_in_the_order_of_their_names()
    {
        await using var engine = await TestEngine.OpenAsync();
        var first = await engine.RunAsync("sleep 300", engine.OfService("app"));
        var second = await engine.RunAsync("sleep 300", engine.OfService("db"));

        Assert.Equal([first, second], await NamesAsync(engine, new ContainerFilter { Project = engine.Unique }));
        Assert.Equal([second], await NamesAsync(engine, new ContainerFilter { Project = engine.Unique, Service = "db" }));
        Assert.Empty(await NamesAsync(engine, new ContainerFilter { Project = engine.Unique, Service = "web" }));
    }

    [Fact]
    public async Task A_name_is_exact_and_an_id_may_be_cut()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300");
        var id = await engine.CommandAsync("inspect", "--format", "{{.Id}}", name);

        Assert.Empty(await NamesAsync(engine, new ContainerFilter { Name = name[..^1] }));
        Assert.Equal([name], await NamesAsync(engine, new ContainerFilter { Name = id[..12] }));
        Assert.Empty(await NamesAsync(engine, new ContainerFilter { Name = id[..6] }));
    }

    [Fact]
    public async Task A_health_check_gives_its_state_and_its_newest_output()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300", "--health-cmd", "echo all is well", "--health-interval", "100ms");
        await Poll.UntilAsync(async () => (await OneAsync(engine, new ContainerFilter { Name = name })).Health == "healthy", Cancel);

        Assert.Equal("exit 0: all is well", (await OneAsync(engine, new ContainerFilter { Name = name })).HealthOutput);
    }

    [Fact]
    public async Task An_image_is_found_by_reference_and_by_id()
    {
        await using var engine = await TestEngine.OpenAsync();

        var image = await engine.Docker.ImageAsync(TestEngine.Image, Cancel);
        Assert.Null(image.Problem);
        Assert.Contains(TestEngine.Image, image.Value?.Tags ?? []);
        Assert.Equal(image.Value?.Id, (await engine.Docker.ImageAsync(image.Value?.Id ?? "", Cancel)).Value?.Id);
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_no_problem_and_no_value()
    {
        await using var engine = await TestEngine.OpenAsync();

        var image = await engine.Docker.ImageAsync("runbooks-test/nothing:v0", Cancel);
        Assert.Null(image.Problem);
        Assert.Null(image.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_lines_of_both_streams_come_whole_with_a_terminal_and_without(bool terminal)
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("echo one; echo two >&2; printf 'no end'", terminal ? ["--tty"] : []);
        await engine.WaitAsync(name);
        var container = await OneAsync(engine, new ContainerFilter { Name = name });

        var lines = new List<string>();
        var answer = await engine.Docker.LogsAsync(container.Id, null, Collect(lines), Cancel);
        Assert.Null(answer.Problem);
        Assert.Equal(["no end", "one", "two"], lines.Order());
        Assert.Equal(3, answer.Value);
    }

    [Fact]
    public async Task Each_line_has_the_time_at_which_it_was_logged()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("echo one; echo two words >&2");
        await engine.WaitAsync(name);
        var container = await OneAsync(engine, new ContainerFilter { Name = name });

        var lines = new List<(DateTimeOffset? At, string Text)>();
        await engine.Docker.TimedLogsAsync(container.Id, null, Collect(lines), Cancel);

        Assert.Equal(["one", "two words"], lines.Select(l => l.Text).Order());
        Assert.All(lines, l => Assert.InRange(l.At ?? default, container.CreatedAt ?? default, (container.FinishedAt ?? default).AddSeconds(1)));
    }

    [Fact]
    public async Task What_happened_to_a_container_is_remembered_with_its_exit_code()
    {
        await using var engine = await TestEngine.OpenAsync();
        var began = DateTimeOffset.UtcNow.AddSeconds(-1);
        var name = await engine.RunAsync("exit 3", "--label", "com.docker.compose.project=happened", "--label", "com.docker.compose.service=app");
        await engine.WaitAsync(name);

        var answer = await engine.Docker.EventsAsync("happened", began, DateTimeOffset.UtcNow.AddSeconds(1), Cancel);

        Assert.Null(answer.Problem);
        var own = answer.Value.Where(e => e.Container == name).ToList();
        Assert.Equal(["create", "start", "die"], own.Select(e => e.Action));
        Assert.Equal(3, own[^1].ExitCode);
        Assert.Equal("app", own[^1].Labels["com.docker.compose.service"]);
        Assert.Empty((await engine.Docker.EventsAsync("happened", began.AddDays(-1), began, Cancel)).Value);
    }

    [Fact]
    public async Task The_engine_says_where_its_images_and_volumes_lie()
    {
        await using var engine = await TestEngine.OpenAsync();

        Assert.True(Path.IsPathRooted((await engine.Docker.EngineAsync(Cancel)).Value?.DataFolder));
    }

    [Fact]
    public async Task Only_lines_since_a_moment_are_read()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("echo before; while ! [ -e /go ]; do sleep 0.05; done; echo after");
        await Poll.UntilAsync(async () => await engine.CommandAsync("logs", name) == "before", Cancel);
        var moment = DateTimeOffset.UtcNow;
        await engine.CommandAsync("exec", name, "touch", "/go");
        await engine.WaitAsync(name);

        var lines = new List<string>();
        await engine.Docker.LogsAsync((await OneAsync(engine, new ContainerFilter { Name = name })).Id, moment, Collect(lines), Cancel);
        Assert.Equal(["after"], lines);
    }

    [Fact]
    public async Task Reading_stops_when_nobody_wants_more()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("seq 1 1000");
        await engine.WaitAsync(name);

        var lines = new List<string>();
        var answer = await engine.Docker.LogsAsync((await OneAsync(engine, new ContainerFilter { Name = name })).Id, null, line => Add(lines, line) < 10, Cancel);
        Assert.Equal(10, lines.Count);
        Assert.Equal(10, answer.Value);
    }

    [Fact]
    public async Task A_container_without_logs_is_told_by_its_driver_and_by_the_answer()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300", "--log-driver", "none");

        var container = await OneAsync(engine, new ContainerFilter { Name = name });
        Assert.Equal("none", container.LogDriver);
        Assert.NotNull((await engine.Docker.LogsAsync(container.Id, null, _ => true, Cancel)).Problem);
    }

    [Fact]
    public async Task A_missing_socket_says_where_it_was_looked_for_and_what_to_do()
    {
        var answer = await Docker("unix:///nowhere/docker.sock").VersionAsync(Cancel);

        Assert.Equal("there is no Docker Engine at unix:///nowhere/docker.sock: start it (systemctl start docker), or set DOCKER_HOST to where it is", answer.Problem);
    }

    [Fact]
    public async Task A_socket_that_nobody_serves_says_that_the_daemon_is_not_running()
    {
        using var folder = new TemporaryFolder();
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Bound and never listening: what a daemon that was killed leaves behind.
            socket.Bind(new UnixDomainSocketEndPoint(folder.At("s")));
            var answer = await Docker($"unix://{folder.At("s")}").VersionAsync(Cancel);

            Assert.StartsWith($"the Docker daemon of unix://{folder.At("s")} is not running, though its socket is there", answer.Problem);
        }
    }

    [Fact]
    public void A_socket_of_somebody_else_says_which_group_to_join()
    {
        using var folder = new TemporaryFolder();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.At("s")));
        socket.Listen();
        var answer = AnotherUser.Run(() =>
        {
            using var closed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            var refused = Assert.ThrowsAny<SocketException>(() => closed.Connect(new UnixDomainSocketEndPoint(folder.At("s"))));
            return EngineProblems.Of(new HttpRequestException(null, refused), "unix:///x");
        });

        Assert.StartsWith("permission denied at unix:///x: this user may not talk to the Docker Engine; join the group 'docker'", answer);
    }

    [Fact]
    public async Task Nobody_on_a_port_says_that_the_daemon_is_not_running()
    {
        var port = LoopbackServer.FreePort();

        Assert.StartsWith($"the Docker daemon of tcp://127.0.0.1:{port} is not running", (await Docker($"tcp://127.0.0.1:{port}").VersionAsync(Cancel)).Problem);
    }

    [Fact]
    public async Task An_engine_that_hangs_is_given_up_after_a_while()
    {
        using var server = new LoopbackServer(answer: null);
        using var docker = new HostDocker(TimeProvider.System, $"tcp://127.0.0.1:{server.Port}") { Patience = TimeSpan.FromMilliseconds(200) };

        Assert.StartsWith($"the Docker Engine at tcp://127.0.0.1:{server.Port} does not answer within 200ms", (await docker.VersionAsync(Cancel)).Problem);
    }

    [Fact]
    public async Task Something_else_than_an_engine_is_told_apart()
    {
        using var page = new LoopbackServer(LoopbackServer.Answer(200, "<html>"));
        using var error = new LoopbackServer(LoopbackServer.Answer(400, """{"message":"client version is too old"}"""));

        Assert.Contains("is it a Docker Engine?", (await Docker($"tcp://127.0.0.1:{page.Port}").VersionAsync(Cancel)).Problem);
        Assert.Contains("(400): client version is too old", (await Docker($"tcp://127.0.0.1:{error.Port}").VersionAsync(Cancel)).Problem);
    }

    [Theory]
    [InlineData("ssh://deploy@host", "over ssh")]
    [InlineData("docker", "is not the address of a Docker Engine")]
    [InlineData("ftp://host", "is not the address of a Docker Engine")]
    public async Task An_address_that_cannot_be_used_says_so(string address, string part) =>
        Assert.Contains(part, (await Docker(address).VersionAsync(Cancel)).Problem);

    [Fact]
    public async Task A_cancelled_question_is_cancelled_and_not_answered()
    {
        using var server = new LoopbackServer(answer: null);
        using var cancel = new CancellationTokenSource();
        var asked = Docker($"tcp://127.0.0.1:{server.Port}").VersionAsync(cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    private static HostDocker Docker(string address) => new(TimeProvider.System, address);

    private static Func<string, bool> Collect(List<string> lines) => line => Add(lines, line) > 0;

    private static Func<DateTimeOffset?, string, bool> Collect(List<(DateTimeOffset?, string)> lines) => (at, text) =>
    {
        lines.Add((at, text));
        return true;
    };

    private static int Add(List<string> lines, string line)
    {
        lines.Add(line);
        return lines.Count;
    }

    private static async Task<ContainerState> OneAsync(TestEngine engine, ContainerFilter filter)
    {
        var answer = await engine.Docker.ContainersAsync(filter, Cancel);
        Assert.Null(answer.Problem);
        return Assert.Single(answer.Value);
    }

    private static async Task<IEnumerable<string>> NamesAsync(TestEngine engine, ContainerFilter filter)
    {
        var answer = await engine.Docker.ContainersAsync(filter, Cancel);
        Assert.Null(answer.Problem);
        return answer.Value.Select(c => c.Name);
    }
}
