using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Programs;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Readiness.Config;

/// <summary>What makes the project what it is lies in git, as it is here.</summary>
public sealed class ConfigItem : IReadyItem
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly ReadyFix See = new("see what git says itself", "git status");

    public string Name => "config";

    public string Statement => "Compose files, configuration files and playbooks are in git as they are here";

    public string Why => "What was changed on the machine and is in no commit is lost with the next checkout, and nobody knows what to go back to.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var inputs = project.Inputs;
        var inside = await GitAsync(project, ["rev-parse", "--is-inside-work-tree"], [], cancel);
        if (inside.Exit.ExitCode != 0)
        {
            return inside.LastLines.Any(l => l.Contains("not a git repository", StringComparison.Ordinal))
                ? ReadyAnswer.NotReady("the project is in no git repository", new ReadyFix("begin one", "git init && git add -A && git commit -m 'What is deployed'")) with { Seen = [new Sighting("git rev-parse", $"{inputs.Directory} is in no git repository")] }
                : ReadyAnswer.Unknown($"git did not say: {inside.Exit.StartError ?? inside.LastLines.LastOrDefault() ?? "it took too long"}", See);
        }

        var compose = inputs.Playbook?.Compose;
        var files = (compose?.Files.Select(project.Show) ?? []).Concat(inputs.IsGuessed ? [] : [Path.GetFileName(inputs.Project.Source.Path)]).Concat(inputs.Project.Config)
            .Concat((await project.PlaybooksAsync()).Select(p => p.Path)).Distinct(StringComparer.Ordinal).ToImmutableArray();
        ImmutableArray<string> variables = [.. (compose?.EnvFiles ?? []).Select(project.Show).Except(files, StringComparer.Ordinal)];
        ImmutableArray<string> all = [.. files, .. variables];
        var status = await GitAsync(project, [.. GitProgram.WithoutMonitor, "status", "--porcelain", "-z", "--ignored", "--untracked-files=all", "--no-renames", "--"], all, cancel);
        var known = await GitAsync(project, ["ls-files", "-z", "--"], all, cancel);
        if (status.Exit.ExitCode != 0 || known.Exit.ExitCode != 0)
        {
            return ReadyAnswer.Unknown($"git did not say: {status.LastLines.Concat(known.LastLines).LastOrDefault() ?? "it took too long"}", See);
        }

        var prefix = await GitAsync(project, ["rev-parse", "--show-prefix"], [], cancel);
        var standings = Standings(status.Exit.Captured.Span, prefix.Output.TrimEnd('\n'));
        var tracked = Encoding.UTF8.GetString(known.Exit.Captured.Span).Split('\0').ToHashSet(StringComparer.Ordinal);
        var target = (await project.TargetAsync()).Release?.Release;
        var commit = target?.Git?.Commit ?? "";
        bool? hasCommit = commit.Length == 0 ? null : (await GitAsync(project, ["cat-file", "-e"], [$"{commit}^{{commit}}"], cancel)).Exit.ExitCode switch { 0 => true, null => null, _ => false };
        return ConfigJudgement.Of([.. all.Select(f => new FileInGit(f, standings.GetValueOrDefault(f, tracked.Contains(f) ? GitStanding.Committed : GitStanding.Untracked), variables.Contains(f)))], target?.Id ?? "", commit, hasCommit);
    }

    /// <summary>"XY path", each with its end; paths are from the top of the repository.</summary>
    private static Dictionary<string, GitStanding> Standings(ReadOnlySpan<byte> output, string prefix)
    {
        var standings = new Dictionary<string, GitStanding>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(output).Split('\0').Where(l => l.Length > 3))
        {
            var path = line[3..].StartsWith(prefix, StringComparison.Ordinal) ? line[(3 + prefix.Length)..] : line[3..];
            standings[path] = line[..2] switch { "??" => GitStanding.Untracked, "!!" => GitStanding.Ignored, _ => GitStanding.Changed };
        }

        return standings;
    }

    private static Task<ProgramAnswer> GitAsync(ReadyProject project, ImmutableArray<string> words, ImmutableArray<string> more, CancellationToken cancel) =>
        ProgramQuestions.AskAsync(GitProgram.Start(project.Inputs.Directory, words, [.. more.Select(Rendered.Literal)]), Patience, project.Context, cancel);
}
