using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Advisor.Readiness;

/// <summary>Whether a project could be rolled back at this moment, item by item.</summary>
/// <param name="Project">The Compose project; empty when it could not be told.</param>
/// <param name="Folder">Absolute.</param>
/// <param name="Target">The release that would be gone back to; empty when there is none.</param>
public sealed record ReadyReport(string Project, string Folder, string Target, DateTimeOffset At, ImmutableArray<ReadyItemAnswer> Items)
{
    /// <summary>Holds when every item is ready; one that is not counts more than one that is unknown. Nothing asked is nothing known.</summary>
    public VerdictKind Verdict =>
        Items.Any(i => i.Answer.Kind == VerdictKind.DoesNotHold) ? VerdictKind.DoesNotHold
        : Items.All(i => i.Answer.Kind == VerdictKind.Holds) && !Items.IsEmpty ? VerdictKind.Holds
        : VerdictKind.Unknown;

    public int Count(VerdictKind kind) => Items.Count(i => i.Answer.Kind == kind);

    /// <summary>The words of the outside for an answer.</summary>
    public static string WordOf(VerdictKind kind) => kind switch
    {
        VerdictKind.Holds => "ready",
        VerdictKind.DoesNotHold => "not-ready",
        _ => "unknown",
    };
}

/// <param name="Name">One word, the name of the item.</param>
/// <param name="Statement">What holds when it is ready.</param>
/// <param name="Why">Why it matters, one sentence.</param>
public sealed record ReadyItemAnswer(string Name, string Statement, string Why, ReadyAnswer Answer, TimeSpan Elapsed);
