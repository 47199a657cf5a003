using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Metric;

/// <summary>What Prometheus must say of one number.</summary>
/// <param name="Url">The address of Prometheus, path prefix included.</param>
public sealed record MetricCheck(Rendered Url, Rendered Query, TimeSpan Timeout) : CheckQuestion
{
    private const string Api = "/api/v1/query?query=";

    public ImmutableArray<EnvironmentAddition> Headers { get; init; } = [];

    /// <summary>What the number must be now; null when it is only compared with before.</summary>
    public MetricThreshold? Threshold { get; init; }

    /// <summary>How it may differ from before; null when only now matters.</summary>
    public MetricChange? Change { get; init; }

    public override bool IsKnown => Request.IsKnown;

    public override ImmutableArray<PlannedEffect> ByHand => [Request];

    public override string Statement
    {
        get
        {
            string?[] parts = [Threshold is null ? null : $"is {Threshold}", Change?.ToString()];
            return $"{Phrases.Line(Query.Display, int.MaxValue - 1)} {Phrases.And(parts.OfType<string>())}, by Prometheus at {Url.Display}";
        }
    }

    /// <summary>Without headers all is in the statement.</summary>
    public override ImmutableArray<PlannedEffect> Effects => Headers.IsEmpty ? [] : [Request];

    /// <summary>The request for the number as it is now.</summary>
    public RequestSent Request => new("GET", Rendered.Of([.. WithoutSlash(Url), new RenderedPart(RenderedKind.Literal, Api), .. Query.Parts.Select(Encoded)]), Headers, Rendered.Empty);

    /// <summary>A number for people.</summary>
    public static string Shown(double number) => number.ToString("G10", CultureInfo.InvariantCulture);

    private static IEnumerable<RenderedPart> WithoutSlash(Rendered url) =>
        url.Parts.Select((p, i) => i == url.Parts.Length - 1 && p.Kind != RenderedKind.Unknown ? p with { Text = p.Text.TrimEnd('/') } : p);

    private static RenderedPart Encoded(RenderedPart part) => part.Kind == RenderedKind.Unknown ? part : part with { Text = Uri.EscapeDataString(part.Text) };
}

/// <summary>What a number must be.</summary>
/// <param name="Field">Which comparison, by the name of its field: <c>below</c>, <c>above</c>, <c>equals</c>, <c>min</c> or <c>max</c>.</param>
public sealed record MetricThreshold(string Field, double Limit)
{
    public bool Admits(double number) => Field switch
    {
        "below" => number < Limit,
        "above" => number > Limit,
        "min" => number >= Limit,
        "max" => number <= Limit,
        _ => number.Equals(Limit),
    };

    public override string ToString() => $"{Field switch { "min" => "at least", "max" => "at most", "equals" => "equal to", _ => Field }} {MetricCheck.Shown(Limit)}";
}

/// <summary>How a number may differ from what it was.</summary>
/// <param name="Field">Which comparison, by the name of its field: <c>max_increase</c>, <c>max_decrease</c> or <c>max_factor</c>.</param>
/// <param name="Amount">In the unit of the number; a share of what it was when <paramref name="IsShare"/>, 0.1 for 10%; for <c>max_factor</c> the factor.</param>
/// <param name="Wanted">As it was written.</param>
public sealed record MetricChange(TimeSpan Before, string Field, double Amount, bool IsShare, string Wanted)
{
    /// <summary>Null: a factor of a negative number says nothing.</summary>
    public bool? Admits(double number, double before)
    {
        var step = IsShare ? Math.Abs(before) * Amount : Amount;
        return Field switch
        {
            "max_increase" => number <= before + step,
            "max_decrease" => number >= before - step,
            _ => before < 0 ? null : number <= before * Amount,
        };
    }

    public override string ToString()
    {
        var before = Durations.Format(Before);
        return Field switch
        {
            "max_increase" => $"has risen by at most {Wanted} since {before} before",
            "max_decrease" => $"has fallen by at most {Wanted} since {before} before",
            _ => $"is at most {Wanted} times what it was {before} before",
        };
    }
}
