using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Wait;

/// <summary>What can be wrong with a <c>wait:</c> step.</summary>
public static class WaitDiagnostics
{
    public static readonly Descriptor NothingToWaitFor = new("RB3130", "nothing-to-wait-for", "a wait does not say for what", Severity.Error,
        "Give 'for' with a duration, or 'until' with checks.");

    public static readonly Descriptor DoesNotWait = new("RB3131", "wait-without-within", "a wait asks only once", Severity.Error,
        "A check without 'within' is asked once. In 'until' that does not wait: say how long to keep asking.");

    public static readonly ImmutableArray<Descriptor> All = [NothingToWaitFor, DoesNotWait];
}
