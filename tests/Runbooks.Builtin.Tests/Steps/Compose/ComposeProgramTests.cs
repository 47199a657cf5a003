using System.Text.Json;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Compose;

/// <summary>Which Compose is spoken to, by what a machine has, and the words for the one that is a program of its own: those of 1.29.</summary>
public sealed class ComposeProgramTests
{
    private const string Project = PlannedPlaybook.Project;
    private const string Config = "services:\n  app:\n    image: myapp:v1\n    depends_on:\n      db: {condition: service_started}\n  db:\n    image: postgres:15\n  built:\n    build: .\n    image: mine\n  more:\n    image: other:1\n    profiles: [more]\n";

    private static readonly PlanMachine One = Machine("/usr/local/bin/docker-compose");

    private static InMemoryFiles Files => new InMemoryFiles().With($"{Project}/compose.yaml", "services:\n  app:\n    image: myapp:v1\n").With($"{Project}/a.env", "").With($"{Project}/b.env", "");

    [Theory]
    [InlineData("", "docker")]
    [InlineData("/opt/bin/docker-compose", "docker-compose")]
    [InlineData("/srv/shop/tools/docker-compose", "docker-compose")]
    [InlineData("/elsewhere/docker-compose", "docker")]
    [InlineData("/opt/bin/docker-compose /usr/libexec/docker/cli-plugins/docker-compose", "docker")]
    [InlineData("/opt/bin/docker-compose /usr/local/lib/docker/cli-plugins/docker-compose", "docker")]
    [InlineData("/opt/bin/docker-compose /home/ops/.docker/cli-plugins/docker-compose", "docker")]
    [InlineData("/opt/bin/docker-compose /root/.docker/cli-plugins/docker-compose", "docker-compose")]
    public void The_plugin_of_docker_goes_before_the_program(string there, string program) =>
        Assert.Equal(program, PlannedPlaybook.On(Machine(there), "- compose: stop", Files).Argv()[0]);

    [Fact]
    public void The_environment_of_the_step_counts()
    {
        Assert.Equal("docker", PlannedPlaybook.On(One, "- compose: stop\n  env: { PATH: /bin }", Files).Argv()[0]);
        Assert.Equal("docker", PlannedPlaybook.On(Machine("/opt/bin/docker-compose /etc/dc/cli-plugins/docker-compose"), "- compose: stop\n  env: { DOCKER_CONFIG: /etc/dc }", Files).Argv()[0]);
    }

    [Theory]
    [InlineData("compose: { command: stop, timeout: 1500ms, services: app }", "stop --timeout 2 app")]
    [InlineData("compose: { command: start, services: [app, worker] }", "start app worker")]
    [InlineData("compose: { command: restart, no_deps: true, services: app }", "restart app")]
    [InlineData("compose: { command: kill, signal: SIGTERM }", "kill -s SIGTERM")]
    [InlineData("compose: { command: pull, allow_blank: true }", "pull")]
    [InlineData("compose: { command: create, allow_blank: true, pull: missing, force_recreate: true }", "up --no-start --no-build --force-recreate")]
    [InlineData("compose: { command: up, allow_blank: true, pull: missing, force_recreate: true, no_deps: true, timeout: 30s, services: app }", "up -d --no-build --force-recreate --no-deps --timeout 30 app")]
    [InlineData("compose: { command: stop, env_file: a.env, profiles: more }", "--env-file /srv/shop/a.env --profile more stop")]
    [InlineData("run: { argv: [ls, x], in: { service: app } }", "exec -T app ls x")]
    [InlineData("run: { argv: [ls, x], in: { service: app, one_off: true } }", "run --rm --no-deps -T --entrypoint ls app x")]
    public void The_words_are_exactly_these(string step, string command)
    {
        var planned = PlannedPlaybook.On(One, $"- {step}", Files);

        Assert.Single(planned.Effects());
        Assert.Equal($"docker-compose --project-name shop --project-directory {Project} -f {Project}/compose.yaml {command}", string.Join(' ', planned.Argv()));
    }

    [Theory]
    [InlineData("compose: { command: up, wait: true }")]
    [InlineData("compose: { command: up, pull: always }")]
    [InlineData("compose: { command: stop, env_file: [a.env, b.env] }")]
    [InlineData("run: { argv: [ls], in: { service: app, env_file: [a.env, b.env] } }")]
    [InlineData("compose: up\n  env: { DOCKER_HOST: tcp://other:2375 }")]
    public void What_it_has_no_words_for_is_refused_and_the_plugin_takes_it(string step)
    {
        Assert.Equal(["RB3125"], PlannedPlaybook.On(One, $"- {step}", Files).Errors);
        Assert.Empty(PlannedPlaybook.Of($"- {step}", Files).Errors);
    }

    [Fact]
    public void The_plan_shows_that_the_images_are_looked_up_and_what_is_laid_over_the_files_is_read_with_them()
    {
        var effects = PlannedPlaybook.On(One, "- compose: { command: up, services: app, images: { app: 'myapp:v0' } }", Files).Effects();

        var (reading, command) = (Assert.IsType<ProgramStart>(effects[0]), Assert.IsType<ProgramStart>(effects[2]));
        Assert.IsType<Waiting>(effects[1]);
        Assert.Equal($"docker-compose --project-name shop --project-directory {Project} -f {Project}/compose.yaml -f /dev/stdin", string.Join(' ', reading.Argv.SkipLast(1).Select(w => w.Display)));
        Assert.Equal("config", reading.Argv[^1].Display);
        Assert.Equal("up -d --no-build app", string.Join(' ', command.Argv.Skip(reading.Argv.Length - 1).Select(w => w.Display)));
        Assert.Equal("services:\n  \"app\":\n    image: \"myapp:v0\"\n", reading.StandardInput.Display);
        Assert.Equal(reading.StandardInput.Display, command.StandardInput.Display);
    }

    [Theory]
    [InlineData("services: app", "myapp:v1 postgres:15", null)]
    [InlineData("services: app", "myapp:v1", "the image of service db, postgres:15, is not on this machine")]
    [InlineData("services: app, no_deps: true", "myapp:v1", null)]
    [InlineData("services: app", "postgres:15", "the image of service app, myapp:v1, is not on this machine")]
    [InlineData("services: built", "", null)]
    [InlineData("allow_blank: true", "myapp:v1 postgres:15", null)]
    [InlineData("profiles: more", "myapp:v1 postgres:15", "the image of service more, other:1, is not on this machine")]
    public async Task An_image_that_is_missing_stops_the_step_because_it_would_be_pulled(string fields, string there, string? problem)
    {
        var docker = new DockerAnswers();
        foreach (var image in there.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            docker.Image(image, "sha256:1");
        }

        var processes = new ScriptedProcesses(s => new ScriptedEnd(0, s.Argv[^1] == "config" ? Config : ""));
        var outcome = await PlannedPlaybook.On(One, $"- compose: {{ command: up, {fields} }}", Files).RunAsync(UnusedPorts.All with { Processes = processes, Docker = docker }, change: Recorded);

        Assert.Equal(problem, outcome.Failure?.Split(", and ")[0]);
        Assert.Equal(problem is null ? 2 : 1, processes.Started.Count);
        Assert.Equal(problem is not null, outcome.Untouched);
    }

    [Theory]
    [InlineData("services: [", "which images the services have could not be read from what Compose says of the project")]
    [InlineData("", "which images the services have could not be read from what Compose says of the project")]
    public async Task What_cannot_be_read_is_not_taken_for_a_project_without_images(string config, string problem)
    {
        var outcome = await PlannedPlaybook.On(One, "- compose: up", Files).RunAsync(UnusedPorts.All with { Processes = new ScriptedProcesses(_ => new ScriptedEnd(0, config)), Docker = new DockerAnswers() });

        Assert.Equal((problem, true), (outcome.Failure, outcome.Untouched));
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_leaves_the_images_unknown_and_nothing_is_done()
    {
        var outcome = await PlannedPlaybook.On(One, "- compose: up", Files).RunAsync(UnusedPorts.All with { Processes = new ScriptedProcesses(_ => new ScriptedEnd(0, Config)), Docker = new DockerAnswers { Problem = "it is gone" } });

        Assert.Equal(("whether the image of service app is on this machine could not be found out: it is gone", true), (outcome.Failure, outcome.Untouched));
    }

    [Fact]
    public async Task The_reason_of_Compose_1_is_the_paragraph_that_says_it()
    {
        var said = "The Compose file './compose.yaml' is invalid because:\n'name' does not match any of the regexes: '^x-'\n\nYou might be seeing this error because of that.\nFor more on the file, see https://example.org/\n";

        var outcome = await PlannedPlaybook.On(One, "- compose: up", Files).RunAsync(UnusedPorts.All with { Processes = new ScriptedProcesses(_ => new ScriptedEnd(1, said)) });

        Assert.Equal("Compose cannot read the project: The Compose file './compose.yaml' is invalid because: 'name' does not match any of the regexes: '^x-'", outcome.Failure);
    }

    [Fact]
    public async Task The_way_back_takes_the_words_of_the_Compose_that_is_there_when_it_is_gone()
    {
        List<JsonElement> kept = [];
        var planned = PlannedPlaybook.Of("- compose: { command: up, services: app, no_deps: true }", Files);
        await planned.RunAsync(UnusedPorts.All with { Processes = new ScriptedProcesses(), Docker = new DockerAnswers().Image("myapp:v1", "sha256:1").Container(Testing.Containers.OfService("app") with { ImageId = "sha256:1", ImageReference = "myapp:v1" }) }, change: c => c with { KeepState = kept.Add, LeaveState = _ => { } });

        var kind = planned.Plan?.Steps[0].Kind ?? throw new InvalidOperationException("there is no plan");
        var (back, problem) = kind.PlanInverse(Assert.Single(kept), null, new PlanContext(Project, new NoFiles(), new Language.Diagnostics.DiagnosticBag(new Language.Text.SourceText("x", ""))) { Machine = One });

        Assert.True(back is not null, problem);
        var words = back.Preview.Effects.OfType<ProgramStart>().Select(s => string.Join(' ', s.Argv.Select(w => w.Display))).ToList();
        Assert.Contains($"docker-compose --project-name shop --project-directory {Project} -f {Project}/compose.yaml -f /dev/stdin up -d --no-deps --no-build --force-recreate --scale app=1 app", words);
        Assert.Contains("docker-compose", back.Requirements.OfType<ProgramRequirement>().Select(r => r.Program));
    }

    private static PlanMachine Machine(string files) => new(
        name => name switch
        {
            "PATH" => "/usr/bin:/opt/bin:/usr/local/bin:tools",
            "HOME" => "/home/ops",
            _ => null,
        },
        path => files.Split(' ').Contains(path));

    private static StepContext Recorded(StepContext context) => context with { KeepState = _ => { }, LeaveState = _ => { } };

    private sealed class NoFiles : IPlanFiles
    {
        public PlanFile Read(string absolutePath) => new(null, PlanFile.Missing);

        public void WillWrite(string absolutePath, System.Collections.Immutable.ImmutableArray<byte> bytes) => throw new InvalidOperationException("an undo that is planned writes nothing");
    }
}
