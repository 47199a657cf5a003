using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Probes;
using Runbooks.Builtin.WaysBack;
using Runbooks.Engine.Journal;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>Which runs on record are rollbacks that were tried and did not lead back.</summary>
public sealed class TriedRunsTests
{
    internal static readonly JournalEvent[] Put = [new StepIntended("start", 1, JsonSerializer.SerializeToElement(0)), Ended(changed: true)];

    /// <summary>What happened in a run, and as what it counts; null when it does not.</summary>
    private static readonly ImmutableArray<(string Name, JournalEvent[] Events, TriedEnd? End)> Runs =
    [
        ("it was taken back", [.. Put, End(Conclusion.Undone)], TriedEnd.Undone),
        ("it was left", [.. Put, End(Conclusion.Failed)], TriedEnd.Failed),
        ("it could not be taken back", [.. Put, End(Conclusion.UndoFailed)], TriedEnd.UndoFailed),
        ("it was stopped and left", [.. Put, new StopRequested("SIGINT"), End(Conclusion.Cancelled)], TriedEnd.Stopped),
        ("it has no end", [.. Put], TriedEnd.Unfinished),
        ("it was killed in the middle of the step", [Put[0]], TriedEnd.Unfinished),
        ("its journal could not be written", [.. Put, End(Conclusion.TrailUnwritable)], TriedEnd.Unfinished),
        ("it was stopped and taken back", [.. Put, new StopRequested("SIGINT"), End(Conclusion.Undone)], null),
        ("a guard refused it", [End(Conclusion.Refused)], null),
        ("it failed before it changed anything", [Put[0], Ended(changed: false), End(Conclusion.Failed)], null),
        ("it failed after it had made a dump", [new StepIntended("save", 1, JsonSerializer.SerializeToElement(0)), Ended(changed: true, "save"), End(Conclusion.Failed)], null),
        ("the image did not come from its registry", [new StepIntended("fetch", 1, JsonSerializer.SerializeToElement(0)), Ended(changed: true, "fetch"), End(Conclusion.Failed)], null),
        ("nobody knows whether it was well", [.. Put, End(Conclusion.Inconclusive)], null),
        ("it was well", [.. Put, End(Conclusion.Succeeded)], null),
    ];

    public static TheoryData<string> Names => [.. Runs.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_became_of_a_run_says_whether_it_counts(string name)
    {
        var (_, events, end) = Runs.First(r => r.Name == name);

        var tries = Tries(await LookAsync(Store(("1", "app-rollback", events))));

        Assert.Equal(end is { } known ? [known] : [], tries.Select(t => t.End));
    }

    [Fact]
    public async Task What_it_went_back_to_is_read_from_its_plan_without_what_is_secret_or_says_nothing()
    {
        var plan = """{"vars":[{"name":"services","value":["app","worker"],"secret":false},{"name":"version","value":"v1","secret":false},{"name":"head","value":"a1","secret":true},{"name":"image","value":"","secret":false},{"name":"settle","value":"1s","secret":false}]}""";
        var events = (JournalEvent[])[.. Put, new CheckAnswered { Phase = "step", Step = "start", Name = "well", Statement = "", Verdict = "does-not-hold", Observed = "500", Asked = 1, ElapsedMs = 1 }, End(Conclusion.Undone)];

        var tried = Assert.Single(Tries(await LookAsync(Store(("1", "db-and-app-rollback", events)).With("runs/1/plan.json", Encoding.UTF8.GetBytes(plan)))));

        Assert.Equal("services=app,worker version=v1", string.Join(' ', tried.Target.Select(t => $"{t.Key}={t.Value}")));
        Assert.Equal(("1", "db-and-app-rollback", "it did not answer", true), (tried.Run, tried.Playbook, tried.Why, tried.SawItIll));
    }

    [Theory]
    [InlineData("INFO running\nTraceback (most recent call last):\npsycopg2.errors.LockNotAvailable: canceling statement due to lock timeout\n\nThe above exception was\nsqlalchemy.exc.OperationalError: it failed\n[SQL: ALTER]\n", "; it said: psycopg2.errors.LockNotAvailable: canceling statement due to lock timeout")]
    [InlineData("pulling\nError response from daemon: no such image\nbye\n", "; it said: Error response from daemon: no such image")]
    [InlineData("0 errors so far\nit does not want to\n", "; it said: it does not want to")]
    [InlineData(" \n\n", "")]
    [InlineData(null, "")]
    public async Task Why_a_step_failed_is_told_in_the_words_of_its_program(string? output, string said)
    {
        var ended = new StepEnded { Step = "start", Attempt = 1, Failure = "docker ended with exit code 1", Changed = true, ElapsedMs = 1, Output = output is null ? "" : "output/0003-start.log", OutputLength = output?.Length ?? 0 };
        var store = Store(("1", "app-rollback", [Put[0], ended, End(Conclusion.Failed)]));

        var tried = Assert.Single(Tries(await LookAsync(output is null ? store : store.With("runs/1/output/0003-start.log", Encoding.UTF8.GetBytes(output)))));

        Assert.Equal($"it did not answer{said}", tried.Why);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("no plan")]
    [InlineData("""{"vars":[1,{"name":1},{"name":"version","value":{},"secret":false},{"name":"version","value":"v1"}]}""")]
    public async Task A_plan_that_does_not_say_it_leaves_it_open(string plan) =>
        Assert.Empty(Assert.Single(Tries(await LookAsync(Store(("1", "app-rollback", [.. Put, End(Conclusion.Undone)])).With("runs/1/plan.json", Encoding.UTF8.GetBytes(plan))))).Target);

    [Fact]
    public async Task A_later_success_of_any_way_back_ends_it_and_one_that_was_taken_back_does_not()
    {
        JournalEvent[] failed = [.. Put, End(Conclusion.Undone)], well = [.. Put, End(Conclusion.Succeeded)];

        Assert.Empty(Tries(await LookAsync(Store(("1", "app-rollback", failed), ("2", "compose-rollback", well)))));
        Assert.Equal(["1"], Tries(await LookAsync(Store(("1", "app-rollback", failed), ("2", "save", well)))).Select(t => t.Run));
        Assert.Equal(["3"], Tries(await LookAsync(Store(("1", "app-rollback", failed), ("2", "app-rollback", well), ("3", "app-rollback", failed)))).Select(t => t.Run));
        Assert.Equal([("2", TriedEnd.TakenBack), ("1", TriedEnd.Undone)], Tries(await LookAsync(Store(("1", "app-rollback", failed), ("2", "app-rollback", well), ("3<2", "app-rollback", well)))).Select(t => (t.Run, t.End)));
    }

    [Fact]
    public async Task What_was_left_half_way_and_taken_back_by_a_person_is_as_if_it_had_not_been()
    {
        JournalEvent[] open = [.. Put], stopped = [.. Put, new StopRequested("SIGTERM"), End(Conclusion.Cancelled)], failed = [.. Put, End(Conclusion.Failed)], well = [.. Put, End(Conclusion.Succeeded)];

        Assert.Empty(Tries(await LookAsync(Store(("1", "app-rollback", open), ("2<1", "app-rollback", well)))));
        Assert.Empty(Tries(await LookAsync(Store(("1", "app-rollback", stopped), ("2<1", "app-rollback", well)))));
        Assert.Equal([TriedEnd.Undone], Tries(await LookAsync(Store(("1", "app-rollback", failed), ("2<1", "app-rollback", well)))).Select(t => t.End));
    }

    [Fact]
    public async Task A_record_that_is_not_believed_may_hold_one()
    {
        var store = Store(("1", "app-rollback", [.. Put, End(Conclusion.Undone)]));
        var altered = store.With("runs/1/journal.jsonl", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(store.Files["runs/1/journal.jsonl"]).Replace("it did not answer", "it did answer", StringComparison.Ordinal)));

        var answer = await LookAsync(altered);

        Assert.Null(Assert.IsType<PastRunsReading>(Assert.Single(answer.Readings)).Tries);
        Assert.Contains("run 1: its journal was altered", Assert.Single(answer.Problems), StringComparison.Ordinal);
        Assert.Empty(Tries(await LookAsync(new RecordedStore(new Dictionary<string, byte[]>()))));
    }

    [Fact]
    public void What_says_where_a_playbook_goes_back_to_are_variables_of_it()
    {
        Assert.Equal(13, ShippedPlaybook.All.Length);
        Assert.All(ShippedPlaybook.All, shipped =>
        {
            var read = PlaybookReader.Read(SourceText.FromBytes(shipped.Name, File.ReadAllBytes(Repository.PathOf("playbooks", $"{shipped.Name}.yml"))), BuiltinKinds.Catalogue);
            Assert.NotEmpty(shipped.Aims);
            Assert.Empty(shipped.Aims.Except(read.Value?.Vars.Select(v => v.Name) ?? []));
        });
    }

    private static ImmutableArray<PastTry> Tries(ProbeAnswer answer)
    {
        Assert.Empty(answer.Problems);
        return Assert.IsType<PastRunsReading>(Assert.Single(answer.Readings)).Tries ?? throw new InvalidOperationException("they are not known");
    }

    private static Task<ProbeAnswer> LookAsync(RecordedStore store) => new RunsProbe().LookAsync((new AssessedWorld() with { Runs = store }).Sight(), TestContext.Current.CancellationToken);

    /// <param name="runs">In the order of time; an id with <c>&lt;RUN</c> takes that run back.</param>
    internal static RecordedStore Store(params (string Run, string Playbook, JournalEvent[] Events)[] runs) =>
        new(runs.ToDictionary(r => $"runs/{r.Run.Split('<')[0]}/journal.jsonl", r => Journal(r.Run.Split('<'), r.Playbook, r.Events)));

    private static byte[] Journal(string[] run, string playbook, JournalEvent[] events)
    {
        var started = new RunStarted
        {
            RunId = run[0],
            Playbook = playbook,
            PlaybookVersion = "",
            PlaybookPath = $"{playbook}.yml",
            PlaybookSha256 = "00",
            PlanDigest = "00",
            Project = AssessedWorld.Folder,
            Engine = "1",
            Operator = new Operator("o", "h", 1, "", ""),
            Steps = [new StepHead("save", "", "backup", "change"), new StepHead("fetch", "", "shell", "change"), new StepHead("start", "", "compose", "change")],
            Undoes = run.Length > 1 ? run[1] : null,
        };
        var (bytes, hash) = (new List<byte>(), JournalCodec.Genesis);
        JournalEvent[] all = [started, .. events, .. events.OfType<RunEnded>().Select(_ => new RunSealed(events.Length + 2))];
        for (var i = 0; i < all.Length; i++)
        {
            var (line, next) = JournalCodec.Encode(i + 1, AssessedWorld.Now, all[i], hash);
            bytes.AddRange(line);
            hash = next;
        }

        return [.. bytes];
    }

    private static StepEnded Ended(bool changed, string step = "start") => new() { Step = step, Attempt = 1, Failure = changed ? null : "no", Changed = changed, ElapsedMs = 1 };

    internal static RunEnded End(Conclusion conclusion) => new() { Conclusion = conclusion, ExitCode = 1, Why = "it did not answer", ElapsedMs = 1 };
}
