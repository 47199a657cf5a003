using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Projects;

namespace Runbooks.Advisor.Readiness;

/// <summary>Where a service gets its health check from.</summary>
public enum HealthSource
{
    /// <summary>It could not be found out.</summary>
    Unknown,
    None,

    /// <summary>The Compose files switch it off.</summary>
    Disabled,
    Compose,
    Image,
}

/// <param name="Problem">Why it could not be found out; empty when it was.</param>
/// <param name="Fix">What would give it one; null when nothing is known.</param>
public sealed record ServiceHealth(ServiceDeclaration Service, HealthSource Source, string Problem, ReadyFix? Fix);

/// <summary>Whether the engine itself can tell when a service is well.</summary>
public static class HealthJudgement
{
    private const string Compose = "docker compose config";

    /// <param name="projectFile">For people.</param>
    public static ReadyAnswer Of(string projectFile, ImmutableArray<ServiceHealth> services)
    {
        var parts = services.Select(Part).ToList();
        if (services.Any(s => s.Service.Kind is ServiceKind.Application or ServiceKind.Proxy) && services.All(s => s.Service.Health.Length == 0))
        {
            parts.Add(new ReadyPart(VerdictKind.DoesNotHold, $"{projectFile} names no 'health' address of any service: that a release is good means no more than that its containers run")
            {
                Fixes = [new ReadyFix($"write the address that answers when it is well below a service of {projectFile}: 'health: http://127.0.0.1:8080/health'", "runbook explain project-health")],
            });
        }

        var asked = services.Count(s => Needs(s.Service));
        return ReadyAnswer.Of(parts, asked switch
        {
            0 => "no service has to answer",
            1 => $"{services.First(s => Needs(s.Service)).Service.Name} has a health check",
            _ => $"all {asked} services that have to answer have a health check",
        });
    }

    /// <summary>A worker answers nobody; that it runs without being restarted is what is asked of it.</summary>
    private static bool Needs(ServiceDeclaration service) => service.Kind != ServiceKind.Worker;

    private static ReadyPart Part(ServiceHealth health)
    {
        var name = health.Service.Name;
        ImmutableArray<ReadyFix> fixes = health.Fix is { } fix ? [fix] : [];
        return (health.Source, Needs(health.Service)) switch
        {
            (HealthSource.Compose, _) => new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting(Compose, $"{name} has a health check")] },
            (HealthSource.Image, _) => new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting("docker image inspect", $"the image of {name} brings a health check")] },
            (_, false) => new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting(Compose, $"{name} is a worker and has no health check")] },
            (HealthSource.Disabled, _) => new ReadyPart(VerdictKind.DoesNotHold, $"the health check of {name} is switched off") { Seen = [new Sighting(Compose, $"{name}: healthcheck is disabled")], Fixes = fixes },
            (HealthSource.None, _) => new ReadyPart(VerdictKind.DoesNotHold, $"{name} has no health check") { Seen = [new Sighting(Compose, $"{name} has no healthcheck, and its image brings none")], Fixes = fixes },
            _ => new ReadyPart(VerdictKind.Unknown, $"whether {name} has a health check cannot be told: {health.Problem}") { Fixes = fixes.IsEmpty ? [CommonFixes.Engine] : fixes },
        };
    }
}
