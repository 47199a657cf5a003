using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Programs;

namespace Runbooks.Builtin.Probes;

/// <summary>What is checked out, what of it is in no commit, and the last commits. A commit is not what is deployed: that is on record, or not known.</summary>
public sealed class GitProbe : IProbe
{
    private const int ShownCommits = 5;
    private const int ShownFiles = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public string Name => "git";

    public string Source => "git";

    public ImmutableArray<string> Facts => [FactKeys.GitDirty];

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var folder = sight.Subject.Directory;
        async Task<(string? Output, string Problem)> Ask(params ImmutableArray<string> words)
        {
            var answer = await ProgramQuestions.AskAsync(GitProgram.Start(folder, [.. GitProgram.WithoutMonitor, .. words]), Patience, sight.Context, cancel);
            return answer.Exit.ExitCode == 0 ? (answer.Output, "")
                : (null, answer.Exit.StartError ?? (answer.Exit.Stopped ? "git took too long" : sight.Mask(answer.LastLines.LastOrDefault() ?? $"git ended with exit code {answer.Exit.ExitCode}")));
        }

        var (head, problem) = await Ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
        if (head?.Trim() is not { Length: >= 40 } commit || !commit.All(char.IsAsciiHexDigitLower))
        {
            return ProbeAnswer.Unknown(head is null ? $"git has no commit of the project's folder{(problem.Length > 0 ? $": {problem}" : "")}" : "git answered something that is no commit");
        }

        var status = await Ask("status", "--porcelain", "--untracked-files=no", "--", ".");
        var log = await Ask("log", $"--max-count={ShownCommits}", "--format=%h %cI %s", "--", ".");
        var last = await Ask("diff", "--name-only", "--relative", "HEAD~1", "HEAD", "--", ".");
        ImmutableArray<string> files = [.. sight.Subject.ComposeFiles, .. sight.Subject.EnvFiles, .. sight.Subject.Project?.Config ?? []];
        var tracked = files.IsEmpty ? ("", "") : await Ask(["ls-files", "-z", "--", .. files]);
        var differ = ImmutableSortedDictionary.CreateBuilder<string, bool?>(StringComparer.Ordinal);
        var migrations = sight.Subject.Project?.Migrations is { } declared ? declared.Folder.Length > 0 ? declared.Folder : "." : null;
        foreach (var then in migrations is null ? [] : sight.Candidates.Select(c => c.Release.Git?.Commit).OfType<string>().Where(IsCommit).Distinct(StringComparer.Ordinal))
        {
            var (changed, untracked) = (await Ask("diff", "--name-only", then, "--", migrations ?? "."), await Ask("ls-files", "--others", "--exclude-standard", "--", migrations ?? "."));
            differ[then] = changed.Output is null || untracked.Output is null ? null : Lines(changed.Output, sight).Concat(Lines(untracked.Output, sight)).Any(IsOfMigration);
        }

        return new ProbeAnswer(
            [
                new GitReading($"{Source} -C {folder}", sight.Now, commit)
                {
                    Dirty = status.Output is { } text ? [.. Lines(text, sight)] : null,
                    Log = [.. Lines(log.Output ?? "", sight)],
                    SinceLast = [.. Lines(last.Output ?? "", sight).Take(ShownFiles)],
                    Tracked = tracked.Item1 is { } names ? [.. names.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(files.Contains)] : null,
                    MigrationsDiffer = differ.ToImmutable(),
                },
            ],
            status.Output is null ? [$"whether everything is in a commit: {status.Problem}"] : []);
    }

    private static bool IsCommit(string text) => text.Length >= 40 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>In a folder of its own, any file; of a whole project, those that can be one.</summary>
    private static bool IsOfMigration(string path) => Path.GetExtension(path) is ".py" or ".rb" or ".sql" or ".java" or ".kt" or ".groovy" or ".xml" or ".yaml" or ".yml" or ".json" or ".class";

    private static IEnumerable<string> Lines(string output, Sight sight) => sight.Mask(output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Phrasing.Phrases.Line(l, 200));
}
