using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Stable;

/// <summary>What can be wrong with a <c>stable:</c> check.</summary>
public static class StableDiagnostics
{
    public static readonly Descriptor TooLong = new("RB3340", "stable-too-long", "the samples of a stable check take longer than it may watch", Severity.Error,
        "'samples' of them, 'every' apart, must fit into 'at_most'.");

    public static readonly ImmutableArray<Descriptor> All = [TooLong];
}
