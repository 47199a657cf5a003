using System.Collections.Immutable;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Editing;

namespace Runbooks.Builtin.FileEdits;

/// <summary>A file with some values changed, every other byte kept.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Change">The file before and after, by its SHA-256.</param>
/// <param name="After">The bytes that will be there. They may hold secrets.</param>
public sealed record FileEdit(string Path, FileChange Change, ImmutableArray<byte> After)
{
    public const string Inverse = "the saved file is put back";

    /// <summary>Plans the change, and lays it over the files that later steps are planned with.</summary>
    /// <param name="isSecret">Whether the value of an edit, by its index, is secret.</param>
    internal static FileEdit Plan(string path, ReadOnlySpan<byte> before, Edited edited, Func<int, bool> isSecret, PlanContext context)
    {
        context.Files.WillWrite(path, edited.Bytes);
        var diff = EditDiff.Of(before, edited, isSecret, context.Mask);
        return new FileEdit(path, new FileChange(context.Show(path), Sha256.Hex(before), Sha256.Hex(edited.Bytes.AsSpan()), diff), edited.Bytes);
    }

    internal async Task<ActionOutcome> ApplyAsync(StepContext context)
    {
        var (shown, read) = (Change.Path, context.Ports.Files.Read(Path));
        if (read.Bytes is not { } now)
        {
            return Untouched($"{shown} cannot be read: {read.Problem}");
        }

        var found = Sha256.Hex(now);
        if (found == Change.AfterSha256)
        {
            return new ActionOutcome { Changed = false, Untouched = true, Observed = $"{shown} is already as wanted" };
        }

        if (found != Change.BeforeSha256)
        {
            return Untouched($"{shown} was changed since the plan was made; look at it and make a new plan");
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Stop.Interrupt, context.Stop.Kill);
        try
        {
            await context.KeepAsync(Path, now, Change.AfterSha256, ended.Token);
            ended.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return Untouched($"{shown} was not changed: the step was ended first");
        }

        return context.Ports.Files.Replace(Path, After.AsSpan()) is { } problem
            ? NotWritten($"{shown} could not be written: {problem}", context)
            : ActionOutcome.Done($"{shown} written");
    }

    /// <summary>The last thing that can fail is making the new file durable, and then it is there already.</summary>
    private ActionOutcome NotWritten(string failure, StepContext context) =>
        context.Ports.Files.Read(Path).Bytes is { } found && Sha256.Hex(found) == Change.BeforeSha256
            ? Untouched(failure)
            : ActionOutcome.Failed(failure);

    private static ActionOutcome Untouched(string failure) => ActionOutcome.Failed(failure) with { Untouched = true, Changed = false };
}
