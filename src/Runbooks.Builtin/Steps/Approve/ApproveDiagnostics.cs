using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Approve;

/// <summary>What can be wrong with an <c>approve:</c> step.</summary>
public static class ApproveDiagnostics
{
    public static readonly Descriptor NothingAsked = new("RB3190", "nothing-to-approve", "an approval asks nothing", Severity.Error,
        "Say in a sentence what is approved and what it costs: the person who answers may know nothing else of the run.");

    public static readonly Descriptor ApproverNotKnown = new("RB3191", "approver-not-known", "who may approve is not known when the plan is made", Severity.Error,
        "Name those who may approve, or compute the names from variables: an output of a step must not decide who may let it go on.");

    public static readonly ImmutableArray<Descriptor> All = [NothingAsked, ApproverNotKnown];
}
