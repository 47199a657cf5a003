using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Containers;

/// <summary>What can be wrong with saying which container is meant.</summary>
public static class ContainerDiagnostics
{
    public static readonly Descriptor NotOne = new("RB3220", "container-not-named", "it is not said which container is meant", Severity.Error,
        "Name either one container or one Compose service: exactly one of the two fields. The other fields of a Compose project go with a service only.");

    public static readonly ImmutableArray<Descriptor> All = [NotOne];
}
