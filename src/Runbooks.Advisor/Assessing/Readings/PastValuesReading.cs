using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>The values that variables of containers had with a release, as its files say them and its record confirms them. No secret is among them.</summary>
/// <param name="Release">Its id.</param>
public sealed record PastValuesReading(string Source, DateTimeOffset At, string Release, ImmutableArray<PastValue> Values) : Reading(Source, At)
{
    /// <summary>Variables whose values may be shown nowhere.</summary>
    public ImmutableSortedSet<string> Hidden { get; init; } = [];
}

/// <param name="Value">The keyed hash that was recorded is that of this value.</param>
/// <param name="LiteralIn">The Compose file in which it was written down as it is; empty when it came from elsewhere.</param>
public sealed record PastValue(string Service, string Variable, string Value, string LiteralIn);
