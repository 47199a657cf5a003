using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Port;

/// <summary>What can be wrong with a <c>port:</c> check.</summary>
public static class PortDiagnostics
{
    public static readonly Descriptor Contradiction = new("RB3290", "port-contradiction", "two wishes about a port contradict each other", Severity.Error,
        "Who else may hold a port can be said only where it should be free.");

    public static readonly ImmutableArray<Descriptor> All = [Contradiction];
}
