using System.Text.RegularExpressions;
using Runbooks.Builtin.LogFormats;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary>One log while it is read: of a container, or the baseline.</summary>
internal sealed class OneLog
{
    private const int Kept = 10;
    private const int LongestKept = 300;

    /// <summary>So many different messages are kept apart; more tell nobody anything.</summary>
    private const int MostMessages = 5_000;

    private readonly LogsCheck _question;
    private readonly string _prefix;
    private readonly Func<string, string> _mask;
    private readonly LevelTally _tally;
    private readonly LogEntries _entries;
    private readonly bool[] _seen;
    private readonly List<string> _matching = [];
    private readonly Dictionary<string, long> _messages = new(StringComparer.Ordinal);
    private long _matches;

    /// <param name="prefix">Names it in evidence, where there are several.</param>
    /// <param name="mask">Takes the secrets out of a line, before it is cut.</param>
    public OneLog(LogsCheck question, string prefix, Func<string, string> mask)
    {
        (_question, _prefix, _mask) = (question, prefix, mask);
        _seen = new bool[question.Contains.Length];
        _tally = new LevelTally(Show, question.Baseline is null ? null : AddMessage);
        _entries = new LogEntries(Add);
    }

    public long Lines { get; private set; }

    public long Errors => _question.CountsErrorsByLevel ? _tally.Errors : _matches;

    public long Warnings => _tally.Warnings;

    public IEnumerable<string> FirstErrors => _question.CountsErrorsByLevel ? _tally.FirstErrors : _matching;

    public IEnumerable<string> FirstWarnings => _tally.FirstWarnings;

    public long Entries => _tally.Entries;

    public long Unlevelled => _tally.Unlevelled;

    /// <inheritdoc cref="LevelTally.FirstUnclear"/>
    public string? FirstUnclear => _question.CountsByLevel ? _tally.FirstUnclear : null;

    /// <summary>How often each message of an error or a warning was logged; what makes them different messages is in <see cref="MessageTemplates"/>.</summary>
    public IReadOnlyDictionary<string, long> Messages => _messages;

    /// <summary>There were more different messages than are kept apart.</summary>
    public bool HasMoreMessages { get; private set; }

    /// <summary>The pattern that was not decided in its time; null when all were.</summary>
    public Regex? Undecided { get; private set; }

    /// <summary>Whether a text that must occur did.</summary>
    public bool HasSeen(int wanted) => _seen[wanted];

    /// <summary>Takes one line.</summary>
    /// <returns>False when a line could not be judged, and the rest would tell no more.</returns>
    public bool Take(string line)
    {
        Lines++;
        var text = LogLine.Bare(line);
        for (var i = 0; i < _seen.Length; i++)
        {
            _seen[i] = _seen[i] || text.Contains(_question.Contains[i].Reveal(), StringComparison.Ordinal);
        }

        if (_question.CountsByLevel)
        {
            _entries.Take(text);
        }

        if (_question.ErrorPattern is { } pattern && Matches(pattern, text) && !IsIgnored(text) && Undecided is null)
        {
            _matches++;
            if (_matching.Count < Kept)
            {
                _matching.Add(Show(text));
            }
        }

        return Undecided is null;
    }

    /// <summary>There are no more lines.</summary>
    public void End() => _entries.End();

    private void Add(LogEntry entry)
    {
        if (entry.Level == LogLevel.Info || (!IsIgnored(entry.Text) && Undecided is null))
        {
            _tally.Add(entry);
        }
    }

    private void AddMessage(LogEntry entry)
    {
        // Masked first: half a secret, with its digits taken for a number, would not be recognised as one.
        var template = MessageTemplates.Of(_mask(LogLine.Message(entry.Text)));
        if (_messages.TryGetValue(template, out var count) || _messages.Count < MostMessages)
        {
            _messages[template] = count + 1;
        }
        else
        {
            HasMoreMessages = true;
        }
    }

    private string Show(string text) => _prefix + Phrases.Line(_mask(text), LongestKept);

    private bool IsIgnored(string text) => _question.Ignore.Any(p => Matches(p, text));

    private bool Matches(Regex pattern, string text)
    {
        var matches = Patterns.IsMatch(pattern, text);
        Undecided = matches is null ? pattern : Undecided;
        return matches == true;
    }
}
