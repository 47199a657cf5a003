using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>One service on its way back, and the programs that can be needed for that. Which are, is told by a look at the engine when it is done.</summary>
/// <param name="Before">Its containers before the step.</param>
/// <param name="After">Its containers after the step; null when they are not on record.</param>
internal sealed record ServiceReturn(string Service, ImmutableArray<ServiceContainer> Before, ImmutableArray<ServiceContainer>? After)
{
    /// <summary>The image to which it goes back; null when there were containers of several, which Compose cannot make, or none.</summary>
    public ServiceContainer? Image => Before.Select(c => c.ImageId).Distinct().Count() == 1 ? Before[0] : null;

    public bool Ran => Before.Any(c => c.Standing != "stopped");

    /// <summary>When it was started first: what others depend on comes before them.</summary>
    public DateTimeOffset StartedAt => Before.Where(c => c.Runs).Select(c => c.StartedAt ?? DateTimeOffset.MaxValue).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();

    /// <summary>Containers that can still be there: those that the step has left there.</summary>
    private IEnumerable<ServiceContainer> Lasting => Before.Where(c => After is not { } after || after.Any(a => a.Id == c.Id));

    public IEnumerable<ServiceContainer> ToStart => Lasting.Where(c => c.Runs);

    public IEnumerable<ServiceContainer> ToStop => Lasting.Where(c => c.Standing == "stopped");

    /// <summary>The very same containers are there, running or not.</summary>
    public bool HasItsContainers(ImmutableArray<ServiceContainer> now) => now.Select(c => c.Id).ToHashSet(StringComparer.Ordinal).SetEquals(Before.Select(c => c.Id));

    /// <summary>As many containers as before, from the same images, running where they ran.</summary>
    public bool IsBack(ImmutableArray<ServiceContainer> now) => Shape(now).SequenceEqual(Shape(Before), StringComparer.Ordinal);

    /// <summary>It was made anew, and not from what its files said before the step: environment, ports, mounts can be others.</summary>
    public bool IsOutdated(ImmutableArray<ServiceContainer> now) =>
        Image is { ConfigHash.Length: > 0 } wanted && !HasItsContainers(now) && now.Any(c => c.ConfigHash != wanted.ConfigHash);

    /// <summary>The image of a container that neither the step nor what was before it has put there; null when there is none.</summary>
    public string? Stranger(ImmutableArray<ServiceContainer> now) =>
        After is { } after ? now.Select(c => c.ImageId).FirstOrDefault(i => !Before.Concat(after).Any(c => c.ImageId == i)) : null;

    /// <summary>"one container running from app:v1 (0123456789ab)".</summary>
    public static string Words(ImmutableArray<ServiceContainer> containers) => containers.IsEmpty
        ? "no container"
        : string.Join(" and ", containers.GroupBy(c => (c.Standing, c.ImageId)).Select(g => $"{Phrases.Count(g.Count(), "container")} {g.Key.Standing} from {Named(g.First())}"));

    /// <summary>Takes away what is there; volumes stay.</summary>
    public IEnumerable<string> Removal => ["rm", "--stop", "--force", Service];

    public IEnumerable<string> Digest => ["config", "--hash", Service];

    /// <summary>New containers, as many as there were.</summary>
    public IEnumerable<string> Making(ComposeProgram program) => ["up", Ran ? "-d" : "--no-start", "--no-deps", "--no-build", .. program.PullNever, "--force-recreate", "--scale", $"{Service}={Before.Length}", Service];

    /// <summary>A Compose file that says the image and nothing else.</summary>
    public string Overlay => $"services:\n  {Quoted(Service)}:\n    image: {Quoted((Image?.Image ?? "").Replace("$", "$$", StringComparison.Ordinal))}\n";

    private static string Named(ServiceContainer container) =>
        container.Image == container.ImageId ? ContainerWords.Short(container.ImageId) : $"{container.Image} ({ContainerWords.Short(container.ImageId)})";

    private static IEnumerable<string> Shape(ImmutableArray<ServiceContainer> containers) => containers.Select(c => $"{c.ImageId} {c.Standing}").Order(StringComparer.Ordinal);

    /// <summary>A JSON string is one of YAML too.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
