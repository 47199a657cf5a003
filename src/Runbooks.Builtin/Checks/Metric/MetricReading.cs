using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Checks.Metric;

/// <summary>The one number in an answer of Prometheus, or why there is none.</summary>
/// <param name="At">For when it is, in seconds since 1970 by the clock of Prometheus.</param>
/// <param name="Problem">Why there is no number, and what to do; null when there is one.</param>
internal readonly record struct MetricReading(double Value, double At, string? Problem)
{
    private const int ShownSeries = 5;
    private const int LongestText = 300;

    /// <summary>The beginnings of the series, when there are several.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];

    /// <param name="place">The address of Prometheus, for people.</param>
    /// <param name="mask">Takes the secrets out of what Prometheus says, before it is cut.</param>
    public static MetricReading Of(HttpAnswer answer, string place, Func<string, string> mask)
    {
        var who = $"Prometheus at {place}";
        if (answer.Status is not { } status)
        {
            return None($"{who} cannot be asked: {answer.Problem ?? "there was no answer"}; is it running there, and fast enough for 'timeout'?");
        }

        if (answer.BodyWasCut)
        {
            return None($"the answer of {who} broke off after {ByteSizes.Format(answer.Body.Length)}: ask for one number, with sum(…) or max(…), or give it more time with 'timeout'");
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && Text(root, "status") is { } said
                ? said == "success" && status == 200 ? OfSuccess(root, who, mask) : None(Refusal(root, status, who, mask))
                : None(NoPrometheus(answer, status, who, mask));
        }
        catch (JsonException)
        {
            return None(NoPrometheus(answer, status, who, mask));
        }
    }

    private static MetricReading None(string problem) => new(double.NaN, 0, problem);

    private static MetricReading OfSuccess(JsonElement root, string who, Func<string, string> mask)
    {
        if (Warnings(root).FirstOrDefault() is { } warning)
        {
            return None($"{who} warns that its answer may not be whole: {Shown(warning, mask)}");
        }

        if (!root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("result", out var result))
        {
            return None($"{who} answers in a form that is not known: is it Prometheus, and is its API version 1?");
        }

        return (Text(data, "resultType"), result.ValueKind) switch
        {
            ("scalar", JsonValueKind.Array) => OfPair(result, who),
            ("vector", JsonValueKind.Array) => OfVector(result, who, mask),
            ("matrix", _) => None("the query gives ranges and not numbers: put a function around it that makes a number of each, like rate(…) or avg_over_time(…)"),
            ("string", _) => None("the query gives a text and not a number"),
            _ => None($"{who} answers in a form that is not known: is it Prometheus, and is its API version 1?"),
        };
    }

    private static MetricReading OfVector(JsonElement series, string who, Func<string, string> mask)
    {
        switch (series.GetArrayLength())
        {
            case 0:
                return None("the query finds no series: nothing has this name and these labels at that time, or nothing is scraped; where that means zero, add 'or vector(0)'");
            case 1 when series[0] is { ValueKind: JsonValueKind.Object } only && only.TryGetProperty("value", out var value):
                return OfPair(value, who);
            case 1:
                return None("the query gives a histogram and not a number: put histogram_quantile(…) or histogram_count(…) around it");
            case var count:
                var shown = series.EnumerateArray().Take(ShownSeries).Select(s => Labels(s, mask));
                return None($"the query finds {count} series, and which of them is meant is not said: name more labels, or put sum(…), max(…) or min(…) around it") with
                {
                    Evidence = count > ShownSeries ? [.. shown, $"and {count - ShownSeries} more"] : [.. shown],
                };
        }
    }

    /// <summary>A time and, as text, a number.</summary>
    private static MetricReading OfPair(JsonElement pair, string who)
    {
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || pair[0].ValueKind != JsonValueKind.Number || pair[1].ValueKind != JsonValueKind.String || !pair[0].TryGetDouble(out var at))
        {
            return None($"{who} answers in a form that is not known: is it Prometheus, and is its API version 1?");
        }

        var text = pair[1].GetString() ?? "";
        return text switch
        {
            "NaN" => None("the query gives NaN, which is no number: most often nothing was divided by nothing, because there was no traffic; where that means zero, write '(…) >= 0 or vector(0)'"),
            "+Inf" or "-Inf" => None($"the query gives {text}: something is divided by zero, or lies beyond the last bucket of a histogram"),
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => new MetricReading(number, at, null),
            _ => None($"{who} answers with a number that cannot be read"),
        };
    }

    /// <summary>An error in the form of the API.</summary>
    private static string Refusal(JsonElement root, int status, string who, Func<string, string> mask)
    {
        var (kind, error) = (Text(root, "errorType") ?? "error", Shown(Text(root, "error") ?? "it does not say why", mask));
        return kind switch
        {
            "bad_data" => $"{who} does not understand the query: {error}; try the query there",
            "execution" => $"{who} cannot compute the query: {error}; try the query there",
            "timeout" or "canceled" => $"the query took {who} too long: {error}; ask about a shorter time, or record it by a rule",
            "unavailable" => $"{who} is not ready: {error}; wait for it with 'within'",
            _ => $"{who} answers with an error (status {status}, {Shown(kind, mask)}): {error}",
        };
    }

    /// <summary>An answer that the API does not give.</summary>
    private static string NoPrometheus(HttpAnswer answer, int status, string who, Func<string, string> mask) => status switch
    {
        401 or 403 => $"{who} refuses who asks (status {status}): give what it wants in 'headers', for example Authorization",
        404 => $"{who} has nothing at /api/v1/query (status 404): is 'url' the address of Prometheus, with its path prefix?",
        503 => $"{who} is not ready (status 503): wait for it with 'within'",
        >= 300 and < 400 => $"{who} answers with a redirect{Location(answer, mask)} (status {status}): give the address where it is",
        _ => $"{who} does not answer like Prometheus (status {status}): is 'url' its address?",
    };

    private static string Location(HttpAnswer answer, Func<string, string> mask) =>
        answer.Headers.Where(h => string.Equals(h.Key, "Location", StringComparison.OrdinalIgnoreCase)).Select(h => $" to {Shown(h.Value, mask)}").FirstOrDefault() ?? "";

    /// <summary>What says that the answer may lack something. Remarks on the style of a query stand there too, in some versions.</summary>
    private static IEnumerable<string> Warnings(JsonElement root) => root.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array
        ? warnings.EnumerateArray().Select(w => w.ValueKind == JsonValueKind.String ? w.GetString() ?? "" : w.GetRawText()).Where(w => !w.StartsWith("PromQL info:", StringComparison.Ordinal))
        : [];

    private static string Labels(JsonElement series, Func<string, string> mask) =>
        series.ValueKind == JsonValueKind.Object && series.TryGetProperty("metric", out var labels) ? Shown(labels.GetRawText(), mask) : "a series without labels";

    private static string Shown(string text, Func<string, string> mask) => Phrases.Line(mask(text), LongestText);

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
