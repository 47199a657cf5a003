using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Volumes;

/// <summary>What can be wrong with saying which Docker volume is meant.</summary>
public static class VolumeDiagnostics
{
    public static readonly Descriptor BadName = new("RB3170", "volume-name", "a text is not the name of a volume or an image", Severity.Error,
        "A volume has letters, digits, '.', '-' and '_' and begins with a letter or a digit; an image does not begin with '-'. Anything else could be read as an option or as a path.");

    public static readonly ImmutableArray<Descriptor> All = [BadName];
}
