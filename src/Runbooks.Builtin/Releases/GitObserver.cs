using Runbooks.Builtin.Git;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Releases;

/// <summary>At which commit a folder is.</summary>
/// <param name="folder">Absolute.</param>
internal sealed class GitObserver(string folder)
{
    private static readonly TimeSpan GitPatience = TimeSpan.FromSeconds(10);

    private readonly List<string> _unknown = [];

    /// <summary>What could not be found out, a sentence each.</summary>
    public IEnumerable<string> Unknown => _unknown;

    /// <summary>Null when it is in no repository, or git could not be asked.</summary>
    public async Task<GitState?> ObserveAsync(CheckContext context, CancellationToken cancel)
    {
        var head = await ProgramQuestions.AskAsync(GitProgram.Resolve(folder, Rendered.Literal("HEAD")), GitPatience, context, cancel);
        if (head.Exit.ExitCode != 0 || head.Output.Trim() is not { Length: > 0 } commit)
        {
            _unknown.Add($"the commit: {head.Exit.StartError ?? "git has none for the project's folder"}");
            return null;
        }

        var status = await ProgramQuestions.AskAsync(GitProgram.Start(folder, [.. GitProgram.WithoutMonitor, "status", "--porcelain", "--untracked-files=no"]), GitPatience, context, cancel);
        return new GitState(commit, status.Exit.ExitCode == 0 ? status.Exit.Captured.Length > 0 : null);
    }
}
