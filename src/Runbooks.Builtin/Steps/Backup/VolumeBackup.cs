using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>Saves a Docker volume that nobody is writing to, and reads the archive to its end.</summary>
internal static class VolumeBackup
{
    public static async Task<WrittenBackup> WriteAsync(VolumeSource source, string partial, StepContext context, CancellationToken cancel)
    {
        var inspected = await HeardProgram.RunAsync(source.Inspection, context, isLogged: false);
        if (inspected.Failure is not null)
        {
            return WrittenBackup.Failed($"volume '{source.Access.Name}' cannot be looked at: {inspected.Failure}");
        }

        var users = new List<string>();
        var asked = await HeardProgram.RunAsync(source.Users, context, isLogged: false, line: users.Add);
        if (asked.Failure is not null)
        {
            return WrittenBackup.Failed($"who uses the volume cannot be found out: {asked.Failure}");
        }

        if (users.Count > 0 && !source.AllowRunning)
        {
            return WrittenBackup.Failed($"{Phrases.And(users)} {(users.Count == 1 ? "has" : "have")} the volume and may be writing to it: stop first, or 'allow_running: true'");
        }

        var (work, problem) = await source.Access.WithContainerAsync(source.Copy, context, to: partial);
        if (work is null)
        {
            return WrittenBackup.Failed(problem ?? "it was not copied");
        }

        var program = work.Note is null ? work.Outcome : work.Outcome with { Notes = [.. work.Outcome.Notes, work.Note] };
        if (work.Failure is not null)
        {
            return WrittenBackup.Failed(work.Failure) with { Program = program };
        }

        // The folder itself is an entry.
        var read = context.Ports.Archives.Read(partial, cancel);
        var failure = read.Problem ?? (!read.IsEnded ? "the archive ends too early" : read.Entries <= 1 && !source.AllowEmpty ? "there is nothing in the volume: is it the right one? 'allow_empty: true' saves it all the same" : null);
        return failure is not null
            ? WrittenBackup.Failed(failure) with { Program = program }
            : new WrittenBackup(read.Length, read.Sha256, $"{Phrases.Count(read.Entries, "entry", "entries")} read to the end", null) { Program = program };
    }
}
