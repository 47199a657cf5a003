using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;

namespace Runbooks.Advisor.Readiness;

/// <summary>A playbook of the project that is a way back.</summary>
/// <param name="Path">Relative to the project.</param>
/// <param name="Sha256">Of its bytes.</param>
public sealed record WayBackPlaybook(string Name, string Path, string Sha256);

/// <summary>A run of a playbook, as its journal tells it.</summary>
/// <param name="Sha256">Of the playbook as it was run.</param>
/// <param name="Conclusion">Null while it has none.</param>
public sealed record RunOnRecord(string Run, string Playbook, string Sha256, DateTimeOffset At, Conclusion? Conclusion, bool IsSealed, bool IsByHand);

/// <summary>
/// Whether somebody has gone the ways back before they are needed: a run of the playbook as it is now, that ended as succeeded, under its seal. Runs that never began to change
/// anything say nothing.
/// </summary>
public static class RehearsalJudgement
{
    /// <param name="runs">In any order, without those that take another run back.</param>
    /// <param name="left">Runs that are not believed.</param>
    public static ReadyAnswer Of(ImmutableArray<WayBackPlaybook> playbooks, ImmutableArray<RunOnRecord> runs, ImmutableArray<Sighting> left)
    {
        if (playbooks.IsEmpty)
        {
            return ReadyAnswer.Unknown("no playbook of the project is a way back: one that is says its 'strategy'", new ReadyFix("see which playbook fits, and copy it into playbooks/", "runbook advise --interactive")) with { Seen = left };
        }

        var parts = playbooks.Select(p => Part(p, [.. runs.Where(r => r.Playbook == p.Name && r.Conclusion is not (Conclusion.Refused or Conclusion.Cancelled)).OrderByDescending(r => r.At)])).ToImmutableArray();
        var answer = ReadyAnswer.Of(parts, playbooks.Length == 1 ? parts[0].Text : $"all {playbooks.Length} ways back were gone, as they are now");
        ImmutableArray<ReadyFix> fewer = playbooks.Length > 1 && answer.Kind != VerdictKind.Holds ? [new ReadyFix("take out of playbooks/ what this project has no use for", "")] : [];
        return answer with { Seen = [.. answer.Seen, .. left], Fixes = [.. answer.Fixes, .. fewer] };
    }

    private static ReadyPart Part(WayBackPlaybook playbook, ImmutableArray<RunOnRecord> runs)
    {
        var rehearse = new ReadyFix("go it once where nothing can be lost, with the same store or a copy of its record", $"runbook exec {playbook.Path}");
        if (runs.IsEmpty)
        {
            return new ReadyPart(VerdictKind.Unknown, $"no run of {playbook.Name} is on record") { Seen = [new Sighting(playbook.Path, "it was never run here")], Fixes = [rehearse] };
        }

        var last = runs[0];
        ImmutableArray<Sighting> seen = [new($"run {last.Run}", $"{playbook.Name}, begun {TargetJudgement.Time(last.At)}: {Ended(last)}{(last.Sha256 == playbook.Sha256 ? "" : ", with other bytes than the playbook has now")}")];
        return last switch
        {
            { Conclusion: null } or { IsSealed: false } => new ReadyPart(VerdictKind.Unknown, $"the last run of {playbook.Name}, {last.Run}, has no end on record") { Seen = seen, Fixes = [new ReadyFix("see how far it came", $"runbook runs show {last.Run}"), rehearse] },
            { Conclusion: not Conclusion.Succeeded } => new ReadyPart(VerdictKind.DoesNotHold, $"the last run of {playbook.Name}, {last.Run}, did not succeed") { Seen = seen, Fixes = [new ReadyFix("see why", $"runbook runs show {last.Run}"), rehearse] },
            { IsByHand: true } => new ReadyPart(VerdictKind.Unknown, $"{playbook.Name} was only gone by hand, in run {last.Run}") { Seen = seen, Fixes = [rehearse] },
            _ when last.Sha256 != playbook.Sha256 => new ReadyPart(VerdictKind.Unknown, $"{playbook.Name} was changed since run {last.Run} of {TargetJudgement.Time(last.At)}") { Seen = seen, Fixes = [rehearse] },
            _ => new ReadyPart(VerdictKind.Holds, $"{playbook.Name} succeeded in run {last.Run} of {TargetJudgement.Time(last.At)}") { Seen = seen },
        };
    }

    private static string Ended(RunOnRecord run) => $"{(run.Conclusion is { } conclusion ? conclusion.ToString().ToLowerInvariant() : "no end")}{(run.IsSealed ? "" : ", not sealed")}{(run.IsByHand ? ", by hand" : "")}";
}
