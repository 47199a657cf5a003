using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>Unremarkable containers, so that a test shows only what matters.</summary>
public static class Containers
{
    public const string Project = "shop";
    public const string ProjectDirectory = "/srv/shop";

    /// <summary>A running container of a Compose service.</summary>
    public static ContainerState OfService(string service, string project = Project, string workingDirectory = ProjectDirectory, int number = 1) => Named($"{project}-{service}-{number}") with
    {
        Labels = ImmutableSortedDictionary<string, string>.Empty
            .Add("com.docker.compose.project", project)
            .Add("com.docker.compose.service", service)
            .Add("com.docker.compose.project.working_dir", workingDirectory)
            .Add("com.docker.compose.oneoff", "False"),
    };

    /// <summary>The container with a health check, and healthy. The times are in seconds; those of an engine that was told nothing, when they are not given.</summary>
    public static ContainerState WithHealth(ContainerState container, int startPeriod = 0, int interval = 30, int timeout = 30, int retries = 3) => container with
    {
        Health = "healthy",
        HealthTimes = new HealthTimes(TimeSpan.FromSeconds(startPeriod), TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeout), retries),
    };

    /// <summary>A running container that Compose does not know.</summary>
    public static ContainerState Named(string name) => new()
    {
        Id = $"id-of-{name}",
        Name = name,
        Status = "running",
        ImageReference = "myapp:v1.2.3",
        ImageId = "sha256:aaa",
        LogDriver = "json-file",
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 4, TimeSpan.Zero),
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };
}
