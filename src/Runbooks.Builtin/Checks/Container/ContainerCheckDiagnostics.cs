using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Container;

/// <summary>What can be wrong with a <c>container:</c> check.</summary>
public static class ContainerCheckDiagnostics
{
    public static readonly Descriptor Contradiction = new("RB3221", "container-contradiction", "two wishes about a container contradict each other", Severity.Error,
        "A container that is absent or has ended has no health and no time it is up; only one that has ended has an exit code.");

    public static readonly ImmutableArray<Descriptor> All = [Contradiction];
}
