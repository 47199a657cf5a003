using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Docker;

/// <summary>From the engine's events to what the product knows of them.</summary>
internal static class EventReading
{
    private static readonly ImmutableArray<string> Actions = ["create", "start", "die", "oom", "kill", "stop", "restart", "destroy", "health_status"];

    public static async Task<ImmutableArray<EngineEvent>> AllAsync(EngineApi client, string? project, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel)
    {
        var filters = new Dictionary<string, Dictionary<string, bool>>
        {
            ["type"] = new() { ["container"] = true },
            ["event"] = Actions.ToDictionary(a => a, _ => true, StringComparer.Ordinal),
        };
        if (project is not null)
        {
            filters["label"] = new() { [$"{ContainerReading.ProjectLabel}={project}"] = true };
        }

        // With an end in the past the engine tells what it remembers, and closes.
        using var answer = await client.AskAsync($"/events?since={Seconds(since)}&until={Seconds(until)}&filters={EngineApi.Filters(filters)}", cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        var events = new List<EngineEvent>();
        await foreach (var told in JsonSerializer.DeserializeAsyncEnumerable(body, EngineJson.Default.EventAnswer, topLevelValues: true, cancel))
        {
            events.Add(Of(told ?? throw new JsonException("an event is null")));
        }

        return [.. events.OrderBy(e => e.At)];
    }

    /// <summary>As the engine takes a time in a query.</summary>
    public static string Seconds(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);

    private static EngineEvent Of(EventAnswer told)
    {
        var attributes = (told.Actor?.Attributes ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return new EngineEvent(
            DateTimeOffset.UnixEpoch.AddTicks((told.TimeNano ?? 0) / TimeSpan.NanosecondsPerTick),
            attributes.GetValueOrDefault("name", ""),
            told.Action ?? "",
            int.TryParse(attributes.GetValueOrDefault("exitCode", ""), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? code : null,
            attributes);
    }
}
