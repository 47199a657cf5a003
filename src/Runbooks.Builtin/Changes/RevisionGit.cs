using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Ports;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Changes;

/// <summary>Asks git what a commit holds. It changes nothing, and takes the bytes as they are in the commit.</summary>
/// <param name="folder">Absolute: the project's folder.</param>
internal sealed class RevisionGit(IProcesses processes, TimeProvider time, string folder)
{
    private const int Largest = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The top of the repository, and the project's folder below it: empty, or ending with '/'.</summary>
    public async Task<(string Top, string Prefix, string? Problem)> PlaceAsync(CancellationToken cancel)
    {
        var (bytes, problem) = await AskAsync(["rev-parse", "--show-toplevel", "--show-prefix"], default, cancel);
        var lines = Encoding.UTF8.GetString(bytes ?? []).Split('\n');
        return lines is [{ Length: > 0 } top, var prefix, ..] ? (top, prefix, null) : ("", "", $"{folder} is in no git repository{(problem.Length > 0 ? $": {problem}" : "")}");
    }

    /// <returns>The id of the commit that a revision is; or why there is none.</returns>
    public async Task<(string? Commit, string Problem)> CommitAsync(string revision, CancellationToken cancel)
    {
        if (GitProgram.RevisionProblem(revision) is { } wrong)
        {
            return (null, wrong);
        }

        var (bytes, problem) = await AskAsync(["rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}"], default, cancel);
        return Encoding.UTF8.GetString(bytes ?? []).Trim() is { Length: > 0 } commit ? (commit, "") : (null, $"there is no revision {revision}{(problem.Length > 0 ? $": {problem}" : "; a shallow clone may have to fetch it first")}");
    }

    /// <summary>All files of a commit.</summary>
    public async Task<(ImmutableSortedDictionary<string, RevisionEntry>? Entries, string Problem)> ListAsync(string commit, CancellationToken cancel)
    {
        var (bytes, problem) = await AskAsync(["ls-tree", "-r", "-z", "-l", "--full-tree", commit], default, cancel);
        if (bytes is null)
        {
            return (null, problem.Length > 0 ? problem : "git has no tree of it");
        }

        var entries = ImmutableSortedDictionary.CreateBuilder<string, RevisionEntry>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t');
            if (tab > 0 && line[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var mode, "blob", var id, var length])
            {
                entries[line[(tab + 1)..]] = new RevisionEntry(line[(tab + 1)..], id, long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : long.MaxValue, mode == "120000");
            }
        }

        return (entries.ToImmutable(), "");
    }

    /// <summary>The bytes of blobs, by their ids.</summary>
    public async Task<(Dictionary<string, byte[]> Blobs, string? Problem)> ReadAsync(IEnumerable<string> ids, CancellationToken cancel)
    {
        var blobs = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var asked = string.Join('\n', ids.Distinct(StringComparer.Ordinal));
        if (asked.Length == 0)
        {
            return (blobs, null);
        }

        var (bytes, problem) = await AskAsync(["cat-file", "--batch"], Encoding.ASCII.GetBytes($"{asked}\n"), cancel);
        if (bytes is null)
        {
            return (blobs, problem.Length > 0 ? problem : "git did not give the files");
        }

        // "<id> blob <length>\n<bytes>\n", again and again.
        for (var at = 0; at < bytes.Length && bytes.AsSpan(at).IndexOf((byte)'\n') is >= 0 and var end;)
        {
            var head = Encoding.ASCII.GetString(bytes, at, end).Split(' ');
            at += end + 1;
            if (head is [var id, "blob", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && at + length <= bytes.Length)
            {
                blobs[id] = bytes[at..(at + length)];
                at += length + 1;
            }
        }

        return (blobs, null);
    }

    private async Task<(byte[]? Bytes, string Problem)> AskAsync(ImmutableArray<string> words, ReadOnlyMemory<byte> input, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var spec = ProgramSteps.SpecOf(GitProgram.Start(folder, words, ReadOnlySpan<Rendered>.Empty), ImmutableSortedDictionary<string, string>.Empty) with { StandardInput = input, EndDescendants = true };
        var exit = await processes.RunAsync(spec, new ProcessOutput { CaptureLimit = Largest }, new StopTokens(either.Token, CancellationToken.None));
        cancel.ThrowIfCancellationRequested();
        return exit switch
        {
            { StartError: { } error } => (null, $"git could not be started: {error}"),
            { Stopped: true } => (null, "git took too long"),
            { CaptureExceeded: true } => (null, $"git says more than {Largest >> 20} MiB"),
            { ExitCode: 0 } => (exit.Captured.ToArray(), ""),
            { ExitCode: 1 } => (null, ""),
            { ExitCode: { } code } => (null, $"git ended with exit code {code}"),
            _ => (null, $"git was killed by signal {exit.Signal}"),
        };
    }
}
