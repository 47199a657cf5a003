using System.Collections.Immutable;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Docker;

/// <summary>The fake does what the real engine does.</summary>
public sealed class DockerAnswersShapeTests : DockerShapeContract
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected override (string Full, string Bare, string Image, string Volume, string Folder) Names => ("full", "bare", "own:v1", "data", "/srv/conf");

    protected override Task<IDocker> OpenAsync()
    {
        var full = Containers.Named("full") with
        {
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("COLOUR", "blue=green").Add("EMPTY", ""),
            Command = ["sh", "-c", "sleep 300"],
            Mounts = [new("volume", "data", "/data", IsReadOnly: false), new("bind", "/srv/conf", "/etc/conf", IsReadOnly: true), new("tmpfs", "", "/scratch", IsReadOnly: false)],
            Networks = ["none"],
            StartedAt = Start,
            HealthySince = Start.AddSeconds(1),
        };
        return Task.FromResult<IDocker>(new DockerAnswers().Container(full).Container(Containers.Named("bare")).Image(new ImageState("sha256:own", ["own:v1"], [], 1, null) { Volumes = ["/own"] }));
    }
}
