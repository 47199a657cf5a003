using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Steps.Http;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Metric;

/// <summary><c>metric:</c> asks Prometheus for one number, and compares it with a limit or with what it was before.</summary>
public sealed class MetricCheckKind : CheckKind<MetricCheck>
{
    private const long LongestTimeout = 100_000;
    private const long SecondInMilliseconds = 1_000;

    private static readonly ImmutableArray<string> Thresholds = ["below", "above", "equals", "min", "max"];
    private static readonly ImmutableArray<string> Changes = ["max_increase", "max_decrease", "max_factor"];

    public override KindDeclaration Declaration { get; } = new("metric", "A Prometheus query gives the right number.", () => new FieldSet("'metric'",
    [
        new Field("url", FieldShape.Text, "the address of Prometheus: absolute, http or https, without the path of its API") { Required = true, NotEmpty = true },
        new Field("query", FieldShape.Text, "an expression of PromQL that gives one number: one series, or a scalar") { Required = true, NotEmpty = true },
        new Field("below", FieldShape.Number, "the number must be smaller than this"),
        new Field("above", FieldShape.Number, "the number must be larger than this"),
        new Field("equals", FieldShape.Number, "the number must be this"),
        new Field("min", FieldShape.Number, "the number must be this or larger"),
        new Field("max", FieldShape.Number, "the number must be this or smaller"),
        new Field("before", FieldShape.Duration, "the number is compared with what it was so long before") { Minimum = SecondInMilliseconds },
        new Field("max_increase", FieldShape.Text, "how much larger it may be than before: a share of what it was (10%), or an amount") { NotEmpty = true, IsShown = true },
        new Field("max_decrease", FieldShape.Text, "how much smaller it may be than before: a share of what it was (10%), or an amount") { NotEmpty = true, IsShown = true },
        new Field("max_factor", FieldShape.Number, "it may be at most so many times what it was before") { Minimum = 0 },
        new Field("headers", FieldShape.TextMap, "headers of the request, by name"),
        new Field("timeout", FieldShape.Duration, "how long an answer may take") { Default = "10s", Minimum = 1, Maximum = LongestTimeout },
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [HttpDiagnostics.BadUrl, HttpDiagnostics.BadHeader, .. MetricDiagnostics.All];

    public override MetricCheck? Plan(Inputs inputs, PlanContext context)
    {
        var (url, headers) = (Base(inputs, context), HttpRequests.Headers(inputs, context));
        if (!IsClear(inputs, context) || url is null || headers is not { } all)
        {
            return null;
        }

        var check = new MetricCheck(url, inputs.Text("query"), inputs.Duration("timeout")) { Headers = all };
        if (Thresholds.FirstOrDefault(inputs.IsGiven) is { } threshold)
        {
            check = check with { Threshold = new MetricThreshold(threshold, inputs.Number(threshold)) };
        }

        if (Changes.FirstOrDefault(inputs.IsGiven) is not { } change)
        {
            return check;
        }

        return Change(change, inputs, context) is { } wanted ? check with { Change = wanted } : null;
    }

    public override async Task<Verdict> AskAsync(MetricCheck question, CheckContext context, CancellationToken cancel)
    {
        var now = await AskAsync(question, null, context, cancel);
        if (now.Problem is not null)
        {
            return Verdict.Unknown(now.Problem) with { Evidence = now.Evidence };
        }

        var observed = MetricCheck.Shown(now.Value);
        if (question.Threshold?.Admits(now.Value) == false)
        {
            return Verdict.DoesNotHold(observed);
        }

        return question.Change is null ? Verdict.Holds(observed) : await CompareAsync(question, question.Change, now, context, cancel);
    }

    private static async Task<Verdict> CompareAsync(MetricCheck question, MetricChange change, MetricReading now, CheckContext context, CancellationToken cancel)
    {
        // By the clock of Prometheus: this machine's may be another.
        var before = await AskAsync(question, now.At - change.Before.TotalSeconds, context, cancel);
        var (number, ago) = (MetricCheck.Shown(now.Value), Durations.Format(change.Before));
        if (before.Problem is not null)
        {
            return Verdict.Unknown($"{number} now; of {ago} before: {before.Problem}") with { Evidence = before.Evidence };
        }

        var observed = $"{number}, {ago} before {MetricCheck.Shown(before.Value)}{Percent(now.Value, before.Value)}";
        return change.Admits(now.Value, before.Value) switch
        {
            true => Verdict.Holds(observed),
            false => Verdict.DoesNotHold(observed),
            null => Verdict.Unknown($"{observed}: a factor of a negative number says nothing, use 'max_increase' with an amount"),
        };
    }

    private static async Task<MetricReading> AskAsync(MetricCheck question, double? at, CheckContext context, CancellationToken cancel)
    {
        var time = at is { } seconds ? $"&time={seconds.ToString("F3", CultureInfo.InvariantCulture)}" : "";
        var answer = await context.Ports.Network.SendAsync(
            new HttpSpec("GET", question.Request.Url.Reveal() + time)
            {
                Headers = [.. question.Headers.Select(h => KeyValuePair.Create(h.Name, h.Value.Reveal()))],
                Timeout = question.Timeout,
            },
            cancel);
        return MetricReading.Of(answer, question.Url.Display, context.Mask);
    }

    private static string Percent(double now, double before) =>
        before == 0 ? "" : $" ({((now - before) / Math.Abs(before) * 100).ToString("+0.#;-0.#;0", CultureInfo.InvariantCulture)}%)";

    private static Rendered? Base(Inputs inputs, PlanContext context)
    {
        if (HttpRequests.Url(inputs, context) is not { } url || !url.IsKnown)
        {
            return inputs.Text("url") is { IsKnown: false } later ? later : null;
        }

        var uri = new Uri(url.Reveal());
        var what = uri.Query.Length > 0 || uri.Fragment.Length > 0 ? "has more behind its path"
            : uri.AbsolutePath.Contains("/api/v1", StringComparison.Ordinal) ? "holds the path of the API"
            : null;
        if (what is null)
        {
            return url;
        }

        context.Report(MetricDiagnostics.NotTheBase, inputs.SpanOf("url"), $"'{url.Display}' {what}: it is not the address of Prometheus", "for example http://localhost:9090");
        return null;
    }

    private static bool IsClear(Inputs inputs, PlanContext context)
    {
        var (thresholds, changes) = (Thresholds.Where(inputs.IsGiven).ToList(), Changes.Where(inputs.IsGiven).ToList());
        var wrong = thresholds.Count > 1 ? (thresholds[1], $"'{thresholds[1]}' stands beside '{thresholds[0]}'", "one threshold for each check")
            : changes.Count > 1 ? (changes[1], $"'{changes[1]}' stands beside '{changes[0]}'", "one comparison with before for each check")
            : changes.Count == 1 && !inputs.IsGiven("before") ? (changes[0], $"'{changes[0]}' compares with before, and it is not said when that is", "for example before: 1h")
            : changes.Count == 0 && inputs.IsGiven("before") ? ("before", "it is not said how the number may differ from before", "for example max_increase: 10%")
            : ((string Field, string Message, string Hint)?)null;
        if (wrong is { } found)
        {
            context.Report(MetricDiagnostics.Unclear, inputs.SpanOf(found.Field), found.Message, found.Hint);
        }
        else if (thresholds.Count + changes.Count == 0)
        {
            context.Report(MetricDiagnostics.NothingAsked, inputs.Span, "it is not said what the number must be", "for example below: 0.05, or before: 1h with max_increase: 10%");
            return false;
        }

        return wrong is null;
    }

    private static MetricChange? Change(string field, Inputs inputs, PlanContext context)
    {
        var before = inputs.OptionalDuration("before") ?? TimeSpan.Zero;
        if (field == "max_factor")
        {
            return new MetricChange(before, field, inputs.Number(field), false, MetricCheck.Shown(inputs.Number(field)));
        }

        var text = inputs.Text(field);
        if (!text.IsKnown)
        {
            context.Report(TemplateDiagnostics.NotKnown, inputs.SpanOf(field), $"'{field}' must be known when the plan is made, {text.Display} is not");
            return null;
        }

        var wanted = text.Reveal().Trim();
        var isShare = wanted.EndsWith('%');
        if (ByteSizes.Number(isShare ? wanted[..^1].TrimEnd() : wanted) is { } amount)
        {
            return new MetricChange(before, field, isShare ? amount / 100 : amount, isShare, wanted);
        }

        context.Report(MetricDiagnostics.BadChange, inputs.SpanOf(field), $"'{text.Display}' is neither a share nor an amount", "for example 10%, or 0.02");
        return null;
    }
}
