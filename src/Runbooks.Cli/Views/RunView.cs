using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Running;
using Runbooks.Language.Fields;

namespace Runbooks.Cli.Views;

/// <summary>A run for people while it happens: one line an event, the output of the steps, and on a terminal a status line at the bottom.</summary>
public sealed class RunView : IRunObserver, IDisposable
{
    private const int EvidenceLines = 20;
    private const int LongestShown = 2000;

    private readonly Lock _gate = new();
    private readonly TextWriter _writer;
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;
    private readonly ITimer? _timer;
    private readonly List<RunningStep> _running = [];
    private readonly Stack<RunningStep> _ended = [];
    private ImmutableArray<StepHead> _steps = [];
    private Dictionary<string, int> _positions = [];
    private string _runId = "";
    private string _playbook = "";
    private ImmutableArray<PartCopy> _parts = [];
    private long _runBegan;
    private bool _hasStatus;
    private bool _isAsking;

    public RunView(Terminal terminal, TextWriter writer, TimeProvider time)
    {
        (_terminal, _writer, _time) = (terminal, writer, time);
        _runBegan = time.GetTimestamp();
        if (terminal.IsInteractive)
        {
            _timer = time.CreateTimer(_ => Aside(() => { }), null, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>Which steps there are: what a run that goes on has told before.</summary>
    public void Know(RunStarted? started)
    {
        if (started is null)
        {
            return;
        }

        _runBegan = _time.GetTimestamp();
        (_runId, _playbook, _parts, _steps) = (started.RunId, started.PlaybookPath, started.Parts ?? [], started.Steps);
        _positions = _steps.Select((head, index) => (head.Id, index)).ToDictionary(p => p.Id, p => p.index, StringComparer.Ordinal);
    }

    private Style Style => _terminal.Style;

    public void Written(JournalLine line, ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            ClearStatus();
            _isAsking = false;
            Event(line.Event);
            DrawStatus();
            _writer.Flush();
        }
    }

    public void Output(string step, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Running(step)?.Write(bytes, _time.GetTimestamp());
            if (!_hasStatus)
            {
                _writer.Flush();
            }
        }
    }

    /// <summary>Somebody asked the run to stop, which can take as long as the step needs to end.</summary>
    public void Stopping(string signal) => Aside(() =>
        Line($"stop   {Style.Doubt}{signal}{Style.Reset}: {(_running.Count > 0 ? $"step {string.Join(", ", _running.Select(r => $"'{r.Id}'"))} is asked to end" : "nothing more is begun")}; once more ends everything now"));

    /// <summary>A question stands at the end of the screen from now until the next event: nothing is drawn over what the operator types.</summary>
    /// <param name="writer">Where the operator reads.</param>
    public void Ask(string text, TextWriter writer)
    {
        lock (_gate)
        {
            ClearStatus();
            _isAsking = true;
            _writer.Flush();
            writer.Write(string.Join('\n', text.Split('\n').Select(line => Printable.Line(line, LongestShown))));
            writer.Flush();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            ClearStatus();
            _writer.Flush();
        }
    }

    private void Event(JournalEvent entry)
    {
        switch (entry)
        {
            case RunStarted started:
                Know(started);
                Line($"{Style.Strong}run    {started.RunId}{Style.Reset}  {started.Playbook} {started.PlaybookVersion} ({started.PlaybookPath})");
                break;
            case LockClaimed claimed:
                Line($"lock   {claimed.Name} is held by {claimed.Holder}: {Style.Doubt}asked to end, waiting for it{Style.Reset}");
                break;
            case LockTaken taken:
                Line($"lock   {taken.Name}{(taken.StolenFrom is { } from ? $" ({Style.Doubt}stolen from {from}{Style.Reset})" : "")}{(taken.Left is { } dead ? $" ({Style.Doubt}left by {dead}, which is no longer alive{Style.Reset})" : "")}");
                break;
            case CheckAnswered check:
                Check(check);
                break;
            case PreflightDone { Problems: [_, ..] problems }:
                foreach (var problem in problems)
                {
                    Line($"needs  {Style.Bad}missing{Style.Reset}  {problem}");
                }

                break;
            case StepSkipped skipped:
                Line($"step   {Position(skipped.Step)} {skipped.Step}: skipped, {skipped.Reason}");
                break;
            case StepIntended intended:
                BeginStep(intended);
                break;
            case StepEnded ended:
                EndStep(ended);
                break;
            case RunResumed resumed:
                Line($"{Style.Strong}resume {_runId}{Style.Reset}{(resumed.LostBytes > 0 ? $" ({resumed.LostBytes} bytes of a line that was not written to its end are gone)" : "")}");
                break;
            case StepSettled settled:
                Line($"settle {Position(settled.Step)} {Style.Strong}{settled.Step}{Style.Reset}: {(settled.As == "done" ? "is done" : "is performed again")}, {settled.Because}");
                break;
            case ApprovalGiven given:
                Line($"       {Style.Good}approved{Style.Reset} by {given.By}{(given.Reason.Length > 0 ? $": {given.Reason}" : "")} (good until {given.Until:HH:mm:ss}Z)");
                break;
            case ApprovalDenied denied:
                Line($"       {Style.Bad}not approved{Style.Reset} by {denied.By}{(denied.Reason.Length > 0 ? $": {denied.Reason}" : "")}");
                break;
            case UndoBegun begun:
                Line($"undo   {Style.Doubt}taking back what was changed, the last first{Style.Reset}: {begun.Why}");
                break;
            case StepLeft left:
                Line($"undo   {Position(left.Step)} {Style.Bad}left as it is{Style.Reset}: {Style.Strong}{left.Step}{Style.Reset}, {left.Reason}");
                break;
            case RetryScheduled retry:
                Line($"       {OfOne(retry.Step)}attempt {retry.NextAttempt} in {Durations.Format(TimeSpan.FromMilliseconds(retry.DelayMs))}");
                break;
            case StopRequested stop:
                Line($"stop   asked for by {stop.Signal}");
                break;
            default:
                break;
        }
    }

    private void Check(CheckAnswered check)
    {
        var (word, colour) = check.Verdict switch
        {
            "holds" => ("ok", Style.Good),
            "unknown" => ("unknown", Style.Doubt),
            _ => ("FAILED", Style.Bad),
        };
        var label = check.Phase switch
        {
            "guard" => "guard ",
            "validation" => "valid ",
            _ => "check ",
        };
        Line($"{label} {colour}{word,-7}{Style.Reset}  {OfOne(check.Step)}{check.Name}{(check.Observed.Length > 0 ? $"{Style.Faint} ({check.Observed}){Style.Reset}" : "")}");
        if (check.Verdict != "holds")
        {
            if (check.Statement != check.Name)
            {
                // A question can be a whole script; the record has all of it, and what it found stands below.
                Line($"         asked was: {Printable.Line(check.Statement, 400)}");
            }

            foreach (var line in check.Evidence.Take(EvidenceLines))
            {
                Line($"         {Style.Faint}{Printable.Line(line, 400)}{Style.Reset}");
            }
        }
    }

    private void BeginStep(StepIntended intended)
    {
        var head = _positions.TryGetValue(intended.Step, out var position) ? _steps[position] : default;
        var now = _time.GetTimestamp();
        if (Running(intended.Step) is { } before)
        {
            _running.Remove(before);
        }

        _running.Add(_ended.TryPop(out var used) ? used.Again(intended.Step, now) : new RunningStep(intended.Step, now, OutputLine));
        if (_running.Count > 1)
        {
            _running.ForEach(r => r.IsBeside = true);
        }

        var attempt = intended.Attempt > 1 ? $" (attempt {intended.Attempt})" : "";
        // Before the line and not in it: of two texts in the making at once one gets its room from the pool for all processors, whose first use is measured out.
        var place = Position(intended.Step);
        Line($"{(intended.Undo == true ? "undo" : "step")}   {place} {Style.Strong}{intended.Step}{Style.Reset}{(string.IsNullOrEmpty(head.Name) ? "" : "  " + head.Name)}{attempt}");
    }

    private void EndStep(StepEnded ended)
    {
        var whose = "";
        if (Running(ended.Step) is { } step)
        {
            step.Flush();
            ClearStatus();
            whose = WhoseLine(step);
            Hidden(step, ended);
            _running.Remove(step);
            _ended.Push(step);
        }

        var elapsed = Seconds(ended.ElapsedMs);
        if (ended.Failure is { } failure)
        {
            var place = _positions.TryGetValue(ended.Step, out var position) ? $"{Style.Faint} ({PlaybookOf(ended.Step)}:{_steps[position].Line}){Style.Reset}" : "";
            Line($"       {whose}{Style.Bad}failed{Style.Reset} after {elapsed}: {failure}{place}");
        }
        else
        {
            Line($"       {whose}{Style.Good}{(ended.Undo == true ? "undone" : "done")}{Style.Reset} in {elapsed}{(ended.Observed.Length > 0 ? $" ({ended.Observed})" : "")}");
        }

        foreach (var note in ended.Notes)
        {
            Line($"       {whose}{Style.Doubt}note{Style.Reset} {note}");
        }
    }

    private void Hidden(RunningStep step, StepEnded ended)
    {
        if (step.Hidden == 0)
        {
            return;
        }

        var whose = WhoseLine(step);
        Line($"       {whose}{Style.Faint}… {step.Hidden} more lines, all in {ended.Output}{Style.Reset}");
        foreach (var line in ended.Failure is null ? [] : step.HiddenEnd)
        {
            Line($"       {whose}{Style.Faint}│{Style.Reset} {Printable.Line(line, LongestShown)}");
        }
    }

    /// <summary>Path of the playbook in which a step stands.</summary>
    private string PlaybookOf(string step) =>
        step.LastIndexOf('/') is > 0 and var end && _parts.FirstOrDefault(p => step.AsSpan(0, end).SequenceEqual(p.Id)) is { } part ? part.Path : _playbook;

    private RunningStep? Running(string step)
    {
        // No query: it is asked for each step of thousands.
        foreach (var running in _running)
        {
            if (running.Id == step)
            {
                return running;
            }
        }

        return null;
    }

    /// <summary>The same for what comes between two attempts, and after the last.</summary>
    private string OfOne(string step) => step.Length > 0 && _running.Exists(r => r.Id != step) ? $"{step} " : "";

    /// <summary>What a line about a step begins with when it is not the only one that runs.</summary>
    private static string WhoseLine(RunningStep step) => step.IsBeside ? $"{step.Id} " : "";

    private void OutputLine(RunningStep step, string text)
    {
        ClearStatus();
        Line($"       {WhoseLine(step)}{Style.Faint}│{Style.Reset} {Printable.Line(text, LongestShown)}");
    }

    private string Position(string step) => $"{_positions.GetValueOrDefault(step, -1) + 1}/{_steps.Length}";

    /// <summary>Writes from a timer or a signal, where nobody could take an exception: progress may be lost, the run may not.</summary>
    private void Aside(Action write)
    {
        lock (_gate)
        {
            try
            {
                ClearStatus();
                write();
                DrawStatus();
                _writer.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                _hasStatus = false;
            }
        }
    }

    private void DrawStatus()
    {
        if (!_terminal.IsInteractive || _isAsking || _running.Count == 0)
        {
            return;
        }

        var last = _running.MaxBy(r => r.LastOutput) ?? _running[0];
        var silent = _time.GetElapsedTime(last.LastOutput);
        var quiet = silent > TimeSpan.FromSeconds(10) ? $", silent for {(int)silent.TotalSeconds}s" : "";
        var what = _running.Count == 1 ? $"{Position(last.Id)} {last.Id} {Since(last.Began)}" : $"{_running.Count} steps: {string.Join(", ", _running.Select(r => $"{r.Id} {Since(r.Began)}"))}";
        var text = $"▸ {what}{quiet}  (run {Since(_runBegan)})  {last.LastLine}";
        _writer.Write($"{Style.Faint}{Printable.Line(text, _terminal.Width() - 1)}{Style.Reset}");
        _hasStatus = true;
    }

    private string Since(long began) => $"{(int)_time.GetElapsedTime(began).TotalSeconds}s";

    private void ClearStatus()
    {
        if (_hasStatus)
        {
            _writer.Write("\r\e[2K");
            _hasStatus = false;
        }
    }

    private void Line(string text) => _writer.WriteLine(text);

    internal static string Seconds(long milliseconds) => milliseconds < 1000 ? $"{milliseconds}ms" : $"{milliseconds / 1000.0:0.0}s";
}
