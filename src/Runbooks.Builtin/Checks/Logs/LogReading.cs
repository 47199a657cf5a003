using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary>Reads the logs that are asked about, and the baseline, and judges what they hold.</summary>
/// <param name="mask">Takes the secrets out of a line, before it is cut.</param>
internal sealed class LogReading(LogsCheck question, Func<string, string> mask)
{
    private const int Shown = 10;

    private readonly List<OneLog> _logs = [];
    private OneLog? _baseline;

    private long Lines => _logs.Sum(l => l.Lines);

    private long Errors => _logs.Sum(l => l.Errors);

    private long Warnings => _logs.Sum(l => l.Warnings);

    private long Unlevelled => _logs.Sum(l => l.Unlevelled);

    private Regex? Undecided => _logs.Select(l => l.Undecided).FirstOrDefault(p => p is not null);

    /// <summary>Begins another log.</summary>
    /// <param name="prefix">Names the log, where there are several.</param>
    public OneLog Of(string prefix)
    {
        var log = new OneLog(question, prefix, mask);
        _logs.Add(log);
        return log;
    }

    /// <summary>Reads the log that the others are compared with.</summary>
    public void ReadBaseline(byte[] bytes)
    {
        _baseline = new OneLog(question, "", mask);
        using var reader = new StringReader(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'));
        while (reader.ReadLine() is { } line && _baseline.Take(line))
        {
            // All of it is in the taking.
        }

        _baseline.End();
    }

    public Verdict Judge()
    {
        var fresh = Fresh();
        string?[] counts =
        [
            Phrases.Count(Lines, "line"),
            question.CountsErrors ? (Errors == 0 ? "no errors" : Phrases.Count(Errors, "error")) + (_baseline is null ? "" : $" ({_baseline.Errors} in the baseline)") : null,
            question.MaxWarnings is null ? null : Warnings == 0 ? "no warnings" : Phrases.Count(Warnings, "warning"),
            _baseline is null || fresh.IsEmpty ? null : Phrases.Count(fresh.Length, "new message"),
        ];
        return JudgeCounted(string.Join(", ", counts.OfType<string>())) with
        {
            Evidence =
            [
                .. question.CountsErrors ? First(_logs.SelectMany(l => l.FirstErrors), Errors) : [],
                .. question.MaxWarnings is null ? [] : First(_logs.SelectMany(l => l.FirstWarnings), Warnings),
                .. First(fresh, fresh.Length),
            ],
        };
    }

    /// <summary>What was counted is there, whatever else could not be read: too many are too many.</summary>
    private Verdict JudgeCounted(string observed) =>
        Errors > question.MaxErrors ? Verdict.DoesNotHold($"{observed}; the first: {_logs.SelectMany(l => l.FirstErrors).First()}")
        : Warnings > question.MaxWarnings ? Verdict.DoesNotHold($"{observed}; the first warning: {_logs.SelectMany(l => l.FirstWarnings).First()}")
        : Undecided is not null ? Verdict.Unknown($"{observed}; {Patterns.TookTooLong(Undecided)} in the last of them")
        : Enumerable.Range(0, question.Contains.Length).Where(i => !_logs.Any(l => l.HasSeen(i))).Select(i => (int?)i).FirstOrDefault() is { } missing
            ? Verdict.DoesNotHold($"{observed}; none holds {Phrases.Quote(question.Contains[missing])}")
        : JudgeBaseline(observed)
            ?? (Lines < question.MinLines ? Verdict.Unknown($"{observed}: fewer than {question.MinLines} lines tell nothing") : JudgeLevels(observed));

    private Verdict? JudgeBaseline(string observed)
    {
        if (_baseline is null)
        {
            return null;
        }

        var why = _baseline.Undecided is { } pattern ? $"{Patterns.TookTooLong(pattern)} in the baseline"
            : _baseline.FirstUnclear is { } first ? $"in the baseline {Entries(_baseline.Unlevelled)} no level that is known, like this one: {first}"
            : (question.CountsByLevel ? _baseline.Entries : _baseline.Lines) == 0 ? "the baseline holds nothing that it could be compared with"
            : null;
        return why is not null ? Verdict.Unknown($"{observed}; {why}")
            : Errors - _baseline.Errors > question.MaxErrorsAboveBaseline ? Verdict.DoesNotHold($"{observed}; the first: {_logs.SelectMany(l => l.FirstErrors).First()}")
            : null;
    }

    private Verdict JudgeLevels(string observed)
    {
        if (_logs.Select(l => l.FirstUnclear).FirstOrDefault(f => f is not null) is { } first)
        {
            var way = question.MaxWarnings is null ? "say with 'error_pattern' which lines are errors, or leave such lines aside with 'ignore'" : "leave such lines aside with 'ignore'";
            return Verdict.Unknown($"{observed}; {Entries(Unlevelled)} no level that is known, like this one: {first} ({way})");
        }

        return Verdict.Holds(Unlevelled == 0 ? observed : $"{observed}; {Entries(Unlevelled)} no level");
    }

    /// <summary>The messages that the baseline does not have, the most frequent first.</summary>
    public ImmutableArray<string> Fresh()
    {
        // A baseline of which not all is known has messages that are not known either.
        if (_baseline is null or { HasMoreMessages: true } or { Undecided: not null })
        {
            return [];
        }

        var counts = _logs.SelectMany(l => l.Messages).Where(m => !_baseline.Messages.ContainsKey(m.Key)).GroupBy(m => m.Key, m => m.Value, StringComparer.Ordinal);
        return [.. counts.Select(g => (Message: g.Key, Times: g.Sum())).OrderByDescending(m => m.Times).ThenBy(m => m.Message, StringComparer.Ordinal).Select(m => $"new, {Phrases.Count(m.Times, "time")}: {m.Message}")];
    }

    private static string Entries(long count) => count == 1 ? "1 entry has" : $"{count} entries have";

    private static IEnumerable<string> First(IEnumerable<string> first, long count) => count > Shown ? [.. first.Take(Shown), $"and {count - Shown} more"] : first;
}
