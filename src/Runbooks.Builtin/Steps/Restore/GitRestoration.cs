using System.Text;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
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
            return RestoredBytes.Untouched(bad);
        }

        var (commit, problem) = await AskAsync(target.Resolve, LargestAnswer, context);
        if (commit is null)
        {
            return RestoredBytes.Untouched($"there is no revision {target.Revision.Display} where {target.Shown} lies{(problem.Length > 0 ? $": {problem}" : "; a shallow clone may have to fetch it first")}");
        }

        var id = Encoding.UTF8.GetString(commit).Trim();
        var revision = $"{target.Revision.Display} ({id[..Math.Min(id.Length, ShownId)]})";
        (var listing, problem) = await AskAsync(target.Listing, LargestAnswer, context);
        if (listing is null)
        {
            return RestoredBytes.Untouched($"what {revision} has of {target.Shown} cannot be found out: {problem}");
        }

        var mode = Encoding.UTF8.GetString(listing).Split(' ')[0];
        if (mode is not ("100644" or "100755" or "100664"))
        {
            return RestoredBytes.Untouched(mode switch
            {
                "" => $"{revision} has no {target.Shown}",
                "120000" => $"{target.Shown} is a symbolic link in {revision}: only files are restored",
                "160000" => $"{target.Shown} is a submodule in {revision}: only files are restored",
                _ => $"{target.Shown} is a folder in {revision}: only files are restored",
            });
        }

        (var bytes, problem) = await AskAsync(target.Content, Largest, context);
        return bytes is null ? RestoredBytes.Untouched($"{target.Shown} cannot be read from {revision}: {problem}")
            : bytes.AsSpan().StartsWith("version https://git-lfs.github.com/spec/"u8) ? RestoredBytes.Untouched($"{revision} has only a Git LFS pointer of {target.Shown}: its bytes are elsewhere")
            : await new RestoredBytes(target.To, target.ShownTo, bytes).WriteAsync(revision, context, cancel);
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
}
