using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>What can be wrong with a <c>backup:</c> step.</summary>
public static class BackupDiagnostics
{
    public static readonly Descriptor NotOneSource = new("RB3150", "backup-source", "it is not said what is saved, or several things are", Severity.Error,
        "A backup has exactly one source: 'files' with paths of files and folders, 'postgres' with a database, or 'volume' with a Docker volume. Several things are saved by several steps, so that each can be verified and required alone.");

    public static readonly Descriptor BadPath = new("RB3151", "backup-path", "a path cannot be saved, or saved to", Severity.Error,
        "What is saved is a file or a folder below the root of the file system, and the backup does not lie under the path of a file that it saves.");

    public static readonly ImmutableArray<Descriptor> All = [NotOneSource, BadPath];
}
