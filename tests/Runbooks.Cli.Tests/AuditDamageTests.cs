using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>The record of real runs, damaged at every byte: the audit finds it and says where. It runs inside the tests here, as thousands of starts would take hours.</summary>
public sealed class AuditDamageTests
{
    /// <summary>Two runs with everything that is recorded of one: outputs, a captured output, a saved file.</summary>
    private static async Task<RecordedStore> RecordedAsync()
    {
        using var project = new Project().Playbook("""
            steps:
              - { id: one, run: [echo, ü], capture: true }
              - { id: pin, edit: { file: conf.yml, set: { image: app:v1 } } }
            """);
        project.Write("conf.yml", "image: app:v2  # the bad one\n");
        (await project.ExecAsync()).Expect(0);
        project.Write("conf.yml", "image: app:v3  # a worse one\n");
        (await project.ExecAsync()).Expect(0);
        var store = RecordedStore.Of(project.At(project.Store));
        Assert.Equal(
            ["captured", "files", "journal.jsonl", "ledger.jsonl", "output", "plan.json", "playbook.yml"],
            store.Files.Keys.Select(n => n.Split('/') is ["runs", _, var name, ..] ? name : n).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(Verify(store).Problems);
        return store;
    }

    [Fact]
    public async Task Every_byte_that_is_flipped_in_any_file_is_found_in_its_file_and_in_its_line()
    {
        var store = await RecordedAsync();
        foreach (var (name, bytes) in store.Files)
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                foreach (var mask in (byte[])[0x01, 0x20, 0x80])
                {
                    var flipped = bytes.ToArray();
                    flipped[at] ^= mask;
                    var problems = Verify(store.With(name, flipped)).Problems;

                    var problem = problems.FirstOrDefault(p => p.File == name);
                    Assert.True(problem is not null, $"{name}: byte {at} with {mask:x2}: {string.Join("; ", problems)}");
                    Assert.NotEqual(Alteration.Unreadable, problem.Meaning);
                    if (name.EndsWith(".jsonl", StringComparison.Ordinal))
                    {
                        var line = bytes.AsSpan(0, at).Count((byte)'\n') + 1;
                        Assert.True(problem.LineNumber == line && problem.Offset == StartOf(bytes, at), $"{name}: byte {at} of line {line} with {mask:x2}: {problem}");
                        // The last line break gone is an end that is missing.
                        Assert.Equal(at < bytes.Length - 1 ? Alteration.Edited : name == RecordedStore.LedgerName ? Alteration.Unproven : Alteration.Truncated, problem.Meaning);
                    }
                    else if (!name.EndsWith("/plan.json", StringComparison.Ordinal))
                    {
                        // Only a digest of the whole is on record: no place is told rather than a wrong one.
                        Assert.Null(problem.Offset);
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Every_file_that_is_cut_at_any_byte_is_found_with_where_it_ends()
    {
        var store = await RecordedAsync();
        foreach (var (name, bytes) in store.Files)
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                var problems = Verify(store.With(name, bytes[..length])).Problems;

                var problem = problems.FirstOrDefault(p => p.File == name);
                Assert.True(problem is not null, $"{name}: cut after {length} bytes: {string.Join("; ", problems)}");
                if (name.EndsWith(".jsonl", StringComparison.Ordinal))
                {
                    // An interruption in the moment before the last seal leaves the same ledger: that is said, and is not whole either.
                    var isLastSeal = name == RecordedStore.LedgerName && length >= StartOf(bytes, bytes.Length - 1);
                    Assert.Contains(problems, p => p.File == name && p.Meaning == (isLastSeal ? Alteration.Unproven : Alteration.Truncated));
                    Assert.True(problem.LineNumber == bytes.AsSpan(0, length).Count((byte)'\n') + 1 && problem.Offset == StartOf(bytes, length), $"{name}: cut after {length} bytes: {problem}");
                }
                else if (name.Contains("/output/", StringComparison.Ordinal))
                {
                    Assert.Equal((Alteration.Truncated, length), (problem.Meaning, problem.Offset));
                }
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_taken_away_or_longer_than_it_was_is_found()
    {
        var store = await RecordedAsync();
        foreach (var (name, bytes) in store.Files)
        {
            var gone = Verify(store.With(name, null)).Problems;
            Assert.Contains(gone, p => p.File == name && p.Meaning == (name == RecordedStore.LedgerName ? Alteration.Truncated : Alteration.Deleted));

            var longer = Verify(store.With(name, [.. bytes, .. "more\n"u8])).Problems;
            Assert.Contains(longer, p => p.File == name && (p.Offset is null || p.Offset == bytes.Length));
        }
    }

    [Fact]
    public async Task A_run_that_is_taken_away_and_a_run_from_elsewhere_are_found()
    {
        var (store, other) = (await RecordedAsync(), await RecordedAsync());
        var (first, second, foreign) = (store.List()[0], store.List()[1], other.List()[0]);

        Assert.Equal(($"runs/{first}/journal.jsonl", Alteration.Deleted), Only(Verify(store.Without(first))));
        Assert.Equal(($"runs/{second}/journal.jsonl", Alteration.Deleted), Only(Verify(store.Without(second))));
        var added = other.Files.Where(f => f.Key.StartsWith($"runs/{foreign}/", StringComparison.Ordinal)).Aggregate(store, (s, f) => s.With(f.Key, f.Value));
        Assert.Equal((RecordedStore.LedgerName, Alteration.Truncated), Only(Verify(added)));

        // Another run in its place, whole in itself.
        var replaced = other.Files.Where(f => f.Key.StartsWith($"runs/{foreign}/", StringComparison.Ordinal)).Aggregate(store.Without(first), (s, f) => s.With(f.Key.Replace(foreign, first, StringComparison.Ordinal), f.Value));
        Assert.Equal(($"runs/{first}/journal.jsonl", Alteration.Replayed), Only(Verify(replaced)));
    }

    [Fact]
    public async Task Lines_that_are_left_out_or_swapped_are_found_where_they_should_be()
    {
        var store = await RecordedAsync();
        foreach (var name in store.Files.Keys.Where(n => n.EndsWith(".jsonl", StringComparison.Ordinal)))
        {
            var lines = LinesOf(store.Files[name]);
            for (var i = 0; i < lines.Count - 1; i++)
            {
                var without = lines.Where((_, at) => at != i).SelectMany(l => l).ToArray();
                Assert.Equal((name, i + 1, Alteration.Deleted), First(Verify(store.With(name, without)), name));

                var swapped = lines.ToList();
                (swapped[i], swapped[i + 1]) = (swapped[i + 1], swapped[i]);
                Assert.Equal((name, i + 1, Alteration.Reordered), First(Verify(store.With(name, [.. swapped.SelectMany(l => l)])), name));
            }
        }
    }

    [Fact]
    public async Task An_earlier_state_of_the_whole_store_is_found_by_an_anchor_and_by_nothing_else()
    {
        var now = await RecordedAsync();
        var second = now.List()[1];
        var lines = LinesOf(now.Files[RecordedStore.LedgerName]);
        var before = now.Without(second).With(RecordedStore.LedgerName, [.. lines.Take(2).SelectMany(l => l)]);

        Assert.Empty(Verify(before).Problems);
        Assert.Empty(new Auditor(now, _ => false).Verify(null, Verify(before).Ledger.Head).Problems);
        var problem = Assert.Single(new Auditor(before, _ => false).Verify(null, Verify(now).Ledger.Head).Problems);
        Assert.Equal((RecordedStore.LedgerName, 3, Alteration.Replayed), (problem.File, problem.LineNumber, problem.Meaning));
        Assert.Equal(before.Files[RecordedStore.LedgerName].Length, problem.Offset);
    }

    private static AuditReport Verify(RecordedStore store) => new Auditor(store, _ => false).Verify(null, null);

    private static (string File, Alteration Meaning) Only(AuditReport report)
    {
        var problem = Assert.Single(report.Problems);
        return (problem.File, problem.Meaning);
    }

    private static (string File, long? Line, Alteration Meaning) First(AuditReport report, string name)
    {
        var problem = report.Problems.First(p => p.File == name);
        return (problem.File, problem.LineNumber, problem.Meaning);
    }

    private static int StartOf(byte[] bytes, int at) => bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;

    private static List<byte[]> LinesOf(byte[] bytes)
    {
        var ends = Enumerable.Range(0, bytes.Length).Where(i => bytes[i] == '\n').Select(i => i + 1).ToList();
        return [.. ends.Select((end, i) => bytes[(i == 0 ? 0 : ends[i - 1])..end])];
    }
}
