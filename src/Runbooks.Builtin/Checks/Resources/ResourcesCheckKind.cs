using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Resources;

/// <summary><c>resources:</c> measures twice what containers use, and compares it with limits.</summary>
public sealed class ResourcesCheckKind : CheckKind<ResourcesCheck>
{
    private const string Cpu = "max_cpu";
    private const string Memory = "max_memory";
    private const string Disk = "max_disk";
    private const string Running = "running";
    private const long ShortestSample = 100;
    private const long LongestSample = 300_000;

    public override KindDeclaration Declaration { get; } = new("resources", "A container, or each container of a service, uses no more CPU, memory or disk than it should.", () => new FieldSet("'resources'",
    [
        .. ContainerChoice.Fields("container", "service", "that is measured"),
        new Field(Cpu, FieldShape.Text, "the most processor time: a share of the CPUs that it may use (80%), or a number of CPUs (1.5)") { NotEmpty = true, IsShown = true },
        new Field(Memory, FieldShape.Text, "the most memory: a share of what it may use (90%), or a size (512MB)") { NotEmpty = true, IsShown = true },
        new Field(Disk, FieldShape.Text, "the most that it may have written into its own file system, volumes left aside: a size (1GB)") { NotEmpty = true, IsShown = true },
        new Field("sample", FieldShape.Duration, "how long lies between the two samples") { Default = "1s", Minimum = ShortestSample, Maximum = LongestSample },
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. ContainerDiagnostics.All, .. ResourcesDiagnostics.All, .. ComposeDiagnostics.All];

    public override ResourcesCheck? Plan(Inputs inputs, PlanContext context)
    {
        var choice = ContainerChoice.Read(inputs, context, "container", "service");
        var given = ((string[])[Cpu, Memory, Disk]).Where(inputs.IsGiven).ToList();
        if (given.Count == 0)
        {
            context.Report(ResourcesDiagnostics.NothingAsked, inputs.Span, "it is not said how much may be used", "for example max_memory: 90%");
            return null;
        }

        var limits = given.ToDictionary(f => f, f => Limit(f, inputs, context), StringComparer.Ordinal);
        return choice is null || limits.ContainsValue(null) ? null : new ResourcesCheck(choice, inputs.Duration("sample"))
        {
            Cpu = limits.GetValueOrDefault(Cpu),
            Memory = limits.GetValueOrDefault(Memory),
            Disk = limits.GetValueOrDefault(Disk),
        };
    }

    public override async Task<Verdict> AskAsync(ResourcesCheck question, CheckContext context, CancellationToken cancel)
    {
        var docker = context.Ports.Docker;
        var (containers, missing) = await RunningAsync(question, docker, cancel);
        if (missing is not null)
        {
            return Verdict.Unknown(missing) with { Evidence = [.. containers.SelectMany(c => ContainerWords.Evidence(c, context.Mask))] };
        }

        var (first, second) = (ImmutableArray<ContainerUsage>.Empty, ImmutableArray<ContainerUsage>.Empty);
        if (question.IsSampled)
        {
            (first, var problem) = await SampleAsync(containers, docker, cancel);
            if (problem is null)
            {
                await Task.Delay(question.Sample, context.Ports.Time, cancel);
                (second, problem) = await SampleAsync(containers, docker, cancel);
            }

            if ((problem ?? await ChangeAsync(question, containers, docker, cancel)) is { } why)
            {
                return Verdict.Unknown(why);
            }
        }

        var readings = ImmutableArray.CreateBuilder<ResourceReading>(containers.Length);
        for (var i = 0; i < containers.Length; i++)
        {
            var written = question.Disk is null ? null : await docker.WrittenAsync(containers[i].Id, cancel);
            if (written?.Problem is { } unreadable)
            {
                return Verdict.Unknown(unreadable);
            }

            readings.Add(ResourceReading.Of(question, containers[i], question.IsSampled ? (first[i], second[i]) : null, written?.Value));
        }

        return Judge(readings.MoveToImmutable());
    }

    private static Verdict Judge(ImmutableArray<ResourceReading> readings)
    {
        var worst = readings.FirstOrDefault(r => r.Kind == VerdictKind.DoesNotHold) ?? readings.FirstOrDefault(r => r.Kind == VerdictKind.Unknown);
        return worst is not null
            ? new Verdict(worst.Kind, worst.Text) { Evidence = [.. readings.Where(r => r != worst).Select(r => r.Text)] }
            : Verdict.Holds(readings.Length == 1 ? readings[0].Text : $"{readings.Length} containers, each within its limits") with { Evidence = readings.Length == 1 ? [] : [.. readings.Select(r => r.Text)] };
    }

    /// <summary>The containers, and why they cannot be measured; null when each of them runs.</summary>
    private static async Task<(ImmutableArray<ContainerState> Containers, string? Problem)> RunningAsync(ResourcesCheck question, IDocker docker, CancellationToken cancel)
    {
        var found = await question.Choice.FindAsync(docker, cancel);
        if (found.Problem is not null)
        {
            return ([], found.Problem);
        }

        if (found.Value.IsEmpty)
        {
            return ([], $"{await question.Choice.NoneAsync(docker, cancel)}, so there is nothing to measure");
        }

        return found.Value.FirstOrDefault(c => c.Status != Running) is { } idle
            ? (found.Value, $"{idle.Name} is {ContainerWords.Of(idle)}, and only a container that runs can be measured: start it, or ask for its state with 'container'")
            : (found.Value, null);
    }

    /// <summary>One sample of each container, as close together as can be.</summary>
    private static async Task<(ImmutableArray<ContainerUsage> Samples, string? Problem)> SampleAsync(ImmutableArray<ContainerState> containers, IDocker docker, CancellationToken cancel)
    {
        var samples = ImmutableArray.CreateBuilder<ContainerUsage>(containers.Length);
        foreach (var container in containers)
        {
            var usage = await docker.UsageAsync(container.Id, cancel);
            if (usage.Value is not { } sample)
            {
                return ([], usage.Problem ?? $"{container.Name} ended while it was measured: ask again with 'within'");
            }

            samples.Add(sample);
        }

        return (samples.MoveToImmutable(), null);
    }

    /// <summary>What became another between the samples: they cannot be compared then. Null when nothing did.</summary>
    private static async Task<string?> ChangeAsync(ResourcesCheck question, ImmutableArray<ContainerState> before, IDocker docker, CancellationToken cancel)
    {
        var (after, problem) = await RunningAsync(question, docker, cancel);
        return problem
            ?? (after.Select(c => (c.Id, c.StartedAt)).SequenceEqual(before.Select(c => (c.Id, c.StartedAt)))
                ? null
                : $"{question.Choice.Noun} was started anew while it was measured: ask again with 'within', and look for restarts with 'container' and 'max_restarts'");
    }

    private static ResourceLimit? Limit(string field, Inputs inputs, PlanContext context)
    {
        var (text, span) = (inputs.Text(field), inputs.SpanOf(field));
        if (!text.IsKnown)
        {
            context.Report(TemplateDiagnostics.NotKnown, span, $"'{field}' must be known when the plan is made, {text.Display} is not");
            return null;
        }

        var wanted = text.Reveal().Trim();
        if (field != Disk && wanted.EndsWith('%') && ByteSizes.Number(wanted[..^1].TrimEnd()) is { } percent and > 0 and <= 100)
        {
            return new ResourceLimit(percent / 100, true, wanted);
        }

        if ((field == Cpu ? ByteSizes.Number(wanted) : ByteSizes.Parse(wanted)) is { } amount and > 0)
        {
            return new ResourceLimit(amount, false, wanted);
        }

        var hint = field == Cpu ? "for example 80%, or 1.5" : ByteSizes.Number(wanted) is not null ? $"a unit is missing: did you mean '{wanted}MB'?" : field == Disk ? "for example 1GB" : "for example 90%, or 512MB";
        context.Report(ResourcesDiagnostics.BadLimit, span, $"'{text.Display}' is not how much {(field == Cpu ? "of the CPUs" : field == Memory ? "memory" : "disk")} may be used", hint);
        return null;
    }
}
