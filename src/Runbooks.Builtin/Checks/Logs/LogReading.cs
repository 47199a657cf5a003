using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary>Counts in passing what a log holds, and keeps the first lines that matter.</summary>
/// <param name="mask">Takes the secrets out of a line, before it is cut.</param>
internal sealed partial class LogReading(LogsCheck question, Func<string, string> mask)
{
    private const int Kept = 10;
    private const int LongestKept = 300;

    private readonly ImmutableArray<string> _wanted = [.. question.Contains.Select(t => t.Reveal())];
    private readonly bool[] _seen = new bool[question.Contains.Length];
    private readonly List<string> _firstErrors = [];
    private long _lines;
    private long _errors;

    /// <summary>The pattern that was not decided in its time; null when all were.</summary>
    private Regex? _undecided;

    /// <summary>Takes one line.</summary>
    /// <returns>True: every error counts; false when a line could not be judged, and the rest would tell no more.</returns>
    public bool Take(string prefix, string line)
    {
        _lines++;
        var text = line.Contains('\e', StringComparison.Ordinal) ? Colours().Replace(line, "") : line;
        for (var i = 0; i < _wanted.Length; i++)
        {
            _seen[i] |= text.Contains(_wanted[i], StringComparison.Ordinal);
        }

        if (question.MaxErrors is not null && IsError(text))
        {
            _errors++;
            if (_firstErrors.Count < Kept)
            {
                _firstErrors.Add(prefix + Phrases.Line(mask(text), LongestKept));
            }
        }

        return _undecided is null;
    }

    public Verdict Judge()
    {
        var observed = $"{Phrases.Count(_lines, "line")}{(question.MaxErrors is null ? "" : $", {(_errors == 0 ? "no errors" : Phrases.Count(_errors, "error"))}")}";
        if (_errors > question.MaxErrors)
        {
            return Verdict.DoesNotHold($"{observed}; the first: {_firstErrors[0]}") with { Evidence = Evidence() };
        }

        if (_undecided is not null)
        {
            return Verdict.Unknown($"{observed}; {Patterns.TookTooLong(_undecided)} in the last of them") with { Evidence = Evidence() };
        }

        if (_seen.AsSpan().IndexOf(false) is >= 0 and var missing)
        {
            return Verdict.DoesNotHold($"{observed}; none holds {Phrases.Quote(question.Contains[missing])}") with { Evidence = Evidence() };
        }

        return _lines < question.MinLines
            ? Verdict.Unknown($"{observed}: fewer than {question.MinLines} lines tell nothing")
            : Verdict.Holds(observed) with { Evidence = Evidence() };
    }

    private bool IsError(string text) => Matches(question.ErrorPattern ?? ErrorLines.Pattern, text) && !question.Ignore.Any(p => Matches(p, text)) && _undecided is null;

    private bool Matches(Regex pattern, string text)
    {
        var matches = Patterns.IsMatch(pattern, text);
        _undecided = matches is null ? pattern : _undecided;
        return matches == true;
    }

    private ImmutableArray<string> Evidence() => _errors > Kept ? [.. _firstErrors, $"and {_errors - Kept} more"] : [.. _firstErrors];

    /// <summary>What a terminal would show in colour.</summary>
    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Colours();
}
