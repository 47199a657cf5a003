using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Engine.Ports;
using Runbooks.Language.Projects;

namespace Runbooks.Advisor.Assessing;

/// <summary>What is wrong with a service, by what the engine says of its containers.</summary>
internal enum Trouble
{
    None,

    /// <summary>It runs, and its health check has not decided yet.</summary>
    Starting,

    /// <summary>It runs, and was started again before.</summary>
    Restarted,
    Unhealthy,

    /// <summary>It has no container.</summary>
    Missing,

    /// <summary>Its container was made and never started.</summary>
    NotStarted,

    /// <summary>It ended without an error, or was stopped.</summary>
    Ended,
    Crashed,
    CrashLoop,
}

/// <summary>A service and its containers.</summary>
/// <param name="At">When they were looked at.</param>
internal sealed record ServiceSight(string Name, ServiceKind Kind, ImmutableArray<ContainerState> Containers, DateTimeOffset At)
{
    /// <summary>What has run so long since it was started again has got over it.</summary>
    private static readonly TimeSpan GotOver = TimeSpan.FromHours(1);

    /// <summary>The worst of its containers.</summary>
    public Trouble Trouble => Containers.IsEmpty ? Trouble.Missing : Containers.Max(Of);

    /// <summary>None of its containers runs.</summary>
    public bool IsDown => Trouble >= Trouble.Missing && Containers.All(c => Of(c) >= Trouble.Missing);

    /// <summary>One of its containers ran when it was looked at, be it for a moment.</summary>
    public bool Runs => Containers.Any(c => c.Status == "running");

    public bool IsOomKilled => Containers.Any(c => c.OomKilled);

    /// <summary>When its containers were made; null when that is not known.</summary>
    public DateTimeOffset? MadeAt => Containers.Max(c => c.CreatedAt);

    /// <summary>When the last of its containers was started; null when that is not known.</summary>
    public DateTimeOffset? StartedAt => Containers.Max(c => c.StartedAt);

    /// <summary>When it last ended; null when it did not, or that is not known.</summary>
    public DateTimeOffset? EndedAt => Containers.Where(c => Of(c) is Trouble.Restarted or >= Trouble.Ended).Min(c => c.FinishedAt);

    public Trouble Of(ContainerState container) => container.Status switch
    {
        "created" => Trouble.NotStarted,
        "restarting" => Trouble.CrashLoop,
        "exited" => container.ExitCode == 0 && !container.OomKilled && container.Error.Length == 0 ? Trouble.Ended : container.StartedAt is null ? Trouble.NotStarted : Trouble.Crashed,
        "dead" => Trouble.Crashed,
        _ when container.Health == "unhealthy" => Trouble.Unhealthy,
        _ when container is { RestartCount: > 0, Status: "running", StartedAt: { } started } && At - started > GotOver => container.Health == "starting" ? Trouble.Starting : Trouble.None,
        // Twice is no chance any more.
        _ when container.RestartCount > 1 => Trouble.CrashLoop,
        _ when container.RestartCount == 1 => Trouble.Restarted,
        _ when container.Health == "starting" => Trouble.Starting,
        _ => Trouble.None,
    };

    /// <summary>The state of a container in one line.</summary>
    public static string Line(ContainerState container)
    {
        string?[] parts =
        [
            container.Status + (container.Health is { } health ? $" ({health})" : ""),
            container.Status is "exited" or "restarting" or "dead" ? $"exit code {container.ExitCode.ToString(CultureInfo.InvariantCulture)}{Meaning(container)}" : null,
            container.OomKilled ? "killed because it was out of memory" : null,
            container.RestartCount > 0 ? $"restarted {container.RestartCount.ToString(CultureInfo.InvariantCulture)} times{(container is { Status: "running", StartedAt: { } last } ? $", the last time at {Times.Shown(last)}" : "")}" : null,
            container.Error.Length > 0 ? container.Error : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    private static string Meaning(ContainerState container) => container.ExitCode switch
    {
        125 or 126 or 127 => " (what it should start is not there, or cannot be executed)",
        137 when !container.OomKilled => " (killed)",
        139 => " (segmentation fault)",
        143 => " (asked to end)",
        _ => "",
    };
}
