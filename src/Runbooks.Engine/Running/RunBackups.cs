using System.Globalization;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;

namespace Runbooks.Engine.Running;

/// <summary>The backups of one run, as one of its steps sees them.</summary>
internal sealed class RunBackups(RunScope run, PlannedStep step) : IKeepBackups
{
    private const string Backups = "backups";

    public string Store => StoreOf(run.Folder.Path);

    // Not beside the copies that are made before changes: those are numbered by the events of the journal, these by the steps of the plan.
    public string Place(string extension) => Path.Combine(run.Folder.Path, Backups, string.Create(CultureInfo.InvariantCulture, $"{step.Number:D4}-{step.Syntax.Id}{(run.IsUndoing ? ".undo" : "")}{extension}"));

    public void Record(string path, RecordedBackup backup)
    {
        var inside = Path.GetRelativePath(run.Folder.Path, path);
        run.Journal.Append(new BackupMade
        {
            Step = step.Id,
            Undo = run.IsUndoing ? true : null,
            Path = path,
            Copy = inside.StartsWith(Backups, StringComparison.Ordinal) ? inside.Replace('\\', '/') : null,
            Length = backup.Length,
            Sha256 = backup.Sha256,
            Verified = run.Mask.Text(backup.Verified),
        });
        run.Journal.Flush();
    }

    public RecordedBackup? Find(string path) => run.KeptBackups.Steps
        .Where(s => s.Backup?.Path == path)
        .Select(s => new RecordedBackup(s.Backup?.Length ?? 0, s.Backup?.Sha256 ?? "", s.Backup?.Verified ?? "", s.Head.Id == step.Id && !run.IsUndoing))
        .LastOrDefault();

    /// <summary>The folder above those of all runs.</summary>
    public static string StoreOf(string runFolder) => Path.GetDirectoryName(Path.GetDirectoryName(runFolder)) ?? runFolder;

    /// <summary>Why the step may not begin: a backup that it requires is not there, or not whole. Null when it may.</summary>
    /// <remarks>Whatever cannot be found out counts as missing.</remarks>
    public string? Missing()
    {
        foreach (var id in step.Backups)
        {
            // A step with a list of items made one backup for each.
            var makers = run.KeptBackups.Steps.Where(s => s.Head.Id == id || s.Head.Id.StartsWith($"{id}[", StringComparison.Ordinal)).ToList();
            if ((makers.Count == 0 ? $"the run has no step '{id}'" : makers.Select(Problem).FirstOrDefault(p => p is not null)) is { } problem)
            {
                return $"it was not begun and nothing was destroyed: {problem}";
            }
        }

        return null;
    }

    private string? Problem(StepState maker)
    {
        if (maker.Standing != StepStanding.Succeeded)
        {
            return $"the backup of step '{maker.Head.Id}' is not made: the step {maker.Standing switch
            {
                StepStanding.Skipped => "was skipped",
                StepStanding.Failed => "failed",
                StepStanding.InDoubt => "was begun, and its outcome is not on record",
                _ => "has not run",
            }}";
        }

        if (maker.Backup is not { } backup)
        {
            return $"step '{maker.Head.Id}' put no backup on record";
        }

        var seen = run.Ports.Files.Stat(backup.Path);
        if (seen.Kind != Ports.FileKind.File || seen.Problem is not null)
        {
            return $"the backup of step '{maker.Head.Id}' is gone: {backup.Path}: {seen.Problem ?? "there is no such file"}";
        }

        if (seen.Length != backup.Length)
        {
            return $"the backup of step '{maker.Head.Id}' is not what it was: {backup.Path} has {seen.Length} bytes, {backup.Length} are on record";
        }

        try
        {
            var digest = run.Ports.Files.Digest(backup.Path, run.Stop.Interrupt);
            return digest.Sha256 is null ? $"the backup of step '{maker.Head.Id}' cannot be read: {backup.Path}: {digest.Problem}"
                : digest.Sha256 != backup.Sha256 ? $"the backup of step '{maker.Head.Id}' is not what it was: the SHA-256 of {backup.Path} is not the one on record"
                : null;
        }
        catch (OperationCanceledException) when (run.IsStopping)
        {
            return $"it was stopped while the backup of step '{maker.Head.Id}' was read";
        }
    }
}
