using System.Globalization;

namespace Runbooks.Host.Docker;

/// <summary>Times as the engine writes them: to the nanosecond, and the year 1 for "never".</summary>
internal static class EngineTimes
{
    /// <returns>Null for never, and for what is no time.</returns>
    public static DateTimeOffset? Of(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time.ToUniversalTime() : null;
}
