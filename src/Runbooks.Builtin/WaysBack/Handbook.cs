using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Builtin.WaysBack;

/// <summary>A row of the handbook's tables: how risky a strategy is, how long the users notice it and how long it takes.</summary>
/// <param name="Downtime">In the handbook's word.</param>
internal sealed record Handbook(Risk Risk, string Downtime, int FromMinutes, int ToMinutes)
{
    public static Handbook Application { get; } = new(Risk.Low, "seconds", 1, 2);

    public static Handbook Configuration { get; } = new(Risk.Low, "seconds", 1, 2);

    public static Handbook Infrastructure { get; } = new(Risk.Medium, "minutes", 3, 5);

    public static Handbook Database { get; } = new(Risk.High, "minutes", 5, 10);

    public static Handbook Sequential { get; } = new(Risk.High, "minutes", 10, 15);

    private string Range => $"{FromMinutes} to {ToMinutes} minutes";

    /// <summary>With what it took when it was done here.</summary>
    /// <param name="playbook">Null when none is recommended.</param>
    public TimeRange TimeWith(ShippedPlaybook? playbook, Situation situation)
    {
        var (shortest, longest) = (TimeSpan.FromMinutes(FromMinutes), TimeSpan.FromMinutes(ToMinutes));
        return situation.Measured(playbook?.Name ?? "") is { } last
            ? new TimeRange(last.Took < shortest ? last.Took : shortest, last.Took > longest ? last.Took : longest, [$"{last.What} took {Shown(last.Took)} in {last.From}", $"the handbook: {Range}"])
            : new TimeRange(shortest, longest, [$"the handbook: {Range}"]);
    }

    /// <summary>No longer than all of it takes.</summary>
    /// <param name="declared">What the playbook says; null when none is recommended.</param>
    public TimeRange DowntimeWith(ShippedPlaybook? declared, Situation situation)
    {
        var sources = ImmutableArray.CreateBuilder<string>();
        if (declared is not null)
        {
            sources.Add($"the playbook {declared.Name} declares {Language.Fields.Durations.Format(declared.Downtime)}");
        }

        var healthy = situation.Measured(Measurement.Healthy);
        if (healthy is not null)
        {
            sources.Add($"{healthy.From} was healthy {Shown(healthy.Took)} after its start");
        }

        sources.Add($"the handbook: {Downtime}, and {Range} until all of it is done");
        if (situation.IsClosed)
        {
            sources.Add("nobody is served now, so nobody notices");
        }

        var shortest = declared?.Downtime ?? (Downtime == "seconds" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1));
        // What takes longer than somebody has declared takes longer.
        shortest = healthy?.Took > shortest ? healthy.Took : shortest;
        var longest = TimeSpan.FromMinutes(ToMinutes);
        return new TimeRange(shortest, longest > shortest ? longest : shortest, sources.ToImmutable());
    }

    /// <summary>Whole seconds, where there are some.</summary>
    private static string Shown(TimeSpan took) => Language.Fields.Durations.Format(took < TimeSpan.FromSeconds(1) ? took : TimeSpan.FromSeconds(Math.Round(took.TotalSeconds)));
}
