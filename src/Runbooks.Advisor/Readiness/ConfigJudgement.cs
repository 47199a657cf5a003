using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Advisor.Readiness;

/// <summary>What git says of a file.</summary>
public enum GitStanding
{
    Committed,

    /// <summary>It is in git, and not as it is here.</summary>
    Changed,
    Untracked,

    /// <summary>It is not in git, and git is told to leave it aside.</summary>
    Ignored,
}

/// <param name="Path">Relative to the project.</param>
/// <param name="MayHoldSecrets">A file with variables: that it is not in git is right.</param>
public sealed record FileInGit(string Path, GitStanding Standing, bool MayHoldSecrets);

/// <summary>Whether what makes the project what it is can be got back from git.</summary>
public static class ConfigJudgement
{
    private const string Git = "git status";

    /// <param name="commit">The commit of the release to go back to; empty when it is not on record.</param>
    /// <param name="hasCommit">Whether this clone has it; null when git did not say.</param>
    public static ReadyAnswer Of(ImmutableArray<FileInGit> files, string release, string commit, bool? hasCommit)
    {
        var parts = files.Select(Part).ToList();
        if (commit.Length > 0)
        {
            var shown = commit[..Math.Min(12, commit.Length)];
            parts.Add(hasCommit switch
            {
                true => new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting("git cat-file", $"commit {shown} of release {release} is in this clone")] },
                false => new ReadyPart(VerdictKind.DoesNotHold, $"commit {shown} of release {release} is not in this clone") { Seen = [new Sighting("git cat-file", $"there is no commit {shown}")], Fixes = [new ReadyFix("get the whole history", "git fetch --unshallow || git fetch --all --tags")] },
                _ => new ReadyPart(VerdictKind.Unknown, $"whether this clone has commit {shown} of release {release} cannot be told") { Fixes = [new ReadyFix("see what git says of it", $"git cat-file -t {shown}")] },
            });
        }

        var counted = files.Count(f => !f.MayHoldSecrets);
        return ReadyAnswer.Of(parts, counted == 1 ? $"{files.First(f => !f.MayHoldSecrets).Path} is in git as it is here" : $"all {counted} files are in git as they are here");
    }

    private static ReadyPart Part(FileInGit file)
    {
        var add = new ReadyFix("put it into git", $"git add {Quoted(file.Path)} && git commit -m 'What is deployed' -- {Quoted(file.Path)}");
        return (file.Standing, file.MayHoldSecrets) switch
        {
            (GitStanding.Committed, _) => new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting(Git, $"{file.Path} is committed")] },
            (_, true) => new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting(Git, $"{file.Path} is {(file.Standing == GitStanding.Changed ? "changed" : "not in git")}: a release keeps no value of it, so keep it where it can be got back from")] },
            (GitStanding.Changed, _) => new ReadyPart(VerdictKind.DoesNotHold, $"{file.Path} is not as it was committed")
            {
                Seen = [new Sighting(Git, $"{file.Path} is changed")],
                Fixes = [new ReadyFix("see what is changed, and commit it or put it back", $"git diff -- {Quoted(file.Path)}"), add],
            },
            (GitStanding.Ignored, _) => new ReadyPart(VerdictKind.DoesNotHold, $"{file.Path} is in no commit, and git is told to leave it aside")
            {
                Seen = [new Sighting(Git, $"{file.Path} is ignored")],
                Fixes = [new ReadyFix("put it into git, although it is ignored", $"git add --force {Quoted(file.Path)} && git commit -m 'What is deployed' -- {Quoted(file.Path)}")],
            },
            _ => new ReadyPart(VerdictKind.DoesNotHold, $"{file.Path} is in no commit") { Seen = [new Sighting(Git, $"{file.Path} is not tracked")], Fixes = [add] },
        };
    }

    private static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
