using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>The containers of the services that a step can change, at one moment: what the journal keeps.</summary>
internal sealed record ProjectState
{
    public required ComposeReach Reach { get; init; }

    /// <summary>In the order of their names.</summary>
    public required ImmutableArray<ServiceContainer> Containers { get; init; }

    /// <summary>Names of the services that have containers, or are named.</summary>
    [JsonIgnore]
    public IEnumerable<string> Services => Containers.Select(c => c.Service).Concat(Reach.Services).Distinct(StringComparer.Ordinal);

    public ImmutableArray<ServiceContainer> Of(string service) => [.. Containers.Where(c => c.Service == service)];

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, ProjectStateJson.Default.ProjectState);

    /// <returns>Null when it is no state of this kind.</returns>
    public static ProjectState? From(JsonElement json)
    {
        try
        {
            return json.Deserialize(ProjectStateJson.Default.ProjectState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Looks at the engine. Containers of <c>docker compose run</c> do not count.</summary>
    /// <param name="mask">Takes the secrets out of a text.</param>
    public static async Task<DockerAnswer<ProjectState>> AskAsync(ComposeReach reach, IDocker docker, Func<string, string> mask, CancellationToken cancel)
    {
        var answer = await docker.ContainersAsync(new ContainerFilter { Project = reach.Project.Name }, cancel);
        if (answer.Problem is { } problem)
        {
            return DockerAnswer<ProjectState>.Unavailable(problem);
        }

        var references = new Dictionary<string, string?>(StringComparer.Ordinal);
        var containers = ImmutableArray.CreateBuilder<ServiceContainer>();
        foreach (var found in answer.Value.Where(ContainerChoice.IsOfService))
        {
            var service = found.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, "");
            if (service.Length == 0 || !(reach.Others || reach.Names(service)))
            {
                continue;
            }

            if (!references.TryGetValue(found.ImageReference, out var id))
            {
                var image = await docker.ImageAsync(found.ImageReference, cancel);
                references[found.ImageReference] = id = image.Value?.Id;
            }

            var isTold = id == found.ImageId && !reach.Pulls && mask(found.ImageReference) == found.ImageReference;
            containers.Add(new ServiceContainer(service, found.Id, mask(found.Name), found.ImageId, isTold ? found.ImageReference : found.ImageId, found.Status)
            {
                ConfigHash = found.Labels.GetValueOrDefault("com.docker.compose.config-hash", ""),
                StartedAt = found.StartedAt,
            });
        }

        return DockerAnswer<ProjectState>.Of(new ProjectState { Reach = reach, Containers = containers.ToImmutable() });
    }
}

/// <param name="ImageId">sha256:…</param>
/// <param name="Image">What names that image: a reference that leads to it, else its id.</param>
/// <param name="Status">As the engine says it.</param>
internal sealed record ServiceContainer(string Service, string Id, string Name, string ImageId, string Image, string Status)
{
    /// <summary>Compose's digest of the service as it was written; empty when there is none.</summary>
    public string ConfigHash { get; init; } = "";

    public DateTimeOffset? StartedAt { get; init; }

    [JsonIgnore]
    public bool Runs => Standing == "running";

    /// <summary>What counts of its status: running, paused or stopped. One that the engine starts again and again counts as running.</summary>
    [JsonIgnore]
    public string Standing => Status switch
    {
        "running" or "restarting" => "running",
        "paused" => "paused",
        _ => "stopped",
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProjectState))]
internal sealed partial class ProjectStateJson : JsonSerializerContext;
