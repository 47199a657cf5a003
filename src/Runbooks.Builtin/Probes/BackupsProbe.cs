using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Builtin.Readiness;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Projects;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Probes;

/// <summary>The verified backups of the project's database that runs put on record: whether they are still what they were, and at which migration the database in them is.</summary>
public sealed class BackupsProbe : IProbe
{
    /// <summary>An older one would lose more than anybody gives away at night.</summary>
    private const int LookedAt = 10;
    private const int ShownProblems = 3;

    /// <summary>For reading one table out of one dump: a program inside a container has to be found and ended, too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public string Name => "backups";

    public string Source => "the runs on record";

    public ImmutableArray<string> Facts => [FactKeys.BackupAvailable];

    public TimeSpan Limit => TimeSpan.FromSeconds(20);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Subject.Project?.Migrations is not { Database.Length: > 0 } declared || sight.Runs is not { } store)
        {
            return ProbeAnswer.Of();
        }

        var folder = sight.Ports.Files.ReadFolder(sight.RunsFolder);
        if (folder.Names is null && sight.Ports.Files.Stat(sight.RunsFolder).Kind != FileKind.Missing)
        {
            return ProbeAnswer.Unknown($"the runs on record in {sight.RunsFolder} cannot be read: {folder.Problem}");
        }

        var runs = ReadyRuns.Of(store, cancel);
        ImmutableArray<string> problems = [.. runs.Left.Take(ShownProblems).Select(l => $"{l.Source}: {l.Value}"), .. runs.Left.Length > ShownProblems ? [$"{runs.Left.Length - ShownProblems} more runs are not believed or cannot be read"] : Array.Empty<string>()];
        var containers = await sight.InTimeAsync(sight.ContainersAsync(cancel), cancel) is { Problem: null } answer
            ? answer.Value.Where(c => c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel) == declared.Service).Select(c => c.Name).ToImmutableArray() : [];
        var (own, others) = (new List<(string Run, BackupMade Made, DateTimeOffset At)>(), ImmutableArray.CreateBuilder<string>());
        foreach (var (run, (made, at)) in runs.Runs.SelectMany(r => r.Backups.Select(b => (r, b))).OrderByDescending(b => b.b.At))
        {
            cancel.ThrowIfCancellationRequested();
            if (RecordedPlan.BytesOf(run, store) is not { } plan || SavedSource.In(plan, made.Step) is not { } saved)
            {
                continue;
            }

            if (saved.IsOf(declared, sight.Subject.Name, containers))
            {
                own.Add((run.Id, made, at));
            }
            else
            {
                others.Add($"{sight.Mask(saved.What)}, by run {run.Id}");
            }
        }

        var (sights, unread) = await LookAsync(own, declared, sight, cancel);
        return new ProbeAnswer([new BackupsReading(Source, sight.Now, declared.Database, sights) { Tool = declared.Tool, Others = others.ToImmutable() }], [.. problems, .. unread]);
    }

    /// <summary>Newest first, until one is found that is from before; what is not reached in time is said.</summary>
    private static async Task<(ImmutableArray<BackupSight> Backups, ImmutableArray<string> Problems)> LookAsync(List<(string Run, BackupMade Made, DateTimeOffset At)> own, ProjectMigrations declared, Sight sight, CancellationToken cancel)
    {
        var seen = ImmutableArray.CreateBuilder<BackupSight>();
        foreach (var (run, made, at) in own.Take(LookedAt))
        {
            try
            {
                var (problem, doubt) = BackupFile.Look(made, sight.Ports.Files, cancel);
                var backup = new BackupSight(run, at, sight.Show(made.Path), made.Verified) { Problem = problem, Doubt = doubt };
                if (backup.IsWhole)
                {
                    var (heads, why) = await HeadsAsync(made.Path, declared, sight, cancel);
                    backup = backup with { Heads = heads, WhyNoHeads = why };
                }

                seen.Add(backup);
                if (backup.Heads is { } found && sight.Candidates.Any(c => c.Release.Schema is { } schema && c.Standing == Engine.Releases.ReleaseStanding.Good && schema.Heads.SequenceEqual(found, StringComparer.Ordinal)))
                {
                    return (seen.ToImmutable(), []);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return (seen.ToImmutable(), [$"{(seen.Count == 0 ? "the backups" : "older backups")} of '{declared.Database}' were not looked at to their end: the time is over"]);
            }
        }

        return (seen.ToImmutable(), own.Count > LookedAt ? [$"{own.Count - LookedAt} older backups of '{declared.Database}' were not looked at"] : []);
    }

    /// <summary>The table of the migrations is read out of the dump, where the programs of the database are, and written nowhere.</summary>
    private static async Task<(ImmutableArray<string>? Heads, string Why)> HeadsAsync(string path, ProjectMigrations declared, Sight sight, CancellationToken cancel)
    {
        if (DumpedTable.NameOf(declared.Tool) is not { } table)
        {
            return (null, $"what {declared.Tool} writes down is not read out of dumps");
        }

        var entry = sight.Playbook?.Migration?.Place.Entry ?? [];
        var (text, why) = await WrittenAsync(entry, table, path, sight, cancel);
        if (text is null && !entry.IsEmpty && sight.Ports.Processes.Find("pg_restore", sight.Subject.Directory, ImmutableSortedDictionary<string, string>.Empty) is not null)
        {
            // The container may be what is ill.
            (text, _) = await WrittenAsync([], table, path, sight, cancel);
        }

        if (text is null)
        {
            return (null, why);
        }

        return DumpedTable.Read(text, table)?.Heads(declared.Tool, declared.App) is { } heads ? (heads, "") : (null, $"pg_restore writes no table {table} that would say it");
    }

    private static async Task<(string? Text, string Why)> WrittenAsync(ImmutableArray<string> entry, string table, string path, Sight sight, CancellationToken cancel)
    {
        // Older ones take '-' for the name of a file.
        var start = new ProgramStart([.. entry.Concat(["pg_restore", "--data-only", $"--table={table}", "--file=/dev/stdout"]).Select(Rendered.Literal)], sight.Subject.Directory, [new EnvironmentAddition("LC_ALL", Rendered.Literal("C"))]);
        var answer = await ProgramQuestions.AskAsync(start, Patience, sight.Context, cancel, path);
        return answer.Exit switch
        {
            { StartError: { } error } => (null, error),
            { Stopped: true } => (null, "pg_restore took too long"),
            { ExitCode: not 0 } => (null, sight.Mask(answer.LastLines.LastOrDefault() ?? $"pg_restore ended with exit code {answer.Exit.ExitCode}")),
            { CaptureExceeded: true } => (null, $"the table {table} in it is too long"),
            _ => (answer.Output, ""),
        };
    }
}
