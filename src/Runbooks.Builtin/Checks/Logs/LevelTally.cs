using Runbooks.Builtin.LogFormats;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary>Counts the entries of one log by level, and says whether what has no level lets anything be concluded.</summary>
/// <param name="show">The text of an entry as it is shown.</param>
/// <param name="messages">Told the message of each error and warning; null when nobody asks.</param>
internal sealed class LevelTally(Func<string, string> show, Action<LogEntry>? messages)
{
    /// <summary>What a program prints before its first entry: a banner, its settings, the steps of an entry point.</summary>
    private const int MostBefore = 50;

    /// <summary>Later, so few are let pass in any log; in a long one every tenth entry.</summary>
    private const int MostBetween = 3;
    private const int Kept = 10;

    private readonly List<string> _firstErrors = [];
    private readonly List<string> _firstWarnings = [];
    private long _levelled;
    private long _before;
    private long _between;
    private long _troubles;
    private string? _firstTrouble;
    private string? _firstBefore;
    private string? _firstBetween;

    /// <summary>Entries of any kind.</summary>
    public long Entries => _levelled + Unlevelled;

    public long Errors { get; private set; }

    public long Warnings { get; private set; }

    public IReadOnlyList<string> FirstErrors => _firstErrors;

    public IReadOnlyList<string> FirstWarnings => _firstWarnings;

    /// <summary>Entries without a level.</summary>
    public long Unlevelled => _before + _between + _troubles;

    /// <summary>The first entry of those that let nothing be concluded; null when there are none.</summary>
    /// <remarks>Without any level at all nothing is known; with some, a few lines that speak of no trouble are let pass.</remarks>
    public string? FirstUnclear =>
        _levelled == 0 ? _firstTrouble ?? _firstBefore ?? _firstBetween
        : _firstTrouble
            ?? (_before > MostBefore ? _firstBefore : null)
            ?? (_between > Math.Max(MostBetween, _levelled / 10) ? _firstBetween : null);

    public void Add(LogEntry entry)
    {
        switch (entry.Level)
        {
            case LogLevel.Error:
                Errors++;
                Keep(_firstErrors, entry);
                messages?.Invoke(entry);
                break;
            case LogLevel.Warning:
                Warnings++;
                Keep(_firstWarnings, entry);
                messages?.Invoke(entry);
                break;
            case LogLevel.Info:
                break;
            default:
                AddUnlevelled(entry);
                return;
        }

        _levelled++;
    }

    private void AddUnlevelled(LogEntry entry)
    {
        if (LogLine.SpeaksOfTrouble(entry.Text))
        {
            _troubles++;
            _firstTrouble ??= show(entry.Text);
        }
        else if (_levelled == 0 && !entry.IsDated)
        {
            _before++;
            _firstBefore ??= show(entry.Text);
        }
        else
        {
            _between++;
            _firstBetween ??= show(entry.Text);
        }
    }

    private void Keep(List<string> first, LogEntry entry)
    {
        if (first.Count < Kept)
        {
            first.Add(show(entry.Text));
        }
    }
}
