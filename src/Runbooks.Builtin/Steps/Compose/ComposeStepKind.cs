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
        var (fits, project) = (ComposeCommands.Fit(command, inputs, context), ComposeProjects.Read(inputs, context));
        var (services, profiles) = (ServicesOf(inputs, context), ComposeProjects.KnownTexts(inputs, Profiles, context));
        if (!fits || project is null || services is not { } names || profiles is not { } on || OverlayOf(inputs, names, context) is not { } overlay)
        {
            return null;
        }

        ImmutableArray<string> options = [.. on.SelectMany(p => (string[])["--profile", p])];
        ImmutableArray<string> head = [.. project.Words, .. options];
        var words = overlay.Length == 0 ? head : [.. (project with { Files = project.Files.Add("-") }).Words, .. options];
        var start = ProgramSteps.Start([.. words.Concat(ComposeCommands.Words(command, inputs)).Select(Rendered.Literal), .. names], context) with { StandardInput = Rendered.Literal(overlay) };
        var isReadFirst = ComposeCommands.UsesModel(command) && !inputs.Flag(ComposeCommands.AllowBlank);
        return new ComposeStep(
            command is "up" or "create" ? WithOrphansKept(start) : start,
            isReadFirst ? ProgramSteps.Start([.. head.Append("config").Append("--quiet").Select(Rendered.Literal)], context) : null)
        {
            Reach = command == "pull" || !names.All(n => n.IsKnown) || context.Environment.Any(e => OtherEngine.Contains(e.Name))
                ? null
                : new ComposeReach(project, on, [.. names.Select(n => n.Reveal())], ComposeCommands.ReachesOthers(command) && !inputs.Flag(ComposeCommands.NoDeps))
                {
                    AllowsBlank = inputs.Flag(ComposeCommands.AllowBlank),
                    Pulls = command is "up" or "create" && inputs.Choice(ComposeCommands.Pull) != "never",
                },
        };
    }

    public override (StepAction? Action, string Problem) PlanInverse(JsonElement before, JsonElement? after, PlanContext context)
    {
        var (was, left) = (ProjectState.From(before), after is { } json ? ProjectState.From(json) : null);
        if (was is null || (after is not null && left is null))
        {
            return (null, "the state of its services on record is not one that this version can read");
        }

        return was.Services.FirstOrDefault(s => !ServiceName().IsMatch(s)) is { } strange
            ? (null, $"'{strange}' is not the name of a service")
            : (new ComposeReturn(was, left, context.WorkingDirectory ?? context.ProjectDirectory, WithOrphansKept(context.Environment)), "");
    }

    public override async Task<ActionOutcome> RunAsync(ComposeAction action, StepContext context) => action switch
    {
        ComposeReturn back => await new Returning(back, context).RunAsync(),
        ComposeStep { Reading: { } reading } when await ProjectReading.RefusalAsync(reading, context) is { } refusal => refusal,
        ComposeStep { Reach: { } reach } step => await RecordedAsync(step, reach, context),
        ComposeStep step => await ProgramSteps.RunAsync(step.Command, context),
        _ => throw new InvalidOperationException($"{action.GetType().Name} is not planned by this kind"),
    };

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
