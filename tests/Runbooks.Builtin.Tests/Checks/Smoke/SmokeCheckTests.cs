using Microsoft.Extensions.Time.Testing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Smoke;

public sealed class SmokeCheckTests
{
    private const string ComposeFile = "name: shop\nservices:\n  app:\n    image: myapp:v1\n";

    private static readonly ContainerState App = OfService("app");

    [Theory]
    [InlineData("", 0, VerdictKind.Holds)]
    [InlineData("", 1, VerdictKind.DoesNotHold)]
    [InlineData("exit: 3", 3, VerdictKind.Holds)]
    [InlineData("exit: 3", 0, VerdictKind.DoesNotHold)]
    [InlineData("exit: 127", 127, VerdictKind.Holds)]
    public async Task The_exit_code_of_the_program_decides(string field, int exitCode, VerdictKind expected)
    {
        var verdict = await AskAsync(Check(field), exitCode);

        Assert.Equal((expected, $"exit {exitCode}"), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData("stdout_contains: ready", VerdictKind.Holds)]
    [InlineData("stdout_contains: [ready, steady]", VerdictKind.DoesNotHold)]
    [InlineData("stdout_matches: '^r\\w+y$'", VerdictKind.Holds)]
    [InlineData("stdout_matches: '^x'", VerdictKind.DoesNotHold)]
    public async Task The_output_must_be_as_asked(string field, VerdictKind expected) => Assert.Equal(expected, (await AskAsync(Check(field), 0, "ready")).Kind);

    [Fact]
    public async Task The_last_lines_are_the_evidence() => Assert.Equal(["one", "two"], (await AskAsync(Check(), 1, "one\ntwo\n")).Evidence);

    [Theory]
    [InlineData(126, "OCI runtime exec failed: exec failed: unable to start container process: exec: \"selftest\": executable file not found in $PATH: unknown", "it cannot be started there: exec: \"selftest\": executable file not found in $PATH: unknown")]
    [InlineData(127, "OCI runtime exec failed: exec failed: unable to start container process: exec: \"selftest\": executable file not found in $PATH: unknown", "it cannot be started there: exec: \"selftest\": executable file not found in $PATH: unknown")]
    [InlineData(126, "OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: exec: \"selftest\": permission denied: unknown", "it cannot be started there: exec: \"selftest\": permission denied: unknown")]
    [InlineData(126, "sh: ./x: Permission denied", "it ended with code 126, by which a shell says that a program cannot be executed")]
    [InlineData(127, "sh: nope: not found", "it ended with code 127, by which a shell says that a program is not there")]
    [InlineData(1, "Error response from daemon: Container 8cbb is paused, unpause the container before exec", "Error response from daemon: Container 8cbb is paused, unpause the container before exec")]
    [InlineData(1, "Error: No such container: shop-app-1", "Error: No such container: shop-app-1")]
    [InlineData(1, "service \"app\" is not running container #1", "service \"app\" is not running container #1")]
    [InlineData(1, "Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?", "Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?")]
    [InlineData(1, "permission denied while trying to connect to the Docker daemon socket", "permission denied while trying to connect to the Docker daemon socket")]
    [InlineData(1, "ERROR: No container found for app_1", "ERROR: No container found for app_1")]
    [InlineData(1, "docker.errors.DockerException: Error while fetching server API version: gone", "docker.errors.DockerException: Error while fetching server API version: gone")]
    public async Task What_docker_says_of_itself_is_not_the_answer_of_the_program(int exitCode, string said, string why)
    {
        var verdict = await AskAsync(Check(), exitCode, said + "\n");

        Assert.Equal((VerdictKind.Unknown, $"`selftest --quick` gave no answer: {why}"), (verdict.Kind, verdict.Observed));
        Assert.Equal([said], verdict.Evidence);
    }

    [Theory]
    [InlineData("exit: 1", 1, "Error response from daemon: Container 8cbb is not running")]
    [InlineData("exit: 126", 126, "OCI runtime exec failed: exec failed: unable to start container process: exec: \"selftest\": permission denied: unknown")]
    public async Task A_failure_of_docker_is_no_pass_although_its_code_is_the_wanted_one(string field, int exitCode, string said) =>
        Assert.Equal(VerdictKind.Unknown, (await AskAsync(Check(field), exitCode, said)).Kind);

    [Theory]
    [InlineData(0, "Error response from daemon: is only a text", VerdictKind.Holds)]
    [InlineData(1, "it said: Error response from daemon: x", VerdictKind.DoesNotHold)]
    [InlineData(3, "OCI runtime exec failed: is only a text", VerdictKind.DoesNotHold)]
    public async Task A_program_may_speak_of_docker(int exitCode, string said, VerdictKind expected) => Assert.Equal(expected, (await AskAsync(Check(), exitCode, said)).Kind);

    [Theory]
    [InlineData("exited", "shop-app-1 is exited with code 0, and a program can be asked only in a container that runs")]
    [InlineData("restarting", "shop-app-1 is restarting after exit code 0, and")]
    [InlineData("paused", "shop-app-1 is paused, and")]
    public async Task Nothing_is_started_where_no_container_runs(string status, string why)
    {
        var verdict = await Check().AskAsync(UnusedPorts.All with { Docker = new DockerAnswers().Container(App with { Status = status }) });

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.StartsWith(why, verdict.Observed);
    }

    [Fact]
    public async Task Nothing_is_started_where_there_is_no_container_or_no_engine()
    {
        Assert.Equal(Verdict.Unknown("there is no container of service app of project shop, so nothing can be asked in it"), await Check().AskAsync(new DockerAnswers()));
        Assert.Equal(Verdict.Unknown("the engine is away"), await Check().AskAsync(new DockerAnswers { Problem = "the engine is away" }));
    }

    [Fact]
    public async Task One_container_that_runs_is_enough() =>
        Assert.Equal(VerdictKind.Holds, (await AskAsync(Check(), 0, docker: new DockerAnswers().Container(App with { Status = "exited" }).Container(OfService("app", number: 2)))).Kind);

    [Theory]
    [InlineData("", 137)]
    [InlineData("exit: 137", 137)]
    public async Task A_container_that_ends_takes_the_answer_with_it(string field, int exitCode)
    {
        var docker = new DockerAnswers().Container(App);
        var processes = new ScriptedProcesses(_ =>
        {
            docker.NoContainers().Container(App with { StartedAt = App.StartedAt?.AddMinutes(1) });
            return new ScriptedEnd(exitCode);
        });

        var verdict = await Check(field).AskAsync(UnusedPorts.All with { Docker = docker, Processes = processes });

        Assert.Equal(Verdict.Unknown("`selftest --quick` gave no answer: service app of project shop ended or was started anew while it ran"), verdict with { Evidence = [] });
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(100, false)]
    public async Task An_engine_that_learns_of_the_end_a_moment_later_is_asked_again(int looks, bool ended)
    {
        var (seen, time) = (0, new FakeTimeProvider());
        Action goes = () => { };
        var docker = new DockerAnswers { Asking = () => goes() }.Container(App);
        goes = () =>
        {
            if (++seen == looks)
            {
                docker.NoContainers();
            }
        };

        var asked = Check().AskAsync(UnusedPorts.All with { Docker = docker, Processes = new ScriptedProcesses(_ => new ScriptedEnd(137)), Time = time });
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(ended ? VerdictKind.Unknown : VerdictKind.DoesNotHold, (await asked).Kind);
        Assert.InRange(seen, 2, 30);
    }

    [Fact]
    public async Task An_engine_that_goes_away_while_the_program_runs_is_unknown()
    {
        var docker = new DockerAnswers().Container(App);
        var processes = new ScriptedProcesses(_ =>
        {
            docker.Problem = "the engine is away";
            return new ScriptedEnd(1);
        });

        Assert.Equal("`selftest --quick` gave no answer: then the engine is away", (await Check().AskAsync(UnusedPorts.All with { Docker = docker, Processes = processes })).Observed);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_given_up_and_it_is_said_that_it_may_still_run()
    {
        var time = new FakeTimeProvider();
        var asked = Check("timeout: 2s").AskAsync(UnusedPorts.All with { Docker = new DockerAnswers().Container(App), Processes = new EndlessProcesses(), Time = time });
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        var verdict = await asked;
        Assert.Equal((VerdictKind.Unknown, "`selftest --quick` did not end within 2s and docker was ended; inside the container the engine may go on running it"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_machine_without_docker_is_unknown() =>
        Assert.Equal(VerdictKind.Unknown, (await Check().AskAsync(UnusedPorts.All with { Docker = new DockerAnswers().Container(App), Processes = new ScriptedProcesses { Missing = ["docker"] } })).Kind);

    [Theory]
    [MemberData(nameof(HostileValues.All), MemberType = typeof(HostileValues))]
    public async Task What_is_started_is_what_the_plan_shows(string value)
    {
        var asked = AskedCheck.Of("smoke: { container: shop-app-1, argv: [probe, '{{ value }}'], stdin: '{{ value }}', env: { B: '{{ value }}', A: x }, workdir: /tmp }", null, ("value", value));
        var processes = new ScriptedProcesses();
        await asked.AskAsync(UnusedPorts.All with { Docker = new DockerAnswers().Container(Named("shop-app-1")), Processes = processes });

        var planned = Assert.IsType<ProgramStart>(Assert.Single(asked.Question.Effects));
        var started = Assert.Single(processes.Started);
        Assert.Equal(planned.Argv.Select(w => w.Reveal()), started.Argv);
        Assert.Equal(["docker", "exec", "-i", "--workdir", "/tmp", "-e", "A", "-e", "B", "shop-app-1", "probe", value], started.Argv);
        Assert.Equal(value, started.Environment["B"]);
        Assert.Equal(value, System.Text.Encoding.UTF8.GetString(started.StandardInput.Span));
    }

    [Fact]
    public async Task In_a_service_it_is_started_by_Compose_with_the_whole_name_of_the_project()
    {
        var processes = new ScriptedProcesses();
        await Check().AskAsync(UnusedPorts.All with { Docker = new DockerAnswers().Container(App), Processes = processes });

        Assert.Equal(
            ["docker", "compose", "--project-name", "shop", "--project-directory", PlannedPlaybook.Project, "-f", $"{PlannedPlaybook.Project}/compose.yaml", "exec", "-T", "app", "selftest", "--quick"],
            Assert.Single(processes.Started).Argv);
    }

    [Fact]
    public void The_statement_says_all_that_is_asked() =>
        Assert.Equal("in service app of project shop, `selftest --quick` ends with code 0 and prints \"ready\"", Check("stdout_contains: ready").Statement);

    [Theory]
    [InlineData("RB1002", "smoke: { container: x }")]
    [InlineData("RB3220", "smoke: { argv: ls }")]
    [InlineData("RB3220", "smoke: { container: x, service: y, argv: ls }")]
    [InlineData("RB3220", "smoke: { container: x, project: y, argv: ls }")]
    [InlineData("RB3120", "smoke: { service: app, argv: ls }")]
    [InlineData("RB3120", "smoke: { service: app, project: shop, argv: ls }")]
    [InlineData("RB3123", "smoke: { container: --privileged, argv: ls }")]
    [InlineData("RB3280", "smoke: { container: x, argv: [''] }")]
    [InlineData("RB3005", "smoke: { container: x, argv: ls, env: { 'A=B': c } }")]
    [InlineData("RB3003", "smoke: { container: '{{ steps.find.stdout }}', argv: ls }")]
    [InlineData("RB3004", "smoke: { container: x, argv: [ls, '{{ token }}'] }")]
    [InlineData("RB1005", "smoke: { container: x, argv: ls, timeout: 3m }")]
    public void Mistakes_are_found_before_anything_runs(string code, string check) => Assert.Equal([code], AskedCheck.Of(check, null, ("token!", "s3cr3t-value")).Errors);

    private static AskedCheck Check(params string[] fields) => AskedCheck.Of(
        $"smoke:\n  service: app\n  argv: selftest --quick\n{string.Concat(fields.Select(f => $"  {f}\n"))}",
        new InMemoryFiles().With($"{PlannedPlaybook.Project}/compose.yaml", ComposeFile));

    private static Task<Verdict> AskAsync(AskedCheck check, int exitCode, string output = "", DockerAnswers? docker = null) =>
        check.AskAsync(UnusedPorts.All with { Docker = docker ?? new DockerAnswers().Container(App), Processes = new ScriptedProcesses(_ => new ScriptedEnd(exitCode, output)) });
}
