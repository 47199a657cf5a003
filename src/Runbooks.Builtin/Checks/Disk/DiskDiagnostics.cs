using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Disk;

/// <summary>What can be wrong with a <c>disk:</c> check.</summary>
public static class DiskDiagnostics
{
    public static readonly Descriptor BadSize = new("RB3295", "disk-size", "a text is not a size or a share", Severity.Error,
        "A size is a number above 0 with its unit: B, KB, MB, GB, TB (thousands) or KiB, MiB, GiB, TiB (1024s). A share is a number above 0, at most 100, and '%'.");

    public static readonly ImmutableArray<Descriptor> All = [BadSize];
}
