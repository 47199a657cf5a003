using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Checks.Compose;

/// <summary>Which services of a Compose project must be up.</summary>
/// <param name="Services">Those that must be running; empty for all that have containers.</param>
/// <param name="Finished">Those that must have ended with code 0.</param>
public sealed record ComposeCheck(string Project, ImmutableArray<string> Services, ImmutableArray<string> Finished) : CheckQuestion
{
    public override ImmutableArray<PlannedEffect> ByHand => [Containers.ByHand.Start("docker", "ps", "--all", "--filter", $"label={ContainerChoice.ProjectLabel}={Project}")];

    public override string Statement
    {
        get
        {
            var running = Services.IsEmpty ? $"all services of project {Project} are running" : $"{Phrases.And(Services)} of project {Project} {(Services.Length == 1 ? "is" : "are")} running";
            return Finished.IsEmpty ? running : $"{running}, and {Phrases.And(Finished)} {(Finished.Length == 1 ? "has" : "have")} ended with code 0";
        }
    }
}
