namespace Runbooks.Cli.Views;

/// <summary>What is shown of one step while it runs: the beginning of its output at once, of the rest the end.</summary>
internal sealed class RunningStep
{
    private const int ShownLines = 200;
    private const int TailLines = 20;

    private readonly LineTail _tail = new(TailLines);
    private readonly Action<RunningStep, string> _show;
    private readonly OutputLines _lines;
    private int _shown;

    /// <param name="show">Shows a line of its output.</param>
    public RunningStep(string id, long now, Action<RunningStep, string> show)
    {
        (Id, Began, LastOutput, _show) = (id, now, now, show);
        _lines = new OutputLines(Line);
    }

    public string Id { get; private set; }

    /// <summary>Timestamp.</summary>
    public long Began { get; private set; }

    /// <summary>Timestamp; of its begin, when it has said nothing.</summary>
    public long LastOutput { get; private set; }

    /// <summary>Another step runs or has run at the same time: each line says whose it is.</summary>
    public bool IsBeside { get; set; }

    /// <summary>Lines of its output that were not shown.</summary>
    public long Hidden { get; private set; }

    /// <summary>The last of those, oldest first.</summary>
    public IEnumerable<string> HiddenEnd => _tail.Lines.TakeLast((int)Math.Min(Hidden, TailLines));

    public string LastLine => _tail.Last;

    /// <summary>Makes it another step, with the memory that it has: a run of ten thousand steps needs it once.</summary>
    public RunningStep Again(string id, long now)
    {
        (Id, Began, LastOutput, IsBeside, Hidden, _shown) = (id, now, now, false, 0, 0);
        _tail.Clear();
        return this;
    }

    public void Write(ReadOnlySpan<byte> bytes, long now)
    {
        LastOutput = now;
        _lines.Write(bytes);
    }

    /// <summary>Shows what stands after the last line break.</summary>
    public void Flush() => _lines.Flush();

    private void Line(ReadOnlySpan<char> text)
    {
        _tail.Add(text);
        if (_shown < ShownLines)
        {
            _shown++;
            _show(this, text.ToString());
            return;
        }

        Hidden++;
    }
}
