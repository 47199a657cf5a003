using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Containers;

/// <summary>What can be wrong with saying which container is meant.</summary>
public static class ContainerDiagnostics
{
    public static readonly Descriptor NotOne = new("RB3220", "container-not-named", "it is not said which container is meant", Severity.Error,
        "Name either one container or one Compose service: exactly one of the two fields. The other fields of a Compose project go with a service only.");

    public static readonly Descriptor NotOnePlace = new("RB3222", "container-place", "it is not said in which container a program runs", Severity.Error,
        "It runs in the container of a Compose service ('one_off' makes a new one of it), in a container that is named, or in one that is made from an image: exactly one of 'service', 'container' and 'image'. The fields of a Compose project and 'one_off' go with a service, 'network' with an image.");

    public static readonly ImmutableArray<Descriptor> All = [NotOne];
}
