using System.Collections.Immutable;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing;

/// <summary>What a broken deployment looks like: the handbook's questions with their answers, and what was observed of each.</summary>
/// <param name="At">When the last probe ended.</param>
public sealed record Assessment(Subject Subject, DateTimeOffset At)
{
    /// <summary>From the first question to the last answer.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What <c>advise</c> makes advice of; with the findings as evidence.</summary>
    public Facts Facts { get; init; } = Facts.None;

    /// <summary>In the order of the handbook.</summary>
    public ImmutableArray<AssessedLine> Lines { get; init; } = [];

    /// <summary>Evidence that does not go together, a sentence each.</summary>
    public ImmutableArray<string> Contradictions { get; init; } = [];

    /// <summary>The probes that did not see all that they should, each with the reason.</summary>
    public ImmutableArray<(string Probe, string Why)> Unseen { get; init; } = [];

    /// <summary>Something was seen of what is deployed: an engine, or a release on record.</summary>
    public bool HasSeen { get; init; }
}

/// <summary>A question with its answer.</summary>
/// <param name="Name">component, failure time, system state, traffic, data changes …</param>
/// <param name="Answer">One sentence; beginning with "unknown" when it is.</param>
public sealed record AssessedLine(string Name, string Answer, ImmutableArray<Finding> Findings);
