using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Compose;

/// <summary>The way back from a compose step, against an engine of which the test says what it has.</summary>
public sealed class ComposeReturnTests
{
    private const string Project = PlannedPlaybook.Project;
    private const string Old = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string New = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    private readonly DockerAnswers _docker = new DockerAnswers().Image("myapp:v1", Old).Image("myapp:v2", New);
    private readonly List<JsonElement> _kept = [];
    private readonly List<JsonElement> _left = [];

    private static InMemoryFiles Files => new InMemoryFiles().With($"{Project}/compose.yaml", "services:\n  app:\n    image: myapp:v1\n");

    [Fact]
    public async Task Which_containers_are_there_is_on_record_before_anything_is_changed()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        var keptBefore = -1;

        await StepAsync("stop", new ScriptedProcesses(_ =>
        {
            keptBefore = _kept.Count;
            return new ScriptedEnd(0);
        }));

        Assert.Equal(1, keptBefore);
        var container = Assert.Single(_kept).GetProperty("containers")[0];
        Assert.Equal(("app", "a1", Old, "myapp:v1", "running"), (Text(container, "service"), Text(container, "id"), Text(container, "image_id"), Text(container, "image"), Text(container, "status")));
        Assert.Single(_left);
    }

    [Fact]
    public async Task When_the_engine_does_not_say_what_is_there_nothing_is_done()
    {
        _docker.Problem = "the daemon is not running";

        var outcome = await StepAsync("stop", new ScriptedProcesses(_ => throw new InvalidOperationException("nothing may be started")));

        Assert.Equal("which containers are there could not be recorded, so nothing was done: the daemon is not running", outcome.Failure);
        Assert.True(outcome.Untouched);
        Assert.Empty(_kept);
    }

    [Theory]
    [InlineData("compose: pull")]
    [InlineData("compose: stop\n  env: { DOCKER_HOST: tcp://other:2375 }")]
    [InlineData("compose: stop\n  env: { DOCKER_CONTEXT: other }")]
    public void What_cannot_be_looked_at_has_no_undo_and_the_plan_says_so(string step) =>
        Assert.Null(PlannedPlaybook.Of($"- {step}", Files).Action().Inverse);

    [Fact]
    public async Task The_very_same_container_is_started_again()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("stop", new ScriptedProcesses(_ => Now(App("a1", Old, "myapp:v1") with { Status = "exited" })));
        var processes = new ScriptedProcesses(_ => Now(App("a1", Old, "myapp:v1")));

        var outcome = await BackAsync("stop", processes);

        Assert.Null(outcome.Failure);
        Assert.Equal("service app has 1 container running from myapp:v1 (111111111111), as before", outcome.Observed);
        Assert.Equal(["docker start a1"], Commands(processes));
    }

    [Fact]
    public async Task What_is_back_already_is_left_alone()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("stop", new ScriptedProcesses(_ => Now(App("a1", Old, "myapp:v1") with { Status = "exited" })));
        Now(App("a1", Old, "myapp:v1"));

        var outcome = await BackAsync("stop", new ScriptedProcesses(_ => throw new InvalidOperationException("nothing may be started")));

        Assert.Equal((null, false), (outcome.Failure, outcome.Changed));
    }

    [Fact]
    public async Task A_container_that_does_not_come_up_again_is_a_failure_in_words_whatever_the_exit_code()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("stop", new ScriptedProcesses(_ => Now(App("a1", Old, "myapp:v1") with { Status = "exited" })));

        var outcome = await BackAsync("stop", new ScriptedProcesses());

        Assert.StartsWith("service app had 1 container running from myapp:v1 (111111111111) before the step, and has 1 container stopped from myapp:v1 (111111111111) now", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_was_replaced_is_made_again_from_its_image_and_nothing_is_pulled()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("up", new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("b2", New, "myapp:v2")) : new ScriptedEnd(0)));
        var processes = new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("c3", Old, "myapp:v1")) : new ScriptedEnd(0, s.StandardInput.IsEmpty ? "app 22\n" : "app 11\n"));

        var outcome = await BackAsync("up", processes);

        Assert.Null(outcome.Failure);
        var up = processes.Started[^1];
        Assert.Equal("up -d --no-deps --no-build --pull never --force-recreate --scale app=1 app", string.Join(' ', up.Argv.SkipWhile(w => w != "up")));
        Assert.Equal("services:\n  \"app\":\n    image: \"myapp:v1\"\n", System.Text.Encoding.UTF8.GetString(up.StandardInput.Span));
        Assert.Equal("false", up.Environment["COMPOSE_REMOVE_ORPHANS"]);
    }

    [Fact]
    public async Task Where_the_files_name_the_image_already_nothing_is_laid_over_them()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("up", new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("b2", New, "myapp:v2")) : new ScriptedEnd(0)));
        var processes = new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("c3", Old, "myapp:v1")) : new ScriptedEnd(0, "app 11\n"));

        await BackAsync("up", processes);

        Assert.True(processes.Started[^1].StandardInput.IsEmpty);
        Assert.DoesNotContain("-", processes.Started[^1].Argv);
    }

    [Fact]
    public async Task A_step_that_may_pull_is_taken_back_by_the_id_of_the_image()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("up", new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("b2", New, "myapp:v1")) : new ScriptedEnd(0)), ", pull: always");
        _docker.Image("myapp:v1", New).Image("before", Old);
        var processes = new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("c3", Old, Old)) : new ScriptedEnd(0));

        var outcome = await BackAsync("up", processes, ", pull: always");

        Assert.Null(outcome.Failure);
        Assert.Contains(Old, System.Text.Encoding.UTF8.GetString(processes.Started[1].StandardInput.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_gone_stops_the_undo_before_anything_is_changed()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("up", new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("b2", New, "myapp:v2")) : new ScriptedEnd(0)));
        var other = new DockerAnswers().Image("myapp:v2", New).Container(App("b2", New, "myapp:v2"));

        var outcome = await BackAsync("up", new ScriptedProcesses(_ => throw new InvalidOperationException("nothing may be started")), docker: other);

        Assert.True(outcome.Untouched);
        Assert.EndsWith("that image is not on this machine any more", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_would_be_blank_stops_the_undo_before_anything_is_changed()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("up", new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("b2", New, "myapp:v2")) : new ScriptedEnd(0)));

        var outcome = await BackAsync("up", new ScriptedProcesses(_ => new ScriptedEnd(0, "The \"TAG\" variable is not set. Defaulting to a blank string.\n")));

        Assert.True(outcome.Untouched);
        Assert.Contains("TAG", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_had_no_container_loses_the_one_that_it_got()
    {
        await StepAsync("up", new ScriptedProcesses(s => s.Argv.Contains("up") ? Now(App("b2", New, "myapp:v2")) : new ScriptedEnd(0)));
        var processes = new ScriptedProcesses(_ =>
        {
            _docker.NoContainers();
            return new ScriptedEnd(0);
        });

        var outcome = await BackAsync("up", processes);

        Assert.Null(outcome.Failure);
        Assert.EndsWith(" rm --stop --force app", Assert.Single(Commands(processes)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_interruption_the_services_that_were_not_named_are_left_and_the_undo_says_that_they_are_not_as_they_were()
    {
        _docker.Container(App("a1", Old, "myapp:v1"));
        await StepAsync("up", new ScriptedProcesses());
        _left.Clear();
        _docker.Container(Container("db", "d1", New, "db:1"));

        var outcome = await BackAsync("up", new ScriptedProcesses(_ => throw new InvalidOperationException("nothing may be started")));

        Assert.StartsWith("service db had no container before the step, and has 1 container running from 222222222222 now; whether the step did that is not on record", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_is_none_of_this_kind_is_no_undo()
    {
        IStepKind kind = new Builtin.Steps.Compose.ComposeStepKind();

        Assert.Null(kind.PlanInverse(JsonDocument.Parse("[]").RootElement, null, Context(Files)).Action);
        Assert.Null(kind.PlanInverse(JsonDocument.Parse("""{"reach":null,"containers":[]}""").RootElement, null, Context(Files)).Action);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static IEnumerable<string> Commands(ScriptedProcesses processes) => processes.Started.Select(s => string.Join(' ', s.Argv));

    private static PlanContext Context(InMemoryFiles files) => new(Project, new NoFiles(files), new DiagnosticBag(new SourceText("x.yml", "")));

    private static ContainerState App(string id, string imageId, string image) => Container("app", id, imageId, image);

    private static ContainerState Container(string service, string id, string imageId, string image) =>
        Testing.Containers.OfService(service) with { Id = id, ImageId = imageId, ImageReference = image };

    private ScriptedEnd Now(params ContainerState[] containers)
    {
        _docker.NoContainers();
        foreach (var container in containers)
        {
            _docker.Container(container);
        }

        return new ScriptedEnd(0);
    }

    private Task<ActionOutcome> StepAsync(string command, ScriptedProcesses processes, string more = "") =>
        Planned(command, more).RunAsync(Ports(processes, _docker), change: Recorded);

    private Task<ActionOutcome> BackAsync(string command, ScriptedProcesses processes, string more = "", DockerAnswers? docker = null)
    {
        var planned = Planned(command, more);
        var kind = planned.Plan?.Steps[0].Kind ?? throw new InvalidOperationException("there is no plan");
        var (back, problem) = kind.PlanInverse(_kept[0], _left.Count > 0 ? _left[0] : null, Context(Files));
        Assert.True(back is not null, problem);
        return kind.RunAsync(back, PlannedPlaybook.Context(Ports(processes, docker ?? _docker), Recorded));
    }

    private static PlannedPlaybook Planned(string command, string more) => PlannedPlaybook.Of($"- compose: {{ command: {command}, services: app{more} }}", Files);

    private static EnginePorts Ports(ScriptedProcesses processes, DockerAnswers docker) => UnusedPorts.All with { Processes = processes, Docker = docker, Files = new InMemoryFiles() };

    private StepContext Recorded(StepContext context) => context with { KeepState = _kept.Add, LeaveState = _left.Add };

    private sealed class NoFiles(InMemoryFiles files) : IPlanFiles
    {
        public PlanFile Read(string absolutePath) => new(files.Read(absolutePath).Bytes, files.Read(absolutePath).Problem);

        public void WillWrite(string absolutePath, ImmutableArray<byte> bytes) => throw new InvalidOperationException("an undo that is planned writes nothing");
    }
}
