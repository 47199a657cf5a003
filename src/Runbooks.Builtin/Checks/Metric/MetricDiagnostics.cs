using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Metric;

/// <summary>What can be wrong with a <c>metric:</c> check.</summary>
public static class MetricDiagnostics
{
    public static readonly Descriptor NotTheBase = new("RB3300", "metric-url", "a URL is not the address of Prometheus", Severity.Error,
        "Give the address under which Prometheus is reached, path prefix included, as in http://prometheus:9090. The path of its API, the query and the time are added to it.");

    public static readonly Descriptor NothingAsked = new("RB3301", "metric-nothing-asked", "a metric is compared with nothing", Severity.Error,
        "Say what the number must be ('below', 'above', 'equals', 'min', 'max'), or how it may differ from before ('before' with 'max_increase', 'max_decrease' or 'max_factor').");

    public static readonly Descriptor Unclear = new("RB3302", "metric-unclear", "it is not clear with what a metric is compared", Severity.Error,
        "A check has at most one threshold and at most one comparison with before; 'before' and what may differ belong together. For a range, ask two checks.");

    public static readonly Descriptor BadChange = new("RB3303", "metric-change", "a text is neither a share nor an amount", Severity.Error,
        "A share is a number of at least 0 and '%', of what the number was before. An amount is a number of at least 0 in the unit of the query.");

    public static readonly ImmutableArray<Descriptor> All = [NotTheBase, NothingAsked, Unclear, BadChange];
}
