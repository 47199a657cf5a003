using System.Collections.Immutable;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Swarm;

/// <summary><c>swarm:</c> asks the engine of a manager about one service: its image, its update, its tasks.</summary>
public sealed class SwarmCheckKind : CheckKind<SwarmCheck>
{
    private const string NeverUpdated = "none";
    private const string Updating = "updating";
    private const string Updates = "update";
    private const int ShownTasks = 3;
    private const int ShownError = 200;

    private static readonly ImmutableArray<string> States = [NeverUpdated, Updating, "paused", "completed", "rollback_started", "rollback_paused", "rollback_completed"];

    public override KindDeclaration Declaration { get; } = new("swarm", "A service of a Docker Swarm has the right image, and runs.", () => new FieldSet("'swarm'",
    [
        new Field("service", FieldShape.Text, "the service, by its name or id") { Required = true, NotEmpty = true },
        new Field("image", FieldShape.Text, "the image that its tasks should have") { Otherwise = "any" },
        new Field("previous_image", FieldShape.Text, "the image to which a rollback would go back; it must be another one") { Otherwise = "it is not asked" },
        new Field(Updates, FieldShape.TextList, $"what its last update may have come to: {string.Join(", ", States)}") { Otherwise = "anything" },
        new Field("running", FieldShape.Boolean, "as many tasks must run as should, all of them with the image of the service") { Default = "true" },
        new Field("min_nodes", FieldShape.Integer, "how many nodes must be ready and take tasks, at least") { Minimum = 1, Otherwise = "it is not asked" },
    ])
    { Shorthand = "service" });

    public override ImmutableArray<Descriptor> Descriptors => SwarmDiagnostics.All;

    public override SwarmCheck? Plan(Inputs inputs, PlanContext context)
    {
        var (texts, updates) = (inputs.Texts(Updates), ImmutableArray.CreateBuilder<string>());
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i] is { IsKnown: true } text && States.Contains(text.Reveal()))
            {
                updates.Add(text.Reveal());
            }
            else
            {
                context.Report(SwarmDiagnostics.BadUpdate, inputs.SpanOf(Updates, i), $"'{texts[i].Display}' is not what an update can have come to", string.Join(", ", States));
            }
        }

        return updates.Count < texts.Length ? null
            : new SwarmCheck(inputs.Text("service"), inputs.OptionalText("image"), inputs.OptionalText("previous_image"), updates.ToImmutable(), inputs.Flag("running"), inputs.OptionalInteger("min_nodes"));
    }

    public override async Task<Verdict> AskAsync(SwarmCheck question, CheckContext context, CancellationToken cancel)
    {
        var answer = await context.Ports.Docker.SwarmServiceAsync(question.Service.Reveal(), cancel);
        if (answer.Problem is not null)
        {
            return Verdict.Unknown(answer.Problem);
        }

        if (answer.Value is not { } service)
        {
            return Verdict.DoesNotHold("this swarm has no such service: see 'docker service ls'");
        }

        var running = service.Tasks.Where(t => t.State == "running").ToList();
        var wrong = WrongImage(question, service) ?? WrongUpdate(question, service) ?? (question.Running ? WrongTasks(service, running) : null)
            ?? (question.MinNodes > service.ActiveNodes ? Verdict.DoesNotHold($"{Phrases.Count(service.ActiveNodes, "node is", "nodes are")} ready and take tasks: see 'docker node ls'") : null);
        return wrong is null ? Verdict.Holds($"{running.Count} of {Desired(service)} tasks run, of {service.Image}; {Update(service)}") : wrong with { Evidence = Troubles(service) };
    }

    private static Verdict? WrongImage(SwarmCheck question, SwarmServiceState service)
    {
        if (Differs(question.Image, service.Image))
        {
            return Verdict.DoesNotHold($"it has {service.Image}");
        }

        return question.PreviousImage is not { Parts.IsEmpty: false } previous ? null
            : service.PreviousImage is not { } before ? Verdict.DoesNotHold("the swarm remembers no specification before the present one, so there is nothing to roll back to")
            : Differs(previous, before) ? Verdict.DoesNotHold($"it would be rolled back to {before}")
            : before == service.Image ? Verdict.DoesNotHold("a rollback would not change its image: the specification before differs in something else")
            : null;
    }

    /// <summary>A reference that was asked for without a digest means the image with any.</summary>
    private static bool Differs(Rendered? asked, string image) =>
        asked is { Parts.IsEmpty: false } && asked.Reveal() is var reference && reference != image && (reference.Contains('@', StringComparison.Ordinal) || reference != image.Split('@')[0]);

    private static Verdict? WrongUpdate(SwarmCheck question, SwarmServiceState service) =>
        question.Updates.IsEmpty || question.Updates.Contains(service.UpdateState ?? (IsAskedFor(service) ? Updating : NeverUpdated)) ? null : Verdict.DoesNotHold(Update(service));

    /// <summary>With a new specification the swarm forgets how the update before ended, and says nothing of the new one until it begins with it. A service without tasks has nothing to begin with.</summary>
    private static bool IsAskedFor(SwarmServiceState service) => service is { UpdateState: null, PreviousImage: { } before, DesiredTasks: not 0 } && before != service.Image;

    private static Verdict? WrongTasks(SwarmServiceState service, List<SwarmTask> running) =>
        service.DesiredTasks is not { } desired ? Verdict.Unknown("the engine does not say how many tasks should run: it is older than 20.10")
        : desired == 0 ? Verdict.DoesNotHold("it has no tasks: it is scaled to 0")
        : running.Count(t => t.Image != service.Image) is > 0 and var others ? Verdict.DoesNotHold($"{Phrases.Count(others, "task runs", "tasks run")} another image")
        : running.Count != desired ? Verdict.DoesNotHold($"{running.Count} of {desired} tasks run")
        : null;

    private static string Desired(SwarmServiceState service) => service.DesiredTasks?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?";

    private static string Update(SwarmServiceState service) =>
        service.UpdateState is not { } state ? IsAskedFor(service) ? $"an update to {service.Image} was asked for, and the swarm has not begun with it" : "it was never updated" : $"its last update is {state}{(service.UpdateMessage.Length > 0 ? $" ({service.UpdateMessage})" : "")}";

    /// <summary>What the swarm says of the newest tasks that do not run.</summary>
    private static ImmutableArray<string> Troubles(SwarmServiceState service) =>
        [.. service.Tasks.Where(t => t.Error.Length > 0).DistinctBy(t => (t.Image, t.Error)).Take(ShownTasks).Select(t => Phrases.Line($"task {t.Place} ({t.Image}) {t.State}: {t.Error}", ShownError))];
}
