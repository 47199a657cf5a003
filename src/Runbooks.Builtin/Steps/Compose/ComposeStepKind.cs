using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary><c>compose:</c> gives one command to Docker Compose, with project, folder, files and env files spelled out.</summary>
public sealed partial class ComposeStepKind : StepKind<ComposeAction>
{
    private const string Services = "services";
    private const string Profiles = "profiles";

    /// <summary>Set otherwise in someone's environment or env file, it would make <c>up</c> remove containers that this playbook does not know.</summary>
    private static readonly EnvironmentAddition KeepOrphans = new("COMPOSE_REMOVE_ORPHANS", Rendered.Literal("false"));

    /// <summary>With one of these the command may go to another engine than the one that is asked what is there.</summary>
    private static readonly ImmutableArray<string> OtherEngine = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"];

    public override KindDeclaration Declaration { get; } = new("compose", "Gives a command to Docker Compose, with the project spelled out.", () => new FieldSet("'compose'",
    [
        new Field("command", FieldShape.Choice, "what Compose does") { Required = true, Choices = ComposeCommands.Names },
        new Field(Services, FieldShape.TextList, "the services it is done to") { Otherwise = "all services of the project", IsShown = true },
        .. ComposeFields.All,
        new Field(Profiles, FieldShape.TextList, "the profiles that are on") { IsShown = true },
        .. ComposeCommands.Fields,
    ])
    { Shorthand = "command" })
    {
        StartsProgram = true,
    };

    public override ImmutableArray<Descriptor> Descriptors => ComposeDiagnostics.All;

    public override ComposeAction? Plan(Inputs inputs, PlanContext context)
    {
        var command = inputs.Choice("command");
        var (fits, project) = (ComposeCommands.Fit(command, inputs, context), ComposeProjects.ReadForCommand(inputs, context));
        var (services, profiles) = (ServicesOf(inputs, context), ComposeProjects.KnownTexts(inputs, Profiles, context));
        if (!fits || project is null || !ComposeCommands.Fit(project.Program, inputs, context) || services is not { } names || profiles is not { } on || OverlayOf(inputs, names, context) is not { } overlay)
        {
            return null;
        }

        var isElsewhere = context.Environment.Any(e => OtherEngine.Contains(e.Name));
        var needsImages = project.Program.PullsUnasked && command is "up" or "create" && inputs.Choice(ComposeCommands.Pull) == "never";
        if (needsImages && isElsewhere)
        {
            context.Report(ComposeDiagnostics.NotInOne, inputs.Span, $"{project.Program.Name} pulls images that are missing, and those of another engine cannot be looked up before", "write 'pull: missing', or install the plugin 'docker compose'");
            return null;
        }

        var reach = new ComposeReach(project, on, [.. names.Where(n => n.IsKnown).Select(n => n.Reveal())], ComposeCommands.ReachesOthers(command) && !inputs.Flag(ComposeCommands.NoDeps))
        {
            AllowsBlank = inputs.Flag(ComposeCommands.AllowBlank),
            Pulls = command is "up" or "create" && inputs.Choice(ComposeCommands.Pull) != "never",
        };
        var start = ProgramSteps.Start([.. (overlay.Length == 0 ? reach.Words : reach.OverlaidWords).Concat(ComposeCommands.Words(command, inputs, project.Program)).Select(Rendered.Literal), .. names], context) with { StandardInput = Rendered.Literal(overlay) };
        return new ComposeStep(command is "up" or "create" ? WithOrphansKept(start) : start, needsImages || (ComposeCommands.UsesModel(command) && !reach.AllowsBlank) ? Reading(reach, needsImages ? overlay : null, context) : null)
        {
            Images = needsImages ? new ComposeImages(reach) : null,
            Reach = command == "pull" || !names.All(n => n.IsKnown) || isElsewhere ? null : reach,
        };
    }

    /// <param name="overlay">What is laid over the files; null when it is only asked whether they can be read.</param>
    private static ProgramStart Reading(ComposeReach reach, string? overlay, PlanContext context) => overlay is null
        ? ProgramSteps.Start([.. reach.Words.Append("config").Append("--quiet").Select(Rendered.Literal)], context)
        : ProgramSteps.Start([.. (overlay.Length == 0 ? reach.Words : reach.OverlaidWords).Append("config").Select(Rendered.Literal)], context) with { StandardInput = Rendered.Literal(overlay) };

    public override (StepAction? Action, string Problem) PlanInverse(JsonElement before, JsonElement? after, PlanContext context)
    {
        var (was, left) = (ProjectState.From(before), after is { } json ? ProjectState.From(json) : null);
        if (was is null || (after is not null && left is null))
        {
            return (null, "the state of its services on record is not one that this version can read");
        }

        return was.Services.FirstOrDefault(s => !ServiceName().IsMatch(s)) is { } strange
            ? (null, $"'{strange}' is not the name of a service")
            : (new ComposeReturn(was with { Reach = was.Reach with { Project = was.Reach.Project with { Program = ComposeProgram.Of(context) } } }, left, context.WorkingDirectory ?? context.ProjectDirectory, WithOrphansKept(context.Environment)), "");
    }

    public override async Task<ActionOutcome> RunAsync(ComposeAction action, StepContext context) => action switch
    {
        ComposeReturn back => await new Returning(back, context).RunAsync(),
        ComposeStep { Reading: { } reading } step when await RefusalAsync(step, reading, context) is { } refusal => refusal,
        ComposeStep { Reach: { } reach } step => await RecordedAsync(step, reach, context),
        ComposeStep step => await ProgramSteps.RunAsync(step.Command, context),
        _ => throw new InvalidOperationException($"{action.GetType().Name} is not planned by this kind"),
    };

    /// <returns>Why the command must not follow; null when it may.</returns>
    private static async Task<ActionOutcome?> RefusalAsync(ComposeStep step, ProgramStart reading, StepContext context)
    {
        var (refusal, project) = await ProjectReading.ReadAsync(reading, context, step.Images?.Reach.AllowsBlank == true);
        return refusal ?? (step.Images is { } images && await images.MissingAsync(project, context) is { } missing ? ActionOutcome.Failed(missing) with { Untouched = true } : null);
    }

    /// <summary>What is there is on record before anything is changed, and what is left afterwards.</summary>
    private static async Task<ActionOutcome> RecordedAsync(ComposeStep step, ComposeReach reach, StepContext context)
    {
        var found = await ProjectState.AskAsync(reach, context.Ports.Docker, context.Mask, context.Stop.Interrupt);
        if (found.Value is not { } before)
        {
            return ActionOutcome.Failed($"which containers are there could not be recorded, so nothing was done: {found.Problem}") with { Untouched = true };
        }

        context.KeepState(before.ToJson());
        var outcome = await ProgramSteps.RunAsync(step.Command, context);
        await LeaveAsync(reach, context);
        return outcome;
    }

    /// <summary>Also after a stop. What cannot be found out is not on record, and the way back then asks for more.</summary>
    internal static async Task LeaveAsync(ComposeReach reach, StepContext context)
    {
        try
        {
            if ((await ProjectState.AskAsync(reach, context.Ports.Docker, context.Mask, context.Stop.Kill)).Value is { } after)
            {
                context.LeaveState(after.ToJson());
            }
        }
        catch (OperationCanceledException) when (context.Stop.Kill.IsCancellationRequested)
        {
            // Not on record.
        }
    }

    private static ProgramStart WithOrphansKept(ProgramStart start) => start with { Environment = WithOrphansKept(start.Environment) };

    private static ImmutableArray<EnvironmentAddition> WithOrphansKept(ImmutableArray<EnvironmentAddition> environment) =>
        [.. environment.Where(e => e.Name != KeepOrphans.Name).Append(KeepOrphans).OrderBy(e => e.Name, StringComparer.Ordinal)];

    private static ImmutableArray<Rendered>? ServicesOf(Inputs inputs, PlanContext context)
    {
        var services = inputs.Texts(Services);
        var ok = true;
        for (var i = 0; i < services.Length; i++)
        {
            var (service, span) = (services[i], inputs.SpanOf(Services, i));
            if (service.IsKnown && !ServiceName().IsMatch(service.Reveal()))
            {
                context.Report(ComposeDiagnostics.NotAService, span, $"'{service.Display}' is not the name of a service");
                ok = false;
            }
        }

        return ok ? services : null;
    }

    /// <summary>A Compose file that is laid over the others; empty when there is nothing to lay over them.</summary>
    /// <returns>Null when something is wrong: the context was told what.</returns>
    private static string? OverlayOf(Inputs inputs, ImmutableArray<Rendered> services, PlanContext context)
    {
        var images = inputs.Map(ComposeCommands.Images);
        var text = new StringBuilder();
        for (var i = 0; i < images.Length; i++)
        {
            var ((service, image), span) = (images[i], inputs.SpanOf(ComposeCommands.Images, i));
            if (!service.IsKnown || !image.IsKnown)
            {
                context.Report(TemplateDiagnostics.NotKnown, span, $"'{ComposeCommands.Images}' must be known when the plan is made");
                return null;
            }

            if (!ServiceName().IsMatch(service.Reveal()) || (!services.IsEmpty && services.All(s => s.Display != service.Display)))
            {
                context.Report(ComposeDiagnostics.NotAService, span, $"'{service.Display}' is not one of the services of the step");
                return null;
            }

            if (!ImageName().IsMatch(image.Reveal()))
            {
                context.Report(ComposeDiagnostics.NotAnImage, span, $"'{image.Display}' is not the name of an image");
                return null;
            }

            text.Append(i == 0 ? "services:\n" : "").Append($"  \"{service.Reveal()}\":\n    image: \"{image.Reveal()}\"\n");
        }

        return text.ToString();
    }

    /// <summary>As Docker takes one, and with nothing in it that Compose would compute.</summary>
    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9._/:@-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ImageName();

    [GeneratedRegex(@"\A[a-zA-Z0-9._][a-zA-Z0-9._-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ServiceName();
}
