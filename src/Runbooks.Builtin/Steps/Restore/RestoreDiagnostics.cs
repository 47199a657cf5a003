using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>What can be wrong with a <c>restore:</c> step.</summary>
public static class RestoreDiagnostics
{
    public static readonly Descriptor NotOneTarget = new("RB3155", "restore-target", "it is not said what is restored, or several things are", Severity.Error,
        "A restore has exactly one target: 'files: true' for an archive of files, 'postgres' with a database for a dump, or 'volume' with a new volume for an archive of one. 'into' goes with files.");

    public static readonly ImmutableArray<Descriptor> All = [NotOneTarget];
}
