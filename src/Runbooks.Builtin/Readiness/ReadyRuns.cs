using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Readiness;

/// <summary>The runs that are on record and can be believed.</summary>
/// <param name="Runs">Newest first.</param>
/// <param name="Left">Those that are not believed, or cannot be read.</param>
internal sealed record ReadyRuns(ImmutableArray<ReadyRun> Runs, ImmutableArray<Sighting> Left)
{
    /// <summary>A store can hold years of runs: older ones than these are not read.</summary>
    private const int Most = 500;

    /// <summary>The source of what is said of those.</summary>
    public const string Older = "runs";

    public static ReadyRuns Of(IRunStore store, CancellationToken cancel)
    {
        var (runs, left) = (ImmutableArray.CreateBuilder<ReadyRun>(), ImmutableArray.CreateBuilder<Sighting>());
        var ids = store.List();
        foreach (var id in ids.Reverse().Take(Most))
        {
            cancel.ThrowIfCancellationRequested();
            if (store.ReadJournal(id) is not { Bytes: { } bytes } read)
            {
                left.Add(new Sighting($"run {id}", $"its journal cannot be read: {store.ReadJournal(id).Problem}"));
                continue;
            }

            var journal = JournalReader.Read(bytes);
            if (journal is { Break: { } broken, IsTorn: false })
            {
                left.Add(new Sighting($"run {id}", $"its journal was altered at line {broken.LineNumber}, so that nothing of it is believed: runbook audit verify"));
                continue;
            }

            var state = RunState.Of(journal);
            if (state.Started is { } started)
            {
                runs.Add(new ReadyRun(id, started, state, [.. journal.Lines.Where(l => l.Event is BackupMade { Undo: null }).Select(l => ((BackupMade)l.Event, l.Time))]));
            }
        }

        if (ids.Count > Most)
        {
            left.Add(new Sighting(Older, $"{ids.Count - Most} older runs were not read"));
        }

        return new ReadyRuns(runs.ToImmutable(), left.ToImmutable());
    }
}

/// <param name="Backups">With the time of each.</param>
internal sealed record ReadyRun(string Id, RunStarted Started, RunState State, ImmutableArray<(BackupMade Made, DateTimeOffset At)> Backups);
