using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Journal;

public sealed class JournalTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The events that the file of format 1 has.</summary>
    private static ImmutableArray<JournalEvent> FirstOnes =>
    [
        new RunStarted
        {
            RunId = "run-1",
            Playbook = "demo",
            PlaybookVersion = "1.0.0",
            PlaybookPath = "playbooks/demo.yml",
            PlaybookSha256 = "ab",
            PlanDigest = "cd",
            Project = "/project",
            Engine = "0.1.0",
            Operator = new Operator("ada", "host-1", 42, "boot:7", ""),
            Reason = "release answers 500 — “now”",
            Steps = [new StepHead("stop", "Stop it", "run", "change", 7), new StepHead("start", "", "run", "change", 9)],
        },
        new OperatorIdentified("Ada <ada@example.org>"),
        new LockTaken("compose#app"),
        new CheckAnswered { Phase = "guard", Name = "image", Statement = "image x is here", Verdict = "holds", Observed = "sha256:1", Asked = 1, ElapsedMs = 3 },
        new PreflightDone([]),
        new StepIntended("stop", 1, JsonDocument.Parse("""[{"effect":"program","argv":["a\nb","«x»"]}]""").RootElement),
        new FileKept("stop", "/project/a.yml", "files/0001-a.yml", "ef"),
        new StepEnded { Step = "stop", Attempt = 1, Failure = "exit code 1", Changed = true, ExitCode = 1, ElapsedMs = 5, Survivors = ["12 sleep 9"], Notes = ["n"] },
        new RetryScheduled("stop", 2, 100),
        new StepSkipped("start", "x is false"),
        new StopRequested("SIGINT"),
        new RunEnded { Conclusion = Conclusion.Cancelled, ExitCode = 130, Why = "stopped", ElapsedMs = 9 },
        new RunSealed(13),
    ];

    private static ImmutableArray<JournalEvent> OneOfEach =>
    [
        .. FirstOnes[..^1],
        new LockTaken("compose#app") { Left = "run 7 by ada" },
        new LockClaimed("compose#app", "run 7 by ada"),
        new LockTaken("compose#app") { StolenFrom = "run 7 by ada" },
        new StateKept("stop", JsonDocument.Parse("""{"containers":[]}""").RootElement),
        new StateLeft("stop", JsonDocument.Parse("""{"containers":[]}""").RootElement) { Undo = true },
        new PlanTaken("0123456789abcdef0123456789abcdef", "sha256:00ff"),
        new UndoBegun("step 'stop': exit code 1"),
        new StepIntended("stop", 1, JsonDocument.Parse("[]").RootElement) { Undo = true },
        new StepLeft("start", "it has no undo"),
        new RunResumed(new Operator("bob", "host-2", 43, "boot:8", ""), "power cut", "0.1.0", 12) { Basis = new RunBasis("playbook-2.yml", "ab", "plan-2.json", "cd") },
        new StepSettled("stop", "done", "its validation holds"),
        new ApprovalGiven("gate", "alice", "ticket 42", "ab", new DateTimeOffset(2026, 1, 2, 4, 4, 5, TimeSpan.Zero), "terminal") { Shown = "gates/0007-gate.txt", ShownSha256 = "cd" },
        new ApprovalDenied("gate", "bob", "not today", "ab") { Shown = "gates/0007-gate.txt", ShownSha256 = "cd" },
        new StepChosen("start", "skip", "it is up already"),
        new BackupMade { Step = "stop", Path = "/x/backups/0001-stop.tar", Copy = "backups/0001-stop.tar", Length = 12, Sha256 = "ef", Verified = "3 entries read back" },
        new StepIntended("start", 1, JsonDocument.Parse("[]").RootElement) { Backups = ["stop"], Acknowledged = "because" },
        new RunSealed(29),
    ];

    [Fact]
    public void Every_event_is_read_back_as_it_was_written()
    {
        var journal = JournalReader.Read(Write(OneOfEach));

        Assert.Null(journal.Break);
        Assert.True(journal.IsSealed);
        Assert.Equal(OneOfEach.Length, journal.Lines.Length);
        Assert.Equal(Write(OneOfEach), Write([.. journal.Lines.Select(l => l.Event)]));
    }

    [Fact]
    public void Every_type_of_event_is_among_those_that_are_written_and_read_here() =>
        Assert.Equal(
            typeof(JournalEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(JournalEvent))).Select(t => t.Name).Order(StringComparer.Ordinal),
            OneOfEach.Select(e => e.GetType().Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>This file was written by version 1 of the format. It must be readable for ever: never rewrite it, add another beside it.</summary>
    [Fact]
    public void A_journal_of_format_1_is_still_readable()
    {
        var path = Repository.PathOf("tests", "cases", "journal", "format-1.jsonl");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("RUNBOOKS_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Repository.Root);
            File.WriteAllBytes(path, Write(FirstOnes));
        }

        var journal = JournalReader.Read(File.ReadAllBytes(path));

        Assert.Null(journal.Break);
        Assert.Equal(FirstOnes.Length, journal.Lines.Length);
        Assert.Equal(Conclusion.Cancelled, RunState.Of(journal).Ended?.Conclusion);
    }

    [Fact]
    public void What_is_written_today_is_what_format_1_was() =>
        Assert.Equal(File.ReadAllText(Repository.PathOf("tests", "cases", "journal", "format-1.jsonl")), System.Text.Encoding.UTF8.GetString(Write(FirstOnes)));

    [Fact]
    public void A_journal_cut_at_any_byte_loses_only_the_line_that_was_cut()
    {
        var bytes = Write(OneOfEach);
        var ends = EndsOf(bytes);

        for (var length = 0; length <= bytes.Length; length++)
        {
            var journal = JournalReader.Read(bytes.AsSpan(0, length));
            var whole = ends.Count(end => end <= length);
            Assert.Equal(whole, journal.Lines.Length);
            Assert.Equal(whole > 0 && ends[whole - 1] == length || length == 0, journal.Break is null);
            Assert.Equal(journal.Break is not null, journal.IsTorn);
            RunState.Of(journal);
        }
    }

    [Fact]
    public void Every_flipped_byte_is_found_in_the_line_where_it_is()
    {
        var bytes = Write(OneOfEach);
        var ends = EndsOf(bytes);

        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var mask in (byte[])[0x01, 0x20, 0x80])
            {
                var flipped = bytes.ToArray();
                flipped[at] ^= mask;
                var journal = JournalReader.Read(flipped);
                Assert.NotNull(journal.Break);
                Assert.Equal(ends.Count(end => end <= at) + 1, journal.Break.LineNumber);
            }
        }
    }

    [Fact]
    public void A_line_that_was_taken_out_or_moved_or_repeated_is_found()
    {
        var lines = LinesOf(Write(OneOfEach));

        for (var i = 0; i < lines.Count - 1; i++)
        {
            var without = lines.ToList();
            without.RemoveAt(i);
            Assert.Equal(i + 1, Read(without).Break?.LineNumber);

            var swapped = lines.ToList();
            (swapped[i], swapped[i + 1]) = (swapped[i + 1], swapped[i]);
            Assert.Equal(i + 1, Read(swapped).Break?.LineNumber);

            var repeated = lines.ToList();
            repeated.Insert(i, lines[i]);
            Assert.Equal(i + 2, Read(repeated).Break?.LineNumber);
        }
    }

    [Fact]
    public void Nothing_may_follow_the_seal()
    {
        var bytes = Write([.. OneOfEach, new LockTaken("later")]);

        Assert.Contains("after the seal", JournalReader.Read(bytes).Break?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_with_an_intent_and_no_outcome_is_in_doubt()
    {
        var state = RunState.Of(JournalReader.Read(Write([.. OneOfEach.Take(7)])));

        Assert.Equal([StepStanding.InDoubt, StepStanding.NotReached], state.Steps.Select(s => s.Standing));
        Assert.True(state.Steps[0].MayHaveChanged);
        Assert.Null(state.Ended);
    }

    [Fact]
    public void An_event_of_a_newer_version_stops_the_reading_with_a_reason()
    {
        var text = System.Text.Encoding.UTF8.GetString(Write([new LockTaken("x")])).Replace("lock.taken", "lock.stolen", StringComparison.Ordinal);
        var body = text[..text.IndexOf(",\"hash\"", StringComparison.Ordinal)];
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(body)));

        var journal = JournalReader.Read(System.Text.Encoding.UTF8.GetBytes($"{body},\"hash\":\"{hash}\"}}\n"));

        Assert.NotNull(journal.Break);
        Assert.Empty(journal.Lines);
    }

    private static byte[] Write(IEnumerable<JournalEvent> events)
    {
        using var stream = new MemoryStream();
        var previous = JournalCodec.Genesis;
        long sequence = 0;
        foreach (var entry in events)
        {
            var (bytes, hash) = JournalCodec.Encode(++sequence, Noon.AddSeconds(sequence), entry, previous);
            stream.Write(bytes);
            previous = hash;
        }

        return stream.ToArray();
    }

    private static List<int> EndsOf(byte[] bytes) => [.. Enumerable.Range(0, bytes.Length).Where(i => bytes[i] == '\n').Select(i => i + 1)];

    private static List<byte[]> LinesOf(byte[] bytes)
    {
        var ends = EndsOf(bytes);
        return [.. ends.Select((end, i) => bytes[(i == 0 ? 0 : ends[i - 1])..end])];
    }

    private static JournalContent Read(IEnumerable<byte[]> lines) => JournalReader.Read(lines.SelectMany(l => l).ToArray());
}
