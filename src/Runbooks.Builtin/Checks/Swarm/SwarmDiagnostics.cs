using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Swarm;

/// <summary>What can be wrong with a <c>swarm:</c> check.</summary>
public static class SwarmDiagnostics
{
    public static readonly Descriptor BadUpdate = new("RB3350", "swarm-update", "a text is not what the update of a service can have come to", Severity.Error,
        "An update is 'none', 'updating', 'paused', 'completed', 'rollback_started', 'rollback_paused' or 'rollback_completed'; 'docker service inspect' shows it as UpdateStatus.");

    public static readonly ImmutableArray<Descriptor> All = [BadUpdate];
}
