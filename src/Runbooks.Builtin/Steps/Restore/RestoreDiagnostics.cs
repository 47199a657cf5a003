using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>What can be wrong with a <c>restore:</c> step.</summary>
public static class RestoreDiagnostics
{
    public static readonly Descriptor NotOneTarget = new("RB3155", "restore-target", "it is not said what is restored, or several things are", Severity.Error,
        "A restore has exactly one target: 'files: true' for an archive of files, 'postgres' or 'mysql' with a database for a dump, 'volume' with a new volume for an archive of one, 'git' with a file and a revision, or 'release' with a file. 'into' goes with files.");

    public static readonly Descriptor NoBackup = new("RB3156", "restore-from", "it is not said which backup is restored, or there is none to say", Severity.Error,
        "A backup is named in 'from'. What comes out of git, with 'git', or was kept with a release, is no backup.");

    public static readonly Descriptor BadRevision = new("RB3157", "restore-revision", "a text is not one revision", Severity.Error,
        "A revision is a commit, a tag or a branch. It holds no spaces and is not a range. One that begins with '-' would be read as an option.");

    public static readonly ImmutableArray<Descriptor> All = [NotOneTarget, NoBackup, BadRevision];
}
