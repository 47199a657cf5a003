using Runbooks.Builtin.Compose;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Compose;

public sealed class ComposeStepTests
{
    private const string Project = PlannedPlaybook.Project;
    private const string Blank = "time=\"2026-11-25T08:23:13Z\" level=warning msg=\"The \\\"TAG\\\" variable is not set. Defaulting to a blank string.\"\n";

    private static InMemoryFiles Files => new InMemoryFiles().With($"{Project}/compose.yaml", "services:\n  app:\n    image: myapp:v1\n");

    [Theory]
    [InlineData("compose: stop", "stop")]
    [InlineData("compose: { command: stop, timeout: 1500ms, services: app }", "stop --timeout 2 app")]
    [InlineData("compose: { command: start, services: [app, worker] }", "start app worker")]
    [InlineData("compose: { command: restart, no_deps: true, services: app }", "restart --no-deps app")]
    [InlineData("compose: kill", "kill --signal SIGKILL")]
    [InlineData("compose: { command: kill, signal: SIGTERM }", "kill --signal SIGTERM")]
    [InlineData("compose: { command: pull, allow_blank: true }", "pull")]
    [InlineData("compose: { command: create, allow_blank: true }", "create --no-build --pull never")]
    [InlineData("compose: { command: up, allow_blank: true }", "up -d --no-build --pull never")]
    [InlineData("compose: { command: up, allow_blank: true, pull: missing, force_recreate: true, no_deps: true, wait: true, wait_timeout: 60s, timeout: 30s, services: app }", "up -d --no-build --pull missing --force-recreate --no-deps --wait --wait-timeout 60 --timeout 30 app")]
    public void The_words_are_exactly_these(string step, string command)
    {
        var planned = PlannedPlaybook.Of($"- {step}", Files);

        Assert.Single(planned.Effects());
        Assert.Equal($"docker compose --project-name shop --project-directory {Project} -f {Project}/compose.yaml {command}", string.Join(' ', planned.Argv()));
    }

    [Fact]
    public void Images_are_laid_over_the_files_from_the_standard_input_and_change_none()
    {
        var planned = PlannedPlaybook.Of("- compose: { command: up, allow_blank: true, services: [app, worker], images: { app: \"myapp:{{ v }}\", worker: 'registry:5000/w@sha256:ab' } }", Files, ("v", "v1.2.3"));

        Assert.Equal($"docker compose --project-name shop --project-directory {Project} -f {Project}/compose.yaml -f - up -d --no-build --pull never app worker", string.Join(' ', planned.Argv()));
        Assert.Equal("services:\n  \"app\":\n    image: \"myapp:v1.2.3\"\n  \"worker\":\n    image: \"registry:5000/w@sha256:ab\"\n", Assert.IsType<ProgramStart>(Assert.Single(planned.Effects())).StandardInput.Display);
    }

    [Fact]
    public void Everything_that_names_the_project_is_spelled_out()
    {
        var files = new InMemoryFiles().With($"{Project}/deploy/a.yml", "name: x").With($"{Project}/deploy/b.yml", "{}").With($"{Project}/prod.env", "A=1");
        var planned = PlannedPlaybook.Of("- compose: { command: stop, files: [deploy/a.yml, deploy/b.yml], project: \"{{ p }}\", env_file: prod.env, profiles: [web, jobs] }", files, ("p", "acme"));

        Assert.Equal(
            $"docker compose --project-name acme --project-directory {Project}/deploy -f {Project}/deploy/a.yml -f {Project}/deploy/b.yml --env-file {Project}/prod.env --profile web --profile jobs stop",
            string.Join(' ', planned.Argv()));
    }

    [Theory]
    [InlineData("compose.yaml compose.yml docker-compose.yml docker-compose.yaml", "compose.yaml")]
    [InlineData("compose.yml docker-compose.yml docker-compose.yaml", "compose.yml")]
    [InlineData("docker-compose.yml docker-compose.yaml", "docker-compose.yml")]
    [InlineData("docker-compose.yaml", "docker-compose.yaml")]
    [InlineData("compose.yaml compose.override.yml compose.override.yaml docker-compose.override.yml", "compose.yaml compose.override.yml")]
    [InlineData("compose.yaml docker-compose.override.yaml", "compose.yaml docker-compose.override.yaml")]
    public void Files_are_found_as_Compose_finds_them(string present, string used)
    {
        var files = new InMemoryFiles();
        foreach (var name in present.Split(' '))
        {
            files.With($"{Project}/{name}", "{}");
        }

        var argv = PlannedPlaybook.Of("- compose: stop", files).Argv();

        Assert.Equal(used.Split(' ').Select(n => $"{Project}/{n}"), argv.Zip(argv.Skip(1)).Where(p => p.First == "-f").Select(p => p.Second));
    }

    [Theory]
    [InlineData("services: {}", null, "shop")]
    [InlineData("name: acme", null, "acme")]
    [InlineData("name: Acme Shop", null, "acmeshop")]
    [InlineData("name: acme", "COMPOSE_PROJECT_NAME=other", "other")]
    [InlineData("name: acme", "export COMPOSE_PROJECT_NAME = \"other\" # x", "other")]
    [InlineData("name: acme", "COMPOSE_PROJECT_NAME=\nTAG=1", "acme")]
    [InlineData("x-a: &a { b: 1 }\nname: acme\nservices: { app: { <<: *a } }", "TAG=1", "acme")]
    public void The_name_is_the_one_that_Compose_would_use(string compose, string? env, string name)
    {
        var files = new InMemoryFiles().With($"{Project}/compose.yaml", compose);
        if (env is not null)
        {
            files.With($"{Project}/.env", env);
        }

        var argv = PlannedPlaybook.Of("- compose: stop", files).Argv();

        Assert.Equal(name, argv[3]);
        Assert.Equal(env is not null, argv.Contains("--env-file"));
    }

    [Fact]
    public void The_last_file_with_a_name_names_the_project()
    {
        var files = new InMemoryFiles().With($"{Project}/a.yml", "name: one").With($"{Project}/b.yml", "name: two").With($"{Project}/c.yml", "{}");

        Assert.Equal("two", PlannedPlaybook.Of("- compose: { command: stop, files: [a.yml, b.yml, c.yml] }", files).Argv()[3]);
    }

    [Theory]
    [InlineData("My Shop", "myshop")]
    [InlineData("__-shop_1-", "shop_1-")]
    [InlineData("ÜBER.shop", "bershop")]
    [InlineData("...", "")]
    public void A_folder_gives_the_name_that_Compose_makes_of_it(string folder, string name) => Assert.Equal(name, ComposeProject.Normalise(folder));

    [Theory]
    [InlineData("compose: stop", "", "RB3120")]
    [InlineData("compose: { command: stop, files: other.yml }", "compose.yaml", "RB3120")]
    [InlineData("compose: { command: stop, env_file: other.env }", "compose.yaml", "RB3120")]
    [InlineData("compose: { command: stop, project: Shop }", "compose.yaml", "RB3121")]
    [InlineData("compose: { command: stop, project: -x }", "compose.yaml", "RB3121")]
    [InlineData("compose: { command: stop, services: --remove-orphans }", "compose.yaml", "RB3123")]
    [InlineData("compose: { command: stop, services: [app, \"\"] }", "compose.yaml", "RB3123")]
    [InlineData("compose: { command: stop, services: \"app\\n\" }", "compose.yaml", "RB3123")]
    [InlineData("compose: { command: stop, force_recreate: true }", "compose.yaml", "RB2013")]
    [InlineData("compose: { command: up, wait_timeout: 10s }", "compose.yaml", "RB2013")]
    [InlineData("compose: { command: stop, images: { app: a } }", "compose.yaml", "RB2013")]
    [InlineData("compose: { command: up, services: app, images: { worker: a } }", "compose.yaml", "RB3123")]
    [InlineData("compose: { command: up, images: { '--x': a } }", "compose.yaml", "RB3123")]
    [InlineData("compose: { command: up, images: { app: '$TAG' } }", "compose.yaml", "RB3124")]
    [InlineData("compose: { command: up, images: { app: \"a\\\"\\n\" } }", "compose.yaml", "RB3124")]
    [InlineData("compose: down", "compose.yaml", "RB1004")]
    [InlineData("compose: { command: up, remove_orphans: true }", "compose.yaml", "RB1001")]
    public void What_cannot_be_told_for_certain_is_refused(string step, string files, string code)
    {
        var present = files.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(new InMemoryFiles(), (f, n) => f.With($"{Project}/{n}", "{}"));

        Assert.Equal([code], PlannedPlaybook.Of($"- {step}", present).Errors);
    }

    [Theory]
    [InlineData("name: ${NAME}", "TAG=1", "RB3121")]
    [InlineData("name: [", "TAG=1", "RB3121")]
    [InlineData("{}", "COMPOSE_PROJECT_NAME=Shop", "RB3121")]
    [InlineData("{}", "COMPOSE_FILE=a.yml:b.yml", "RB3122")]
    public void A_project_that_says_it_elsewhere_is_refused(string compose, string env, string code)
    {
        var files = new InMemoryFiles().With($"{Project}/compose.yaml", compose).With($"{Project}/.env", env);

        Assert.Equal([code], PlannedPlaybook.Of("- compose: stop", files).Errors);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_not_passed_over()
    {
        var planned = PlannedPlaybook.Of("- compose: stop", new InMemoryFiles().With($"{Project}/compose.yml", "{}").WithProblem($"{Project}/compose.yaml", "permission denied"));

        Assert.Equal(["RB3120"], planned.Errors);
        Assert.Contains("permission denied", planned.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_not_put_into_the_words() =>
        Assert.Equal(["RB3004"], PlannedPlaybook.Of("- compose: { command: stop, services: \"{{ s }}\" }", Files, ("s!", "hunter2")).Errors);

    [Theory]
    [MemberData(nameof(HostileValues.All), MemberType = typeof(HostileValues))]
    public void A_hostile_service_is_refused_and_a_hostile_environment_passed_on(string value)
    {
        Assert.NotEmpty(PlannedPlaybook.Of("- compose: { command: stop, services: [app, \"{{ v }}\"] }", Files, ("v", value + " ")).Errors);

        var start = (ProgramStart)PlannedPlaybook.Of("- compose: stop\n  env: { TAG: \"{{ v }}\" }", Files, ("v", value)).Effects()[0];
        Assert.Equal(value, start.Environment.Single(e => e.Name == "TAG").Value.Reveal());
    }

    [Fact]
    public void Orphans_are_kept_whatever_the_environment_says()
    {
        var start = (ProgramStart)PlannedPlaybook.Of("- compose: up\n  env: { COMPOSE_REMOVE_ORPHANS: \"true\" }", Files).Effects()[1];

        Assert.Equal("false", start.Environment.Single(e => e.Name == "COMPOSE_REMOVE_ORPHANS").Value.Reveal());
    }

    [Fact]
    public void An_engine_and_the_program_must_be_there()
    {
        var requirements = PlannedPlaybook.Of("- compose: up", Files).Action().Requirements;

        Assert.Contains(new DockerEngineRequirement(), requirements);
        Assert.Equal("docker", Assert.Single(requirements.OfType<ProgramRequirement>()).Program);
    }

    [Fact]
    public async Task The_project_is_read_before_containers_are_made_of_it()
    {
        var planned = PlannedPlaybook.Of("- compose: up", Files);
        var processes = new ScriptedProcesses();

        var outcome = await planned.RunAsync(UnusedPorts.All with { Processes = processes, Docker = new DockerAnswers() }, change: Recorded);

        Assert.True(outcome.Succeeded);
        Assert.Equal(planned.Effects().Select(e => string.Join('|', ((ProgramStart)e).Argv.Select(w => w.Reveal()))), processes.Started.Select(s => string.Join('|', s.Argv)));
        Assert.Equal(["config", "--quiet"], processes.Started[0].Argv[^2..]);
    }

    [Fact]
    public async Task A_variable_that_would_be_blank_stops_the_step_before_anything_is_changed()
    {
        var processes = new ScriptedProcesses(_ => new ScriptedEnd(0, Blank + Blank));

        var outcome = await PlannedPlaybook.Of("- compose: up", Files).RunAsync(UnusedPorts.All with { Processes = processes });

        Assert.Equal("the variable TAG of the Compose files is not set and would be blank: set it in the env file or in 'env:', or write 'allow_blank: true'", outcome.Failure);
        Assert.True(outcome.Untouched);
        Assert.Single(processes.Started);
    }

    [Fact]
    public async Task The_warning_of_the_old_Compose_counts_too()
    {
        var processes = new ScriptedProcesses(_ => new ScriptedEnd(0, "The A variable is not set. Defaulting to a blank string.\nThe B_2 variable is not set. Defaulting to a blank string.\n"));

        var outcome = await PlannedPlaybook.Of("- compose: pull", Files).RunAsync(UnusedPorts.All with { Processes = processes });

        Assert.StartsWith("the variables A, B_2 of the Compose files are not set", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_Compose_cannot_read_changes_nothing()
    {
        var processes = new ScriptedProcesses(_ => new ScriptedEnd(15, "yaml: line 1: did not find expected node content\n"));

        var outcome = await PlannedPlaybook.Of("- compose: up", Files).RunAsync(UnusedPorts.All with { Processes = processes });

        Assert.Equal("Compose cannot read the project: yaml: line 1: did not find expected node content", outcome.Failure);
        Assert.True(outcome.Untouched);
    }

    [Fact]
    public async Task A_command_that_fails_after_the_reading_is_a_failure_that_may_have_changed_something()
    {
        var processes = new ScriptedProcesses(s => new ScriptedEnd(s.Argv.Contains("up") ? 1 : 0));

        var outcome = await PlannedPlaybook.Of("- compose: up", Files).RunAsync(UnusedPorts.All with { Processes = processes, Docker = new DockerAnswers() }, change: Recorded);

        Assert.Equal("docker ended with exit code 1", outcome.Failure);
        Assert.False(outcome.Untouched);
    }

    private static StepContext Recorded(StepContext context) => context with { KeepState = _ => { }, LeaveState = _ => { } };
}
