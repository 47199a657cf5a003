using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Resources;

/// <summary>What can be wrong with a <c>resources:</c> check.</summary>
public static class ResourcesDiagnostics
{
    public static readonly Descriptor NothingAsked = new("RB3310", "resources-nothing-asked", "a resources check asks nothing", Severity.Error,
        "Say how much may be used: 'max_cpu', 'max_memory' or 'max_disk'.");

    public static readonly Descriptor BadLimit = new("RB3311", "resources-limit", "a text is not how much of a resource", Severity.Error,
        "A share is a number above 0, at most 100, and '%', for CPUs and memory. Without '%', CPUs are a number above 0; memory and disk are a size with its unit, like 512MB or 2GiB.");

    public static readonly ImmutableArray<Descriptor> All = [NothingAsked, BadLimit];
}
