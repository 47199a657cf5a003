using System.Collections.Immutable;
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
public sealed partial class ComposeStepKind : StepKind<ComposeStep>
{
    private const string Services = "services";
    private const string Profiles = "profiles";

    /// <summary>Set otherwise in someone's environment or env file, it would make <c>up</c> remove containers that this playbook does not know.</summary>
    private static readonly EnvironmentAddition KeepOrphans = new("COMPOSE_REMOVE_ORPHANS", Rendered.Literal("false"));

    public override KindDeclaration Declaration { get; } = new("compose", "Gives a command to Docker Compose, with the project spelled out.", new FieldSet("'compose'",
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

    public override ComposeStep? Plan(Inputs inputs, PlanContext context)
    {
        var command = inputs.Choice("command");
        var (fits, project) = (ComposeCommands.Fit(command, inputs, context), ComposeProjects.Read(inputs, context));
        var (services, profiles) = (ServicesOf(inputs, context), ComposeProjects.KnownTexts(inputs, Profiles, context));
        if (!fits || project is null || services is not { } names || profiles is not { } on)
        {
            return null;
        }

        ImmutableArray<string> head = [.. project.Words, .. on.SelectMany(p => (string[])["--profile", p])];
        var start = ProgramSteps.Start([.. head.Concat(ComposeCommands.Words(command, inputs)).Select(Rendered.Literal), .. names], context);
        var isReadFirst = ComposeCommands.UsesModel(command) && !inputs.Flag(ComposeCommands.AllowBlank);
        return new ComposeStep(
            command is "up" or "create" ? WithOrphansKept(start) : start,
            isReadFirst ? ProgramSteps.Start([.. head.Append("config").Append("--quiet").Select(Rendered.Literal)], context) : null);
    }

    public override async Task<ActionOutcome> RunAsync(ComposeStep action, StepContext context) =>
        action.Reading is { } reading && await ProjectReading.RefusalAsync(reading, context) is { } refusal
            ? refusal
            : await ProgramSteps.RunAsync(action.Command, context);

    private static ProgramStart WithOrphansKept(ProgramStart start)
    {
        var others = start.Environment.Where(e => e.Name != KeepOrphans.Name);
        return start with { Environment = [.. others.Append(KeepOrphans).OrderBy(e => e.Name, StringComparer.Ordinal)] };
    }

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

    [GeneratedRegex(@"\A[a-zA-Z0-9._][a-zA-Z0-9._-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ServiceName();
}
