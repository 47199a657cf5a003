using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Volumes;

/// <summary>A Docker volume, reached through a container that is made and never started: nothing runs, and the image needs to hold nothing.</summary>
/// <param name="Name">Of the volume.</param>
/// <param name="Creation">Makes the container.</param>
/// <param name="Removal">Takes it away, also one that an attempt left.</param>
public sealed partial record VolumeAccess(string Name, string Container, ProgramStart Creation, ProgramStart Removal)
{
    private const string NameField = "name";
    private const string Image = "image";

    /// <summary>Where the volume is in the container.</summary>
    public const string Mount = "/volume";

    /// <summary>The fields by which a step says it; <see cref="Read"/> reads them.</summary>
    public static ImmutableArray<Field> Fields(string name) =>
    [
        new Field(NameField, FieldShape.Text, name) { Required = true, NotEmpty = true, IsShown = true },
        new Field(Image, FieldShape.Text, "an image that is on this machine, for a container that is made and never started; nothing is pulled") { Required = true, NotEmpty = true, IsShown = true },
    ];

    /// <param name="options">What comes after the mount: <c>:ro</c>, or nothing.</param>
    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static VolumeAccess? Read(Inputs inputs, PlanContext context, string purpose, string options)
    {
        foreach (var field in (ReadOnlySpan<string>)[NameField, Image])
        {
            var text = inputs.Text(field);
            if (!text.IsKnown)
            {
                context.Report(TemplateDiagnostics.NotKnown, inputs.SpanOf(field), $"'{field}' must be known when the plan is made, {text.Display} is not");
                return null;
            }

            if (field == NameField ? !VolumeName().IsMatch(text.Reveal()) : text.Reveal().StartsWith('-'))
            {
                context.Report(VolumeDiagnostics.BadName, inputs.SpanOf(field), $"'{text.Display}' is not the name of {(field == NameField ? "a volume" : "an image")}");
                return null;
            }
        }

        var (name, image) = (inputs.Text(NameField).Reveal(), inputs.Text(Image).Reveal());
        var container = $"runbook-{purpose}-{name}";
        return new VolumeAccess(
            name,
            container,
            Start(context, "create", "--pull", "never", "--network", "none", "--name", container, "--volume", $"{name}:{Mount}{options}", image, "true"),
            Start(context, "rm", "--force", container));
    }

    public static ProgramStart Start(PlanContext context, params ReadOnlySpan<string> words) => ProgramSteps.Start([.. words.ToArray().Prepend("docker").Select(Rendered.Literal)], context);

    public ImmutableArray<Requirement> Requirements => [.. ProgramSteps.RequirementsOf(Creation), new DockerEngineRequirement()];

    /// <summary>Makes the container, does something with it, and takes it away in any case.</summary>
    /// <returns>Why it could not be made, or what came out of it.</returns>
    public async Task<(HeardWork? Work, string? Problem)> WithContainerAsync(ProgramStart copy, StepContext context, string? from = null, string? to = null)
    {
        // There is none, unless an attempt was killed: that this finds nothing is what is expected.
        _ = await HeardProgram.RunAsync(Removal, context, isLogged: false);
        var created = await HeardProgram.RunAsync(Creation, context, isLogged: false);
        if (created.Failure is not null)
        {
            return (null, $"no container could be made for it: {created.Failure}");
        }

        var copied = await HeardProgram.RunAsync(copy, context, isLogged: true, from, to);
        var removed = await HeardProgram.RunAsync(Removal, context, isLogged: false);
        return (new HeardWork(copied.Outcome, copied.Failure, removed.Failure is { } left ? $"the container {Container} could not be removed: {left}" : null), null);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex VolumeName();
}

/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Note">What was left behind; null when nothing was.</param>
public sealed record HeardWork(ActionOutcome Outcome, string? Failure, string? Note);
