using System.Collections.Immutable;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>A command to Docker Compose with its project spelled out.</summary>
/// <param name="Reading">Reads the project and touches nothing, before a command that makes containers out of it; null where the Compose files do not matter.</param>
public sealed record ComposeStep(ProgramStart Command, ProgramStart? Reading) : ComposeAction
{
    /// <summary>Which services are looked at before and after, so that it can be taken back; null when it cannot be.</summary>
    public ComposeReach? Reach { get; init; }

    /// <summary>Images that must be on this machine before the command; null where Compose itself is told to pull nothing.</summary>
    internal ComposeImages? Images { get; init; }

    public override ActionPreview Preview => (Reading, Images) switch
    {
        (null, _) => ActionPreview.Of(Command),
        (_, null) => ActionPreview.Of(Reading, Command),
        _ => ActionPreview.Of(Reading, new Waiting(ComposeImages.Words), Command),
    };

    /// <summary>What is there before is looked at first: it is what a person would have to bring back.</summary>
    public override ImmutableArray<PlannedEffect> ByHand =>
    [
        .. Reach is null ? Array.Empty<PlannedEffect>() : [Command with { Argv = [.. Reach.Words.Concat(["ps", "--all"]).Concat(Reach.Services).Select(Rendered.Literal)], Environment = [] }],
        .. Preview.Effects,
    ];

    /// <summary>Steps are taken back the last one first, so the files are as they were only when the first change of a container is taken back.</summary>
    public override ImmutableArray<PlannedEffect> BackByHand => Reach is null ? [] :
    [
        new Waiting("with the files as they are by then, and once more when the last file has been put back:"),
        Command with { Argv = [.. Reach.Words.Concat(["up", "-d", "--no-build", "--no-deps"]).Concat(Reach.Services).Select(Rendered.Literal)] },
    ];

    /// <summary>Compose is told what is to be, and does what is missing.</summary>
    public override bool IsRepeatable => true;

    public override string? Inverse => Reach is null ? null : $"{Reach.Noun} {(Reach.Services.Length == 1 ? "gets" : "get")} back the containers that are there when the step begins: from the same images, running or not";

    public override ImmutableArray<Requirement> Requirements =>
        [.. ProgramSteps.RequirementsOf(Command), new DockerEngineRequirement(), .. Reach is { Project: var project } ? [new ProjectFolderRequirement(project.Name, project.Directory)] : Array.Empty<Requirement>()];
}
