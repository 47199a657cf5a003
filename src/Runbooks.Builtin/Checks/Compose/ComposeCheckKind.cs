using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Compose;

/// <summary><c>compose:</c> as a check: is the whole project up?</summary>
public sealed class ComposeCheckKind : CheckKind<ComposeCheck>
{
    public override KindDeclaration Declaration { get; } = new("compose", "The services of a Compose project are running, and healthy where they have a health check.", () => new FieldSet("'compose'",
    [
        .. ComposeFields.All,
        new Field("services", FieldShape.TextList, "the services that must be running") { Otherwise = "those of the Compose files; when only 'project' is given, all that have containers", IsShown = true },
        new Field("finished", FieldShape.TextList, "services that must have ended with code 0, like a migration") { Otherwise = "none", IsShown = true },
    ])
    { Shorthand = "project" });

    public override ImmutableArray<Descriptor> Descriptors => [.. ComposeDiagnostics.All, .. ComposeCheckDiagnostics.All];

    public override ComposeCheck? Plan(Inputs inputs, PlanContext context)
    {
        var (services, finished) = (ComposeProjects.KnownTexts(inputs, "services", context), ComposeProjects.KnownTexts(inputs, "finished", context));
        if (services is not { } named || finished is not { } ended)
        {
            return null;
        }

        if (named.Intersect(ended).FirstOrDefault() is { } both)
        {
            context.Report(ComposeCheckDiagnostics.Contradiction, inputs.SpanOf("finished"), $"'{both}' cannot be running and have ended");
            return null;
        }

        if (inputs.Has(ComposeFields.Project) && !inputs.IsGiven(ComposeFields.Files))
        {
            return ProjectName.Read(inputs, context) is { } name ? new ComposeCheck(name, named, ended) : null;
        }

        if (ComposeProjects.Read(inputs, context) is not { } project)
        {
            return null;
        }

        if (!named.IsEmpty)
        {
            return new ComposeCheck(project.Name, named, ended);
        }

        var (found, problem) = ServiceNames.In(project.Files, context.Files);
        if (problem is not null)
        {
            context.Report(ComposeCheckDiagnostics.NoServices, inputs.SpanOf(ComposeFields.Files), problem, "list them in 'services'");
            return null;
        }

        return new ComposeCheck(project.Name, [.. found.Except(ended)], ended);
    }

    public override async Task<Verdict> AskAsync(ComposeCheck question, CheckContext context, CancellationToken cancel)
    {
        var answer = await context.Ports.Docker.ContainersAsync(new ContainerFilter { Project = question.Project }, cancel);
        if (answer.Problem is not null)
        {
            return Verdict.Unknown(answer.Problem);
        }

        var byService = answer.Value
            .Where(ContainerChoice.IsOfService)
            .GroupBy(c => c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, c.Name), StringComparer.Ordinal)
            .ToImmutableSortedDictionary(g => g.Key, g => g.ToImmutableArray(), StringComparer.Ordinal);
        if (byService.IsEmpty)
        {
            return Verdict.DoesNotHold($"project {question.Project} has no containers");
        }

        var running = question.Services.IsEmpty ? [.. byService.Keys.Except(question.Finished)] : question.Services;
        var faults = running.Select(s => (Service: s, Fault: Fault(byService, s, IsUp)))
            .Concat(question.Finished.Select(s => (Service: s, Fault: Fault(byService, s, c => c is { Status: "exited", ExitCode: 0 }))))
            .Where(f => f.Fault is not null)
            .ToList();
        var all = running.Length + question.Finished.Length;
        return faults.Count == 0
            ? Verdict.Holds(Summary(running.Length, question.Finished.Length))
            : Verdict.DoesNotHold($"{string.Join("; ", faults.Select(f => $"{f.Service}: {f.Fault}"))}{(all > 1 ? $" ({all - faults.Count} of {all} services are as they should be)" : "")}")
                with
            { Evidence = [.. byService.Values.SelectMany(c => c).SelectMany(c => ContainerWords.Evidence(c, context.Mask))] };
    }

    private static bool IsUp(ContainerState container) => container is { Status: "running", Health: null or "healthy" };

    private static string? Fault(ImmutableSortedDictionary<string, ImmutableArray<ContainerState>> byService, string service, Func<ContainerState, bool> isRight) =>
        !byService.TryGetValue(service, out var containers) ? "it has no container"
        : containers.FirstOrDefault(c => !isRight(c)) is { } wrong ? ContainerWords.Of(wrong)
        : null;

    private static string Summary(int running, int finished) =>
        $"{Phrases.Count(running, "service")} running{(finished > 0 ? $", {finished} ended with code 0" : "")}";
}
