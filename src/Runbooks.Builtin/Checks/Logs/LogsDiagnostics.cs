using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary>What can be wrong with a <c>logs:</c> check.</summary>
public static class LogsDiagnostics
{
    public static readonly Descriptor BadSince = new("RB3250", "logs-since", "it is not said how far back the logs are read", Severity.Error,
        "'since' is 'start', which is the start of the run, or a duration with its unit, like 5m.");

    public static readonly Descriptor BadIgnore = new("RB3251", "logs-ignore", "a pattern of lines to leave aside cannot be used", Severity.Error,
        "Each item of 'ignore' is a .NET regular expression without look-arounds and back-references, so that it is matched in linear time.");

    public static readonly Descriptor NoBaseline = new("RB3252", "logs-baseline", "a log is compared with nothing", Severity.Error,
        "'max_errors_above_baseline' says how many errors there may be more than in another log: 'baseline' names the file with that log, which was kept of a release that was good.");

    public static readonly ImmutableArray<Descriptor> All = [BadSince, BadIgnore, NoBaseline];
}
