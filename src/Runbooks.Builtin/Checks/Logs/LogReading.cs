using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.LogFormats;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary>Counts in passing what the logs hold, and keeps the first lines that matter.</summary>
/// <param name="mask">Takes the secrets out of a line, before it is cut.</param>
internal sealed class LogReading(LogsCheck question, Func<string, string> mask)
{
    private const int Kept = 10;
    private const int LongestKept = 300;

    private readonly ImmutableArray<string> _wanted = [.. question.Contains.Select(t => t.Reveal())];
    private readonly bool[] _seen = new bool[question.Contains.Length];

    /// <summary>One for each log that is read by level.</summary>
    private readonly List<LevelTally> _tallies = [];
    private readonly List<string> _matching = [];
    private long _lines;
    private long _matches;

    /// <summary>The pattern that was not decided in its time; null when all were.</summary>
    private Regex? _undecided;

    private long Errors => question.CountsErrorsByLevel ? _tallies.Sum(t => t.Errors) : _matches;

    private long Warnings => _tallies.Sum(t => t.Warnings);

    /// <summary>Begins another log.</summary>
    /// <param name="prefix">Names the log, where there are several.</param>
    public OneLog Of(string prefix)
    {
        var tally = new LevelTally(text => prefix + Show(text));
        _tallies.Add(tally);
        return new OneLog(this, prefix, new LogEntries(entry => Add(tally, entry)));
    }

    public Verdict Judge()
    {
        string?[] counts =
        [
            Phrases.Count(_lines, "line"),
            question.MaxErrors is null ? null : Errors == 0 ? "no errors" : Phrases.Count(Errors, "error"),
            question.MaxWarnings is null ? null : Warnings == 0 ? "no warnings" : Phrases.Count(Warnings, "warning"),
        ];
        return JudgeCounted(string.Join(", ", counts.OfType<string>())) with { Evidence = Evidence() };
    }

    /// <summary>What was counted is there, whatever else could not be read: too many are too many.</summary>
    private Verdict JudgeCounted(string observed) =>
        Errors > question.MaxErrors ? Verdict.DoesNotHold($"{observed}; the first: {FirstErrors().First()}")
        : Warnings > question.MaxWarnings ? Verdict.DoesNotHold($"{observed}; the first warning: {FirstWarnings().First()}")
        : _undecided is not null ? Verdict.Unknown($"{observed}; {Patterns.TookTooLong(_undecided)} in the last of them")
        : _seen.AsSpan().IndexOf(false) is >= 0 and var missing ? Verdict.DoesNotHold($"{observed}; none holds {Phrases.Quote(question.Contains[missing])}")
        : _lines < question.MinLines ? Verdict.Unknown($"{observed}: fewer than {question.MinLines} lines tell nothing")
        : question.CountsByLevel ? JudgeLevels(observed)
        : Verdict.Holds(observed);

    private Verdict JudgeLevels(string observed)
    {
        var unlevelled = _tallies.Sum(t => t.Unlevelled);
        if (_tallies.Select(t => t.FirstUnclear).FirstOrDefault(f => f is not null) is { } first)
        {
            var way = question.MaxWarnings is null ? "say with 'error_pattern' which lines are errors, or leave such lines aside with 'ignore'" : "leave such lines aside with 'ignore'";
            return Verdict.Unknown($"{observed}; {Entries(unlevelled)} no level that is known, like this one: {first} ({way})");
        }

        return Verdict.Holds(unlevelled == 0 ? observed : $"{observed}; {Entries(unlevelled)} no level");
    }

    private static string Entries(long count) => count == 1 ? "1 entry has" : $"{count} entries have";

    private void Add(LevelTally tally, LogEntry entry)
    {
        if (entry.Level == LogLevel.Info || (!IsIgnored(entry.Text) && _undecided is null))
        {
            tally.Add(entry);
        }
    }

    private bool Take(OneLog log, string line)
    {
        _lines++;
        var text = LogLine.Bare(line);
        for (var i = 0; i < _wanted.Length; i++)
        {
            _seen[i] |= text.Contains(_wanted[i], StringComparison.Ordinal);
        }

        if (question.CountsByLevel)
        {
            log.Entries.Take(text);
        }

        if (question.ErrorPattern is { } pattern && Matches(pattern, text) && !IsIgnored(text) && _undecided is null)
        {
            _matches++;
            if (_matching.Count < Kept)
            {
                _matching.Add(log.Prefix + Show(text));
            }
        }

        return _undecided is null;
    }

    private string Show(string text) => Phrases.Line(mask(text), LongestKept);

    private bool IsIgnored(string text) => question.Ignore.Any(p => Matches(p, text));

    private bool Matches(Regex pattern, string text)
    {
        var matches = Patterns.IsMatch(pattern, text);
        _undecided = matches is null ? pattern : _undecided;
        return matches == true;
    }

    private IEnumerable<string> FirstErrors() => question.CountsErrorsByLevel ? _tallies.SelectMany(t => t.FirstErrors) : _matching;

    private IEnumerable<string> FirstWarnings() => _tallies.SelectMany(t => t.FirstWarnings);

    private ImmutableArray<string> Evidence() =>
    [
        .. question.MaxErrors is null ? [] : First(FirstErrors(), Errors),
        .. question.MaxWarnings is null ? [] : First(FirstWarnings(), Warnings),
    ];

    private static IEnumerable<string> First(IEnumerable<string> first, long count) => count > Kept ? [.. first.Take(Kept), $"and {count - Kept} more"] : first;

    /// <summary>One of the logs while it is read.</summary>
    internal sealed class OneLog(LogReading reading, string prefix, LogEntries entries)
    {
        public string Prefix => prefix;

        public LogEntries Entries => entries;

        /// <summary>Takes one line.</summary>
        /// <returns>False when a line could not be judged, and the rest would tell no more.</returns>
        public bool Take(string line) => reading.Take(this, line);

        public void End() => entries.End();
    }
}
