using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Git;

/// <summary>What can be wrong with a <c>git:</c> check.</summary>
public static class GitDiagnostics
{
    public static readonly Descriptor NothingAsked = new("RB3270", "git-nothing-asked", "a git check asks nothing", Severity.Error,
        "A check that asserts nothing would always hold. Say what must be true: clean, has, or branch.");

    public static readonly Descriptor BadRevision = new("RB3271", "git-revision", "a text is not one revision", Severity.Error,
        "A revision is a commit, a tag or a branch. It holds no spaces and is not a range. One that begins with '-' would be read as an option, one that begins with '^' as its opposite.");

    public static readonly ImmutableArray<Descriptor> All = [NothingAsked, BadRevision];
}
