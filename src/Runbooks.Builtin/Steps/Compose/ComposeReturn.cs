using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>The way back from a <see cref="ComposeStep"/>: every service that it changed gets back as many containers as it had, from the same images, running where they ran.</summary>
/// <param name="After">Null when it was interrupted before that was on record.</param>
/// <param name="WorkingDirectory">Of the step.</param>
/// <param name="Environment">Of the step.</param>
internal sealed record ComposeReturn(ProjectState Before, ProjectState? After, string WorkingDirectory, ImmutableArray<EnvironmentAddition> Environment) : ComposeAction
{
    public ComposeReach Reach => Before.Reach;

    /// <summary>Everything else has been taken back: the Compose files and what they name are as they were, and containers that were made before that have to be made anew.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Services that an earlier step had changed too: what they were before that one is what counts in the end.</summary>
    public ImmutableArray<string> Elsewhere { get; init; } = [];

    public override StepAction? AtLast(IReadOnlyList<StepAction> later)
    {
        var rest = this with { IsFinal = true, Elsewhere = [.. later.OfType<ComposeReturn>().Where(r => r.Reach.Project.Name == Reach.Project.Name).SelectMany(r => r.Services).Select(s => s.Service).Distinct(StringComparer.Ordinal)] };
        return IsFinal || rest.Services.IsEmpty ? null : rest;
    }

    /// <summary>The services that the step has changed, or can have changed.</summary>
    public ImmutableArray<ServiceReturn> Services =>
    [
        .. Before.Services.Concat(After?.Services ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Except(Elsewhere, StringComparer.Ordinal)
            .Select(s => new ServiceReturn(s, Before.Of(s), After?.Of(s)))
            .Where(s => s.After is { } after ? !(s.HasItsContainers(after) && s.IsBack(after)) : Reach.Names(s.Service))
            .OrderBy(s => s.StartedAt),
    ];

    /// <summary>Everything that can be needed; what is not, once the engine has been asked, is left out.</summary>
    public override ActionPreview Preview => new([.. Programs(Services)]);

    public override bool IsRepeatable => true;

    public override ImmutableArray<Requirement> Requirements => [.. ProgramSteps.RequirementsOf(Start(["docker"])), .. Program.IsStandalone ? ProgramSteps.RequirementsOf(Start(Program.Words)) : [], new DockerEngineRequirement()];

    public ComposeProgram Program => Reach.Project.Program;

    public IEnumerable<string> Making(ServiceReturn service) => service.Making(Program);

    public ProgramStart Stopping(IEnumerable<string> ids) => Start(["docker", "stop", .. ids]);

    public ProgramStart Starting(IEnumerable<string> ids) => Start(["docker", "start", .. ids]);

    public ProgramStart Compose(IEnumerable<string> words) => Start([.. Reach.Words, .. words]);

    /// <summary>With the image as it was laid over the Compose files.</summary>
    public ProgramStart Overlaid(ServiceReturn service, IEnumerable<string> words) => Start([.. Reach.OverlaidWords, .. words]) with { StandardInput = Rendered.Literal(service.Overlay) };

    private IEnumerable<PlannedEffect> Programs(ImmutableArray<ServiceReturn> services)
    {
        if (services.IsEmpty)
        {
            yield break;
        }

        yield return new Waiting(IsFinal
            ? "asks, now that all else is taken back, whether the containers were made from what the files say, and does what is needed of the following"
            : "asks the engine what is there, and does what is needed of the following");
        foreach (var service in services)
        {
            if (service.Before.IsEmpty)
            {
                yield return Compose(service.Removal);
                continue;
            }

            if (service.ToStop.Any())
            {
                yield return Stopping(service.ToStop.Select(c => c.Id));
            }

            if (service.ToStart.Any())
            {
                yield return Starting(service.ToStart.Select(c => c.Id));
            }

            if (service.Image is not null)
            {
                yield return Compose(service.Digest);
                yield return Overlaid(service, service.Digest);
                yield return Compose(Making(service));
                yield return Overlaid(service, Making(service));
            }
        }

        foreach (var service in services)
        {
            yield return new Waiting($"then the engine must say of service {service.Service}: {ServiceReturn.Words(service.Before)}");
        }
    }

    private ProgramStart Start(IEnumerable<string> argv) => new([.. argv.Select(Rendered.Literal)], WorkingDirectory, Environment);
}
