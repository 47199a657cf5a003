using System.Text;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>Gives a file the bytes that it had at a revision, after it has saved what stands in their place. Git's index, its HEAD and every other file stay as they are.</summary>
/// <remarks>The bytes are those of the commit: no filter and no conversion of line ends is applied, as with <c>git show</c>.</remarks>
internal static class GitRestoration
{
    /// <summary>Bytes.</summary>
    private const int Largest = 64 << 20;

    private const int LargestAnswer = 64 << 10;
    private const int ShownId = 12;

    public static async Task<ActionOutcome> RunAsync(GitTarget target, StepContext context, CancellationToken cancel)
    {
        if (GitProgram.RevisionProblem(target.Revision.Reveal()) is { } bad)
        {
            return Untouched(bad);
        }

        var (commit, problem) = await AskAsync(target.Resolve, LargestAnswer, context);
        if (commit is null)
        {
            return Untouched($"there is no revision {target.Revision.Display} where {target.Shown} lies{(problem.Length > 0 ? $": {problem}" : "; a shallow clone may have to fetch it first")}");
        }

        var id = Encoding.UTF8.GetString(commit).Trim();
        var revision = $"{target.Revision.Display} ({id[..Math.Min(id.Length, ShownId)]})";
        (var listing, problem) = await AskAsync(target.Listing, LargestAnswer, context);
        if (listing is null)
        {
            return Untouched($"what {revision} has of {target.Shown} cannot be found out: {problem}");
        }

        var mode = Encoding.UTF8.GetString(listing).Split(' ')[0];
        if (mode is not ("100644" or "100755" or "100664"))
        {
            return Untouched(mode switch
            {
                "" => $"{revision} has no {target.Shown}",
                "120000" => $"{target.Shown} is a symbolic link in {revision}: only files are restored",
                "160000" => $"{target.Shown} is a submodule in {revision}: only files are restored",
                _ => $"{target.Shown} is a folder in {revision}: only files are restored",
            });
        }

        (var bytes, problem) = await AskAsync(target.Content, Largest, context);
        return bytes is null ? Untouched($"{target.Shown} cannot be read from {revision}: {problem}")
            : bytes.AsSpan().StartsWith("version https://git-lfs.github.com/spec/"u8) ? Untouched($"{revision} has only a Git LFS pointer of {target.Shown}: its bytes are elsewhere")
            : await WriteAsync(target, revision, bytes, context, cancel);
    }

    private static async Task<ActionOutcome> WriteAsync(GitTarget target, string revision, byte[] bytes, StepContext context, CancellationToken cancel)
    {
        var (files, wanted) = (context.Ports.Files, Sha256.Hex(bytes));
        var isThere = files.Stat(target.To).Kind != FileKind.Missing;
        var read = isThere ? files.Read(target.To) : default;
        if (isThere && read.Bytes is null)
        {
            return Untouched($"{target.ShownTo} cannot be saved before it is overwritten: {read.Problem}");
        }

        if (read.Bytes is { } now && now.AsSpan().SequenceEqual(bytes))
        {
            return new ActionOutcome { Changed = false, Untouched = true, Observed = $"{target.ShownTo} is already as in {revision}" };
        }

        try
        {
            // Spelled out: a null that is taken for an array becomes an empty file.
            await context.KeepAsync(target.To, read.Bytes is { } before ? new ReadOnlyMemory<byte>(before) : (ReadOnlyMemory<byte>?)null, wanted, cancel);
            cancel.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Untouched($"{target.ShownTo} was not changed: the step was ended first");
        }

        var refused = isThere ? files.Replace(target.To, bytes) : files.Create(target.To, bytes);
        return refused is null ? ActionOutcome.Done($"{target.ShownTo} as in {revision}, {Phrases.Count(bytes.Length, "byte")}")
            : files.Read(target.To).Bytes is { } left ? left.AsSpan().SequenceEqual(read.Bytes) ? Untouched($"{target.ShownTo} could not be written: {refused}") : ActionOutcome.Failed($"{target.ShownTo} could not be written for certain: {refused}")
            : ActionOutcome.Failed($"{target.ShownTo} could not be written: {refused}");
    }

    /// <returns>What git wrote; or null, with what it said was wrong.</returns>
    private static async Task<(byte[]? Bytes, string Problem)> AskAsync(ProgramStart start, int limit, StepContext context)
    {
        // Unmasked: these are the bytes of the file. They are shown nowhere.
        var exit = await context.Ports.Processes.RunAsync(ProgramSteps.SpecOf(start, context.Marks), new ProcessOutput { CaptureLimit = limit }, context.Stop);
        return exit switch
        {
            { StartError: { } error } => (null, $"git could not be started: {error}"),
            { Stopped: true } => (null, "git was ended"),
            { ExitCode: 0, CaptureExceeded: true } => (null, $"it has more than {ByteSizes.Format(limit)}"),
            { ExitCode: 0 } => (exit.Captured.ToArray(), ""),
            { ExitCode: 1 } => (null, ""),
            { ExitCode: { } code } => (null, $"git ended with exit code {code}"),
            _ => (null, $"git was killed by signal {exit.Signal}"),
        };
    }

    private static ActionOutcome Untouched(string failure) => ActionOutcome.Failed(failure) with { Untouched = true, Changed = false };
}
