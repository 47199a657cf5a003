using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Containers;

/// <summary>The state of a container in words.</summary>
internal static class ContainerWords
{
    private const int LongestOutput = 300;

    /// <summary>In one line: "running, healthy", "exited with code 137, out of memory", "restarting after exit code 1, for the 5th time".</summary>
    public static string Of(ContainerState container)
    {
        var parts = new List<string>
        {
            container.Status switch
            {
                "exited" or "dead" => $"{container.Status} with code {container.ExitCode}",
                "restarting" => $"restarting after exit code {container.ExitCode}",
                _ => container.Status,
            },
        };
        if (container.Health is { } health && container.Status == "running")
        {
            parts.Add(health == "starting" ? "its health not yet known" : health);
        }

        if (container.OomKilled)
        {
            parts.Add("killed because the memory ran out");
        }

        if (container.RestartCount > 0)
        {
            parts.Add($"restarted {(container.RestartCount == 1 ? "once" : $"{container.RestartCount} times")} by the engine");
        }

        return string.Join(", ", parts);
    }

    /// <summary>
    /// The probe of its health check cannot be run, so that "unhealthy" says nothing of what is in the container: it could not be started (Docker tells -1, as of one that took too long),
    /// is not executable (126), or is not there (127, of a shell).
    /// </summary>
    public static bool HasBrokenProbe(ContainerState container) => container is { Health: "unhealthy", HealthOutput: { } output }
        && (output.StartsWith("exit 126:", StringComparison.Ordinal) || output.StartsWith("exit 127:", StringComparison.Ordinal) || output.StartsWith("exit -1: OCI runtime exec failed:", StringComparison.Ordinal));

    /// <summary>What else is known and may explain it.</summary>
    /// <param name="mask">Takes the secrets out of what the container said, before it is cut.</param>
    public static ImmutableArray<string> Evidence(ContainerState container, Func<string, string> mask)
    {
        mask = ContainerSecrets.Mask([container], mask);
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add($"{container.Name}: {Of(container)}, image {container.ImageReference} ({Short(container.ImageId)})");
        if (container.Error.Length > 0)
        {
            lines.Add($"{container.Name}: the engine says: {Phrases.Line(mask(container.Error), LongestOutput)}");
        }

        if (ExitCodeMeaning(container) is { } meaning)
        {
            lines.Add($"{container.Name}: {meaning}");
        }

        if (container.HealthOutput is { Length: > 0 } output)
        {
            lines.Add($"{container.Name}: last health check: {Phrases.Line(mask(output), LongestOutput)}");
        }

        if (container.StartedAt is { } started)
        {
            lines.Add($"{container.Name}: started {started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC");
        }

        return lines.ToImmutable();
    }

    /// <summary>The beginning of an id, as the docker command shows it.</summary>
    public static string Short(string id)
    {
        var digits = id.StartsWith("sha256:", StringComparison.Ordinal) ? id[7..] : id;
        return digits.Length > 12 ? digits[..12] : digits;
    }

    /// <summary>Codes that do not come from the program itself.</summary>
    private static string? ExitCodeMeaning(ContainerState container) => container switch
    {
        { Status: "running" or "created" or "paused" } => null,
        { ExitCode: 125 } => "code 125: the engine could not start it",
        { ExitCode: 126 } => "code 126: its program is not executable",
        { ExitCode: 127 } => "code 127: its program was not found",
        { ExitCode: 137, OomKilled: false } => "code 137: it was killed (SIGKILL), for example because it did not stop in time",
        { ExitCode: 139 } => "code 139: it crashed (SIGSEGV)",
        { ExitCode: 143 } => "code 143: it was asked to stop (SIGTERM)",
        _ => null,
    };
}
