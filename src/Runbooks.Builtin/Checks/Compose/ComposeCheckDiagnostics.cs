using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Compose;

/// <summary>What can be wrong with a <c>compose:</c> check.</summary>
public static class ComposeCheckDiagnostics
{
    public static readonly Descriptor NoServices = new("RB3230", "compose-services-unclear", "which services must run cannot be told", Severity.Error,
        "The names of the services are read from the Compose files when the plan is made. Where that is not certain (includes, merged mappings), list them in 'services'.");

    public static readonly Descriptor Contradiction = new("RB3231", "compose-contradiction", "a service must be running and must have ended", Severity.Error,
        "A service stands either in 'services' or in 'finished'.");

    public static readonly ImmutableArray<Descriptor> All = [NoServices, Contradiction];
}
