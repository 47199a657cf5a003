using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Port;

/// <summary><c>port:</c> asks who listens, without connecting.</summary>
public sealed class PortCheckKind : CheckKind<PortCheck>
{
    private const string Free = "free";

    public override KindDeclaration Declaration { get; } = new("port", "A TCP port of this machine is free, or somebody listens on it.", () => new FieldSet("'port'",
    [
        new Field("number", FieldShape.Integer, "the port") { Required = true, Minimum = 1, Maximum = 65535 },
        new Field("state", FieldShape.Choice, "whether it must be free") { Choices = [Free, "listening"], Default = Free },
        .. ContainerChoice.Fields("or_container", "or_service", "that may hold the port all the same"),
    ])
    { Shorthand = "number" });

    public override ImmutableArray<Descriptor> Descriptors => [.. PortDiagnostics.All, .. ContainerDiagnostics.All, .. ComposeDiagnostics.All];

    public override PortCheck? Plan(Inputs inputs, PlanContext context)
    {
        var (number, free) = ((int)inputs.Integer("number"), inputs.Choice("state") == Free);
        var given = ((string[])["or_container", "or_service", .. ComposeFields.All.Select(f => f.Name)]).FirstOrDefault(inputs.IsGiven);
        if (given is null)
        {
            return new PortCheck(number, free, null);
        }

        if (!free)
        {
            context.Report(PortDiagnostics.Contradiction, inputs.SpanOf(given), $"'{given}' means nothing beside 'state: listening'");
            return null;
        }

        return ContainerChoice.Read(inputs, context, "or_container", "or_service") is { } choice ? new PortCheck(number, free, choice) : null;
    }

    public override async Task<Verdict> AskAsync(PortCheck question, CheckContext context, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var answer = context.Ports.Network.Listeners(question.Number);
        if (answer.Problem is not null)
        {
            return Verdict.Unknown(answer.Problem);
        }

        if (answer.Listeners.IsEmpty)
        {
            return question.Free ? Verdict.Holds("it is free") : Verdict.DoesNotHold("nobody listens");
        }

        var holders = $"held by {Phrases.And(answer.Listeners.Select(Of).Distinct())}";
        return !question.Free ? Verdict.Holds(holders)
            : question.Or is null ? await WithContainersAsync(Verdict.DoesNotHold(holders), question.Number, context, cancel)
            : await JudgeAsync(question.Or, question.Number, holders, context, cancel);
    }

    private static async Task<Verdict> JudgeAsync(ContainerChoice allowed, int port, string holders, CheckContext context, CancellationToken cancel)
    {
        var docker = context.Ports.Docker;
        var (own, all) = (await allowed.FindAsync(docker, cancel), await docker.ContainersAsync(new ContainerFilter { PublishedPort = port }, cancel));
        if ((own.Problem ?? all.Problem) is { } problem)
        {
            return Verdict.Unknown($"{holders}; whether that is {allowed.Noun} cannot be told: {problem}");
        }

        var ids = own.Value.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        var publishing = all.Value.Where(IsUp).ToList();
        return publishing.Count == 0 ? Verdict.DoesNotHold($"{holders}, and no running container publishes it")
            : publishing.Find(c => !ids.Contains(c.Id)) is { } stranger ? Verdict.DoesNotHold($"held by {Of(stranger)}") with { Evidence = [holders] }
            : Verdict.Holds($"held by {Phrases.And(publishing.Select(Of))}") with { Evidence = [holders] };
    }

    /// <summary>Names the containers behind Docker's proxy, where the engine can be asked; the answer stays the same.</summary>
    private static async Task<Verdict> WithContainersAsync(Verdict verdict, int port, CheckContext context, CancellationToken cancel)
    {
        var containers = await context.Ports.Docker.ContainersAsync(new ContainerFilter { PublishedPort = port }, cancel);
        var publishing = containers.Problem is null ? containers.Value.Where(IsUp).ToList() : [];
        return publishing.Count == 0 ? verdict : verdict with { Observed = $"held by {Phrases.And(publishing.Select(Of))}", Evidence = [verdict.Observed] };
    }

    /// <summary>A container that has ended holds no port, whatever it published.</summary>
    private static bool IsUp(ContainerState container) => container.Status is "running" or "paused" or "restarting";

    private static string Of(ContainerState container) =>
        container.Labels.TryGetValue(ContainerChoice.ServiceLabel, out var service) && container.Labels.TryGetValue(ContainerChoice.ProjectLabel, out var project)
            ? $"container {container.Name} (service {service} of project {project})"
            : $"container {container.Name}";

    private static string Of(Listener listener) => (listener.Program, listener.Pid) switch
    {
        ({ } program, { } pid) => $"{program} (process {pid}) on {listener.Address}",
        (_, { } pid) => $"process {pid} on {listener.Address}",
        _ => $"a process of another user on {listener.Address}",
    };
}
