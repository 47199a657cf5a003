using System.Collections.Immutable;
using Runbooks.Language.Fields;

namespace Runbooks.Advisor.Readiness;

/// <summary>A backup of data that a run put on record, which a run does only after it was verified.</summary>
/// <param name="Verified">How.</param>
/// <param name="Problem">Why it cannot be relied upon now: gone, not what it was; empty when it can.</param>
/// <param name="Doubt">Why that cannot be told; empty when it can.</param>
public sealed record BackupOnRecord(string Run, string Step, DateTimeOffset At, string Path, string Verified, string Problem, string Doubt);

/// <summary>Whether there is a backup to go back to that is young enough.</summary>
public static class BackupJudgement
{
    /// <param name="backups">In any order.</param>
    /// <param name="left">Runs that are not believed, a sentence each.</param>
    /// <param name="command">What makes a backup; empty when no playbook of the project does.</param>
    public static ReadyAnswer Of(ImmutableArray<BackupOnRecord> backups, ImmutableArray<Sighting> left, DateTimeOffset now, TimeSpan oldest, string command)
    {
        var fix = command.Length > 0 ? new ReadyFix("make one", command) : new ReadyFix("make one: a playbook with a 'backup' step in playbooks/", "runbook explain backup");
        var sorted = backups.OrderByDescending(b => b.At).ToImmutableArray();
        ImmutableArray<Sighting> seen = [.. sorted.Take(5).Select(b => new Sighting($"run {b.Run}", $"{b.Path}, made {TargetJudgement.Time(b.At)} by step {b.Step}: {(b.Problem.Length > 0 ? b.Problem : b.Doubt.Length > 0 ? b.Doubt : b.Verified)}")), .. left];
        var whole = sorted.FirstOrDefault(b => b is { Problem: "", Doubt: "" });
        var doubtful = sorted.FirstOrDefault(b => b is { Problem: "", Doubt.Length: > 0 } && now - b.At <= oldest);
        return whole switch
        {
            { } found when now - found.At <= oldest => ReadyAnswer.Ready($"verified, made {Ago(now - found.At)} ago by run {found.Run}") with { Seen = seen },
            _ when doubtful is not null => ReadyAnswer.Unknown($"whether the backup of run {doubtful.Run} is whole cannot be told: {doubtful.Doubt}", fix) with { Seen = seen },
            { } found => ReadyAnswer.NotReady($"the newest verified backup is {Ago(now - found.At)} old, and may be {Durations.Format(oldest)}", fix) with { Seen = seen },
            _ when sorted.FirstOrDefault() is { } broken => ReadyAnswer.NotReady($"no backup on record is whole: that of run {broken.Run}: {broken.Problem}", fix) with { Seen = seen },
            _ => ReadyAnswer.NotReady("no run on record made a backup of the data", fix) with { Seen = seen },
        };
    }

    /// <summary>In the largest unit, downwards.</summary>
    internal static string Ago(TimeSpan age) => age.TotalDays >= 2 ? $"{(long)age.TotalDays} days" : age.TotalHours >= 2 ? $"{(long)age.TotalHours} hours" : age.TotalMinutes >= 2 ? $"{(long)age.TotalMinutes} minutes" : "a minute";
}
