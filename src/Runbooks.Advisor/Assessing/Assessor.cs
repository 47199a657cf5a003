using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Assessing.Rules;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing;

/// <summary>Makes an assessment of what probes saw. Pure: the same readings give the same assessment.</summary>
public static class Assessor
{
    /// <summary>Each looks at the readings and at what those before it have said.</summary>
    private static readonly ImmutableArray<Action<Draft>> Rules =
    [
        GoodRelease.Apply,
        WhatChanged.Apply,
        PreviousValues.Apply,
        KnownBackups.Apply,
        BusyDatabases.Apply,
        OldCode.Apply,
        TargetImages.Apply,
        SystemStates.Apply,
        InsideContainers.Apply,
        FailureTimes.Apply,
        StaleProxies.Apply,
        HostTroubles.Apply,
        VolumesAndEngines.Apply,
        CommandValues.Apply,
        MeasuredTimes.Apply,
        TriedRollbacks.Apply,
    ];

    /// <param name="mask">Takes secrets out of a text: all of them are known by now.</param>
    public static Assessment Assess(Subject subject, ImmutableArray<ProbeOutcome> outcomes, Func<string, string> mask)
    {
        var draft = new Draft(subject, outcomes, mask);
        foreach (var rule in Rules)
        {
            rule(draft);
        }

        foreach (var outcome in outcomes)
        {
            foreach (var (problem, fact) in outcome.Problems.SelectMany(p => outcome.Facts.Select(f => (p, f))))
            {
                draft.TellUnknown(fact, outcome.Source, outcome.At, problem);
            }
        }

        var at = outcomes.IsEmpty ? DateTimeOffset.UnixEpoch : outcomes.Max(o => o.At);
        return new Assessment(subject, at)
        {
            Elapsed = outcomes.IsEmpty ? TimeSpan.Zero : outcomes.Max(o => o.Elapsed),
            Facts = draft.Facts with { Evidence = [.. draft.Findings.Select(f => new Evidence(f.Fact, f.Source, Times.Iso(f.At), f.Value, f.Means)).Distinct()] },
            Lines = AssessedLines.Of(draft),
            Contradictions = [.. draft.Contradictions],
            Unseen = [.. outcomes.SelectMany(o => o.Problems.Select(p => (o.Probe, mask(p))))],
            HasSeen = draft.Readings.Any(r => r is ContainersReading { Project.Length: > 0 } or FilesReading) || !subject.ComposeFiles.IsEmpty || draft.Get<ReleasesReading>() is { History.Releases.IsEmpty: false },
        };
    }
}
