using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Container;

/// <summary><c>container:</c> asks the engine for the state of containers.</summary>
public sealed class ContainerCheckKind : CheckKind<ContainerCheck>
{
    private const string Healthy = "healthy";
    private const string Running = "running";
    private const string Exited = "exited";

    public override KindDeclaration Declaration { get; } = new("container", "A container, or each container of a service, is in the right state.", () => new FieldSet("'container'",
    [
        .. ContainerChoice.Fields("name", "service", "that is asked about"),
        new Field("state", FieldShape.Choice, "the state it must be in; 'healthy' is running and healthy, 'absent' is not there at all")
        {
            Choices = [Running, Healthy, Exited, "created", "paused", "restarting", "dead", ContainerCheck.Absent],
            Default = Running,
        },
        new Field("health", FieldShape.Choice, "what its health check must say") { Choices = [Healthy, "starting", "unhealthy"] },
        new Field("image", FieldShape.Text, "the image it must run: the reference is looked up, and the ids must be equal") { NotEmpty = true },
        new Field("max_restarts", FieldShape.Integer, "how often the engine may have restarted it since it was started") { Minimum = 0 },
        new Field("up_for", FieldShape.Duration, "how long it must have been running without a break"),
        new Field("exit_code", FieldShape.Integer, "the code it must have ended with, beside 'state: exited'") { Minimum = 0, Maximum = 255 },
    ])
    { Shorthand = "name" });

    public override ImmutableArray<Descriptor> Descriptors => [.. ContainerDiagnostics.All, .. ContainerCheckDiagnostics.All, .. ComposeDiagnostics.All];

    public override ContainerCheck? Plan(Inputs inputs, PlanContext context)
    {
        if (ContainerChoice.Read(inputs, context, "name", "service") is not { } choice)
        {
            return null;
        }

        var (state, health) = (inputs.Choice("state"), inputs.OptionalChoice("health"));
        if (Contradiction(inputs, state, health) is { } wrong)
        {
            context.Report(ContainerCheckDiagnostics.Contradiction, inputs.SpanOf(wrong.Field), wrong.Message);
            return null;
        }

        return new ContainerCheck(choice, state == Healthy ? Running : state)
        {
            Health = state == Healthy ? Healthy : health,
            Image = inputs.OptionalText("image"),
            MaxRestarts = inputs.OptionalInteger("max_restarts"),
            UpFor = inputs.OptionalDuration("up_for"),
            ExitCode = inputs.OptionalInteger("exit_code"),
        };
    }

    public override async Task<Verdict> AskAsync(ContainerCheck question, CheckContext context, CancellationToken cancel)
    {
        var docker = context.Ports.Docker;
        var found = await question.Choice.FindAsync(docker, cancel);
        if (found.Problem is not null)
        {
            return Verdict.Unknown(found.Problem);
        }

        var containers = found.Value;
        if (question.State == ContainerCheck.Absent)
        {
            return containers.IsEmpty
                ? Verdict.Holds("there is none")
                : Verdict.DoesNotHold($"{containers[0].Name} is {ContainerWords.Of(containers[0])}") with { Evidence = Evidence(containers, context) };
        }

        if (containers.IsEmpty)
        {
            return Verdict.DoesNotHold(await question.Choice.NoneAsync(docker, cancel));
        }

        var wanted = question.Image is { } image ? await WantedIdAsync(docker, image.Reveal(), containers, cancel) : (null, null);
        if (wanted.Problem is not null)
        {
            return Verdict.Unknown(wanted.Problem) with { Evidence = Evidence(containers, context) };
        }

        var answers = containers.Select(c => Judge(question, c, wanted.Id, context.Ports.Time)).ToList();
        var worst = answers.Find(a => a.Kind == VerdictKind.DoesNotHold) ?? answers.Find(a => a.Kind == VerdictKind.Unknown);
        return worst is not null
            ? worst with { Evidence = Evidence(containers, context) }
            : Verdict.Holds(containers.Length == 1 ? ContainerWords.Of(containers[0]) : $"{containers.Length} containers, each {question.State}");
    }

    private static Verdict Judge(ContainerCheck question, ContainerState container, string? imageId, TimeProvider time)
    {
        var observed = $"{container.Name} is {ContainerWords.Of(container)}";
        if (container.Status != question.State || (question.ExitCode is { } code && container.ExitCode != code))
        {
            return Verdict.DoesNotHold(observed);
        }

        if (question.Health is { } health && container.Health != health)
        {
            return container.Health is null
                ? Verdict.Unknown($"{container.Name} has no health check, so whether it is {health} cannot be told")
                : Verdict.DoesNotHold(observed);
        }

        if (imageId is not null && container.ImageId != imageId)
        {
            return Verdict.DoesNotHold($"{container.Name} runs {container.ImageReference} ({ContainerWords.Short(container.ImageId)}), not {question.Image?.Display} ({ContainerWords.Short(imageId)})");
        }

        if (container.RestartCount > question.MaxRestarts)
        {
            return Verdict.DoesNotHold($"{container.Name} was restarted {Phrases.Count(container.RestartCount, "time")} by the engine");
        }

        if (question.UpFor is not { } upFor)
        {
            return Verdict.Holds(observed);
        }

        return container.StartedAt is not { } started ? Verdict.Unknown($"the engine does not say since when {container.Name} is up")
            : time.GetUtcNow() - started is var up && up < upFor ? Verdict.DoesNotHold($"{container.Name} has been up for {Durations.Format(TimeSpan.FromSeconds(Math.Max(0, Math.Floor(up.TotalSeconds))))} only")
            : Verdict.Holds(observed);
    }

    private static async Task<(string? Id, string? Problem)> WantedIdAsync(IDocker docker, string reference, ImmutableArray<ContainerState> containers, CancellationToken cancel)
    {
        if (containers.Any(c => c.ImageId == reference))
        {
            return (reference, null);
        }

        var image = await docker.ImageAsync(reference, cancel);
        return image.Problem is not null ? (null, image.Problem)
            : image.Value is null ? (null, $"image {reference} is not on this machine, so which id it has cannot be told")
            : (image.Value.Id, null);
    }

    private static ImmutableArray<string> Evidence(ImmutableArray<ContainerState> containers, CheckContext context) => [.. containers.SelectMany(c => ContainerWords.Evidence(c, context.Mask))];

    private static (string Field, string Message)? Contradiction(Inputs inputs, string state, string? health)
    {
        string[] ofRunning = ["health", "up_for"];
        string[] ofExisting = ["health", "up_for", "image", "max_restarts", "exit_code"];
        var useless = state switch
        {
            ContainerCheck.Absent => ofExisting.FirstOrDefault(inputs.IsGiven),
            Running or Healthy => null,
            _ => ofRunning.FirstOrDefault(inputs.IsGiven),
        };
        return useless is not null ? (useless, $"'{useless}' means nothing for a container that is {state}")
            : state == Healthy && health is not null and not Healthy ? ("health", $"'health: {health}' contradicts 'state: healthy'")
            : state is not (Exited or ContainerCheck.Absent) && inputs.IsGiven("exit_code") ? ("exit_code", $"a container that is {state} has no exit code")
            : null;
    }
}
