using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Releases;

/// <summary>What runs, service by service, without a value of a variable.</summary>
/// <param name="expected">Those that are expected to run.</param>
internal sealed class ServiceObserver(IDocker docker, ImmutableArray<ServiceDeclaration> expected, KeyedHash key)
{
    private readonly List<string> _unknown = [];

    /// <summary>What could not be found out, a sentence each.</summary>
    public IEnumerable<string> Unknown => _unknown;

    /// <summary>In the order of their names.</summary>
    public async Task<ImmutableArray<ServiceSnapshot>> ObserveAsync(ImmutableArray<ContainerState> containers, CancellationToken cancel)
    {
        var services = ImmutableArray.CreateBuilder<ServiceSnapshot>();
        foreach (var group in containers.GroupBy(c => c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, c.Name), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var first = group.First();
            var image = await docker.ImageAsync(first.ImageId, cancel);
            if (image.Value is null)
            {
                _unknown.Add($"the digests of the image of {group.Key}: {image.Problem ?? "the engine has not got the image any more"}");
            }

            var declared = expected.FirstOrDefault(s => s.Name == group.Key);
            services.Add(new ServiceSnapshot
            {
                Name = group.Key,
                Kind = declared?.Kind.ToString().ToLowerInvariant() ?? "",
                Containers = group.Count(),
                ImageId = first.ImageId,
                Reference = first.ImageReference,
                Digests = [.. (image.Value?.Digests ?? []).Order(StringComparer.Ordinal)],
                IsMixed = group.Any(c => c.ImageId != first.ImageId),
                Environment = Hashed(first.Environment.Where(v => v.Key != Affinity)),
                Command = key.Of(string.Join('\0', first.Command)),
                // A volume without a name is another one with each container.
                Mounts = [.. first.Mounts.Select(m => new ReleasedMount(m.Type, IsAnonymous(m) ? "" : m.Source, m.Target, m.IsReadOnly))],
                Networks = first.Networks,
                Ports = [.. group.SelectMany(c => c.PublishedPorts).Distinct().Order()],
                Version = ServerVersions.Of(first.Environment),
                HealthyAfter = group.All(c => c is { HealthySince: not null, StartedAt: not null })
                    ? (long)group.Max(c => (c.HealthySince - c.StartedAt)?.TotalMilliseconds ?? 0)
                    : null,
            });
        }

        foreach (var missing in expected.Where(s => services.All(r => r.Name != s.Name)))
        {
            _unknown.Add($"service {missing.Name}: it has no container");
        }

        return services.ToImmutable();
    }

    /// <summary>Compose 1 gives it to a container that takes over volumes from the one before, whose id it holds; no program reads it.</summary>
    private const string Affinity = "affinity:container";

    private static bool IsAnonymous(ContainerMount mount) => mount.Type == "volume" && mount.Source.Length == Sha256.HexLength && mount.Source.All(char.IsAsciiHexDigitLower);

    private ImmutableSortedDictionary<string, string> Hashed(IEnumerable<KeyValuePair<string, string>> values) =>
        values.ToImmutableSortedDictionary(v => v.Key, v => key.Of(v.Value), StringComparer.Ordinal);
}
