using System.Collections.Immutable;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Undoing;

/// <summary>The undo that follows from what a step saved: every file gets the bytes back that it had. No key of a playbook; it comes with the engine.</summary>
internal sealed class PutBackKind : StepKind<PutBack>
{
    public override KindDeclaration Declaration { get; } = new("put back", "Gives files the bytes back that they had before a step.", () => new FieldSet("'put back'", []));

    public override PutBack Plan(Inputs inputs, PlanContext context) => throw new InvalidOperationException("what is put back comes from the journal");

    public override async Task<ActionOutcome> RunAsync(PutBack action, StepContext context)
    {
        var written = new List<string>();
        foreach (var file in action.Files)
        {
            if (await RestoreAsync(file, context, written) is { } problem)
            {
                return ActionOutcome.Failed(problem) with { Changed = written.Count > 0, Untouched = written.Count == 0 };
            }
        }

        return written.Count == 0
            ? new ActionOutcome { Changed = false, Observed = action.Files.IsEmpty ? action.Otherwise : "every file is as it was before" }
            : ActionOutcome.Done($"{string.Join(", ", written)} put back");
    }

    private static async Task<string?> RestoreAsync(SavedFile file, StepContext context, List<string> written)
    {
        if (file.Copy.Length == 0)
        {
            return Remove(file, context, written);
        }

        var (shown, read) = (file.Change.Path, context.Ports.Files.Read(file.Path));
        if (read.Bytes is not { } now)
        {
            return $"{shown} cannot be read: {read.Problem}";
        }

        var found = Sha256.Hex(now);
        if (found == file.Change.AfterSha256)
        {
            return null;
        }

        if (found != file.Change.BeforeSha256)
        {
            return $"{shown} was changed by somebody else since the step: it is left as it is; what it was before is saved in {file.Copy}";
        }

        await context.KeepAsync(file.Path, now, file.Change.AfterSha256, context.Stop.Kill);
        if (context.Ports.Files.Replace(file.Path, file.Before.AsSpan()) is { } problem)
        {
            return $"{shown} could not be written: {problem}";
        }

        written.Add(shown);
        return null;
    }

    /// <summary>A file that the step made is taken away, if it still is what the step made.</summary>
    private static string? Remove(SavedFile file, StepContext context, List<string> written)
    {
        var shown = file.Change.Path;
        if (context.Ports.Files.Stat(file.Path) is { Kind: FileKind.Missing, Problem: null })
        {
            return null;
        }

        var digest = context.Ports.Files.Digest(file.Path, context.Stop.Kill);
        if (digest.Sha256 != file.Change.BeforeSha256)
        {
            return digest.Problem is { } unread ? $"{shown} cannot be read: {unread}" : $"{shown} was changed by somebody else since the step: it is left as it is";
        }

        if (context.Ports.Archives.Remove(file.Path) is { } problem)
        {
            return $"{shown} could not be removed: {problem}";
        }

        written.Add($"{shown} (removed)");
        return null;
    }
}

internal sealed record PutBack(ImmutableArray<SavedFile> Files) : StepAction
{
    /// <summary>What is said where there is no file to put back.</summary>
    public string Otherwise { get; init; } = "";

    public override ActionPreview Preview => new([.. Files.Select(f => f.Change)]);

    public override bool IsRepeatable => true;

    public override ImmutableArray<Requirement> Requirements => [.. Files.Select(f => new WritableFileRequirement(f.Path))];
}

/// <param name="Path">Absolute.</param>
/// <param name="Copy">Its name under the run's folder; empty when there was no file.</param>
/// <param name="Before">The bytes to put back. They may hold secrets.</param>
/// <param name="Change">From what the step left to what was there.</param>
internal sealed record SavedFile(string Path, string Copy, ImmutableArray<byte> Before, FileChange Change);
