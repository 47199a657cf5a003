using System.Collections.Immutable;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Readiness;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Readiness.Healthchecks;

/// <summary>The engine itself can tell when a service is well.</summary>
public sealed class HealthchecksItem : IReadyItem
{
    public string Name => "healthchecks";

    public string Statement => "the services that have to answer have a health check";

    public string Why => "Without one a crash loop counts as running, and nobody can wait until the release that was gone back to is well.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var (model, problem) = await project.ModelAsync();
        if (model is null)
        {
            return ReadyAnswer.Unknown($"what Compose makes of its files: {problem}", CommonFixes.Compose);
        }

        var services = ImmutableArray.CreateBuilder<ServiceHealth>();
        foreach (var service in project.Inputs.Project.Services)
        {
            services.Add(await LookAsync(service, model, project, cancel));
        }

        return HealthJudgement.Of(project.Inputs.Project.Source.Path, services.ToImmutable());
    }

    private static async Task<ServiceHealth> LookAsync(ServiceDeclaration service, ComposeModel model, ReadyProject project, CancellationToken cancel)
    {
        if (!model.Services.TryGetValue(service.Name, out var items))
        {
            return new ServiceHealth(service, HealthSource.Unknown, $"the Compose files have no service {service.Name}", null);
        }

        if (items.GetValueOrDefault("healthcheck.disable") == "True" || items.GetValueOrDefault("healthcheck.test") == project.InModel("NONE"))
        {
            return new ServiceHealth(service, HealthSource.Disabled, "", new ReadyFix($"take 'disable: true' or 'test: NONE' out of the healthcheck of {service.Name} in the Compose file"));
        }

        if (items.ContainsKey("healthcheck.test"))
        {
            return new ServiceHealth(service, HealthSource.Compose, "", null);
        }

        var (brought, unknown) = await BroughtAsync(service.Name, items.GetValueOrDefault("image", ""), project, cancel);
        return brought switch
        {
            null => new ServiceHealth(service, HealthSource.Unknown, unknown, null),
            true => new ServiceHealth(service, HealthSource.Image, "", null),
            _ => new ServiceHealth(service, HealthSource.None, "", service.Kind == ServiceKind.Worker ? null : await HealthcheckFix.OfAsync(service, items, project, cancel)),
        };
    }

    /// <summary>Whether the image brings a health check; null with the reason when it cannot be told.</summary>
    private static async Task<(bool? Brings, string Problem)> BroughtAsync(string service, string reference, ReadyProject project, CancellationToken cancel)
    {
        var containers = await project.ContainersAsync();
        if (containers.Problem is { } problem)
        {
            return (null, problem);
        }

        var image = containers.Value.FirstOrDefault(c => c.Labels.GetValueOrDefault(Containers.ContainerChoice.ServiceLabel) == service)?.ImageId ?? reference;
        var found = image.Length > 0 ? await project.Ports.Docker.ImageAsync(image, cancel) : null;
        return found switch
        {
            null => (null, "it has no container, and its image no name"),
            { Problem: { } why } => (null, why),
            { Value: null } => (null, $"its image {reference} is not on this machine"),
            { Value: { } state } => (state.HasHealthCheck, ""),
        };
    }
}
