using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Engine.Verifying;

/// <summary>What the checks of a playbook said, all of them.</summary>
/// <param name="Since">What the checks take for the beginning of the run.</param>
/// <param name="Run">The run that began then; empty when there is none, and it is the moment of the question.</param>
public sealed record Checklist(string Playbook, string Version, string Path, string Project, DateTimeOffset Since, string Run)
{
    public ImmutableArray<ChecklistItem> Items { get; init; } = [];

    /// <summary>Holds when every check holds; one that does not hold counts more than one that is unknown.</summary>
    public VerdictKind Verdict =>
        Items.Any(i => i.Verdict.Kind == VerdictKind.DoesNotHold) ? VerdictKind.DoesNotHold
        : Items.All(i => i.Verdict.Kind == VerdictKind.Holds) ? VerdictKind.Holds
        : VerdictKind.Unknown;

    public int Count(VerdictKind kind) => Items.Count(i => i.Verdict.Kind == kind);
}

/// <summary>One check and its answer, without the secrets of the playbook.</summary>
/// <param name="Step">Id of the step that has it; empty for a validation of the playbook.</param>
/// <param name="Asked">How many questions it took; 0 when it could not be asked.</param>
public sealed record ChecklistItem(string Step, string Name, string Statement, Verdict Verdict, int Asked, TimeSpan Elapsed);
