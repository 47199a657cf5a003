using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Checks.Stable;

/// <summary>The containers as they were at one moment.</summary>
/// <param name="waitsForHealth">A health that is not yet known is waited for.</param>
internal sealed class StableSample(ImmutableArray<ContainerState> containers, bool waitsForHealth)
{
    private const string Running = "running";
    private const string Healthy = "healthy";
    private const string Starting = "starting";

    /// <summary>What crashes less often than this is in no loop that watching it could show.</summary>
    private static readonly TimeSpan SlowestLoop = TimeSpan.FromHours(1);

    /// <summary>So long the slowest of their health checks needs to fail; zero when there is none, or when it is not waited for.</summary>
    public TimeSpan Window => waitsForHealth ? containers.Max(c => c.HealthTimes?.Window ?? TimeSpan.Zero) : TimeSpan.Zero;

    /// <summary>For people: "the same container, running, healthy".</summary>
    public string Observed => containers.Length == 1 ? $"the same container, {ContainerWords.Of(containers[0])}" : $"the same {containers.Length} containers, each running and none unhealthy";

    /// <summary>A container that would be good, but for a health check that says nothing of it; null when there is none.</summary>
    public string? Untold => containers.Any(c => IsIll(c) && !IsUntold(c)) ? null
        : containers.FirstOrDefault(IsUntold) is { } untold ? $"{untold.Name} is {ContainerWords.Of(untold)}, but the probe of its health check cannot be run, so that this says nothing of the application: mend the health check" : null;

    /// <summary>Why it need not be watched at all; null when it can be.</summary>
    public Verdict? Trouble => containers.FirstOrDefault(IsIll) is { } ill ? Verdict.DoesNotHold($"{ill.Name} is {ContainerWords.Of(ill)}")
        : containers.FirstOrDefault(c => c.StartedAt is null) is { } timeless ? Verdict.Unknown($"the engine does not say since when {timeless.Name} is up, so a restart could not be told")
        : null;

    /// <summary>What is not settled yet; null when the sample is a good one.</summary>
    public StableOpen? OpenAt(DateTimeOffset now)
    {
        var starting = waitsForHealth ? containers.FirstOrDefault(c => c.Health == Starting) : null;
        return starting is not null ? new StableOpen($"{starting.Name} is {ContainerWords.Of(starting)}", TimeSpan.Zero) : containers.Select(c => Loop(c, now)).OfType<StableOpen>().MaxBy(o => o.Left);
    }

    /// <summary>What is no longer as it was; null when all is.</summary>
    public string? ChangeTo(StableSample now)
    {
        var before = containers.ToDictionary(c => c.Name, StringComparer.Ordinal);
        return now.Containers.Select(c => ChangeOf(before.GetValueOrDefault(c.Name), c)).FirstOrDefault(c => c is not null)
            ?? (before.Keys.Except(now.Containers.Select(c => c.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault() is { } gone ? $"{gone} is gone" : null);
    }

    public ImmutableArray<string> Evidence(Func<string, string> mask) => [.. containers.SelectMany(c => ContainerWords.Evidence(c, mask))];

    private ImmutableArray<ContainerState> Containers => containers;

    private static bool IsUntold(ContainerState container) => container.Status == Running && ContainerWords.HasBrokenProbe(container);

    private static bool IsIll(ContainerState container) => container is not { Status: Running, Health: null or Healthy or Starting };

    /// <summary>A container that the engine has restarted can be up in every sample between two crashes: it must first be up for longer than it lasted so far.</summary>
    private static StableOpen? Loop(ContainerState container, DateTimeOffset now)
    {
        if (container.RestartCount == 0 || container.StartedAt is not { } started)
        {
            return null;
        }

        TimeSpan? each = container.CreatedAt is { } created ? Longer(started - created, TimeSpan.Zero) / container.RestartCount : null;
        var needed = each is { } lasted && 2 * lasted < SlowestLoop ? 2 * lasted : SlowestLoop;
        var up = Longer(now - started, TimeSpan.Zero);
        return up >= needed ? null : new StableOpen(
            $"{container.Name} was restarted {Phrases.Count(container.RestartCount, "time")} by the engine{(each is { } pace ? $", every {Rounded(pace)} or so" : "")}, and is up for {Rounded(up)} since; until it is up for {Rounded(needed)} it cannot be told from one in a crash loop",
            needed - up);
    }

    private static string? ChangeOf(ContainerState? before, ContainerState now) => before switch
    {
        _ when IsIll(now) => $"{now.Name} is {ContainerWords.Of(now)}",
        null => $"{now.Name} came to the others",
        _ when now.Id != before.Id => $"{now.Name} was made anew",
        _ when now.RestartCount > before.RestartCount => $"{now.Name} was restarted {Phrases.Count(now.RestartCount - before.RestartCount, "time")} by the engine",
        _ when now.StartedAt != before.StartedAt || now.RestartCount != before.RestartCount => $"{now.Name} was started anew",
        _ when now.Health is null && before.Health is not null => $"{now.Name} has no health any more",
        _ when now.Health == Starting && before.Health == Healthy => $"{now.Name} is {ContainerWords.Of(now)}",
        _ => null,
    };

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static string Rounded(TimeSpan time) => Durations.Format(TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)));
}
