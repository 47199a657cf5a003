using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Engine.Planning;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Builtin.WaysBack;

/// <summary>What is to be said of several strategies alike.</summary>
internal static class Remarks
{
    /// <summary>What speaks against a rollback, and what should make people look twice.</summary>
    public static IEnumerable<string> Against(Situation situation)
    {
        var facts = situation.Facts;
        if (facts.FailureTime is FailureTime.Gradual or FailureTime.Unknown)
        {
            yield return facts.FailureTime == FailureTime.Gradual
                ? "trouble that grows slowly is often a leak, the load or a full disk, and the previous release may have it too"
                : "when it failed is not known: make sure that it began with the release";
        }

        if (facts.SystemState is SystemState.PartiallyDeployed or SystemState.Unknown)
        {
            yield return facts.SystemState == SystemState.Unknown
                ? "how the system is now is not known"
                : "the release was deployed in part: some containers may still run the previous one";
        }

        if (situation.IsFetched)
        {
            yield return "how long its image takes to come is not known: until it is here, the failed release goes on";
        }

        if (situation.Kinds.Length > 1 && situation.Kinds.Contains(ChangeKind.FeatureFlag) && situation.Tried(PartCommands.Flag(situation).Command) is { } tried)
        {
            yield return $"the feature flag was switched back in run {tried.Run} already, which {tried.Ended}";
        }

        if (situation.Schema == SchemaWay.Reversed)
        {
            foreach (var loss in Enum.GetValues<DataLoss>().Where(l => l != DataLoss.None))
            {
                if (string.Join(", ", situation.Migrations.Where(m => m.DataLoss == loss).Select(m => m.Id)) is { Length: > 0 } ids)
                {
                    yield return $"taking back {ids} {Loses(loss)}: the dump that is made before it is then the only copy";
                }
            }
        }

        if (situation.Schema == SchemaWay.Restored)
        {
            yield return "what was written since the backup is not in it: it stays in the database that is kept beside, and somebody has to fetch it";
        }

        if (situation.Has(Part.Infrastructure) && facts.Infrastructure.Contains(InfrastructureKind.Volume))
        {
            yield return "volumes changed: what was written into a new one since stays there and is not merged";
        }

        if ((situation.Has(Part.Infrastructure) || (situation.Has(Part.Configuration) && situation.Kinds.Contains(ChangeKind.Configuration))) && !facts.Vars.ContainsKey("revision"))
        {
            yield return "at which git revision the files were good is not known: the playbook takes the commit before (HEAD~1), unless --var revision=… says another";
        }

        if (facts.Vars.TryGetValue("files", out var inGit) && string.Join(", ", PartCommands.Settings(situation).Select(s => s.File).Where(f => f.Length > 0 && !inGit.Contains(f)).Distinct(StringComparer.Ordinal)) is { Length: > 0 } others)
        {
            yield return $"{others} is not in git: no revision puts it back";
        }

        if (facts.GitDirty == Answer.Yes)
        {
            var restores = situation.Has(Part.Infrastructure) || situation.Has(Part.Configuration);
            yield return $"the project has changes that are not committed: what is deployed is in no commit{(restores ? ", and no file that has some is overwritten from git: commit it first" : "")}";
        }
    }

    /// <summary>What would be done against it from outside, if nobody stopped it.</summary>
    public static IEnumerable<string> BlockedBy(Situation situation)
    {
        if (situation.Facts.OtherActors == Answer.Yes)
        {
            yield return "something brings the failed release back by itself (watchtower, a timer, a queued deployment): stop it first";
        }

        if (IsBusy(situation))
        {
            yield return $"somebody is in the way of a migration in the database, and the playbook does not begin before that is over{string.Concat(Busy(situation).Take(1).Select(b => $": {b.Value}"))}";
        }

        if (situation.Facts.Swarm == Answer.Yes && (situation.Parts is not [Part.Application] || situation.ApplicationServices.Length > 1))
        {
            yield return "the playbooks for this go through Compose, and the services run in a swarm: it has to be done by hand";
        }
    }

    /// <summary>What comes before a rollback.</summary>
    /// <param name="isRisky">Nobody should be served while it goes on.</param>
    public static IEnumerable<string> Before(Situation situation, bool isRisky)
    {
        if (situation.Facts.OtherActors == Answer.Yes)
        {
            yield return "stop what brings the failed release back (watchtower, timers, queued deployments)";
        }

        foreach (var step in MakeWay(situation))
        {
            yield return step;
        }

        if (isRisky && !situation.IsClosed)
        {
            yield return $"let no traffic in while it goes on, where nginx is in front: runbook exec {CommandDraft.Folder}/maintenance-on.yml";
        }
    }

    /// <summary>Nobody may be in the way of a migration that is taken back.</summary>
    public static IEnumerable<string> MakeWay(Situation situation)
    {
        if (!IsBusy(situation))
        {
            return [];
        }

        string[] sessions = [.. Busy(situation).Select(s => $"make way in the database: {s.Value}; {s.Means}")];
        return sessions is [] ? ["make way in the database: let a dump end, end a transaction in which nothing is done, see for what is waited"] : sessions;
    }

    /// <summary>A flag that changed with other things: it is the quickest of them, and perhaps enough.</summary>
    public static IEnumerable<string> FlagFirst(Situation situation)
    {
        if (situation.Kinds.Length > 1 && situation.Kinds.Contains(ChangeKind.FeatureFlag) && situation.Tried(PartCommands.Flag(situation).Command) is null)
        {
            var others = PartCommands.Flags(situation).Skip(1).Select(f => f.Name).ToList();
            yield return $"switch the feature flag back{(others.Count > 0 ? $" (and alike {And(others)})" : "")}, and go on only when the system is not well with it: {Line(PartCommands.Flag(situation).Command)}";
        }
    }

    public static IEnumerable<string> After(Situation situation, bool isRisky)
    {
        yield return "see from outside that users are served: the health URL, the log, what they do most";
        if (situation.Facts.Traffic == Traffic.Maintenance || (isRisky && !situation.IsClosed))
        {
            yield return $"let traffic in again: runbook exec {CommandDraft.Folder}/maintenance-off.yml";
        }
    }

    /// <summary>What is not known, and would lead elsewhere.</summary>
    public static IEnumerable<string> WouldChange(Situation situation)
    {
        var facts = situation.Facts;
        if (facts.CauseInRelease == Answer.Unknown)
        {
            yield return "if the trouble began before the release, or has its cause elsewhere: do not roll back";
        }

        if (facts.ProbeBroken == Answer.Unknown)
        {
            yield return "if the application is well by another sign, and only its health check is broken: do not roll back, mend the check";
        }

        if (facts.Deployed == Answer.Unknown)
        {
            yield return "if nothing of the release was put in place: there is nothing to take back";
        }

        if (facts.DiskFull == Answer.Unknown)
        {
            yield return "if the disk is full: free space first";
        }

        if (facts.Tried is null)
        {
            yield return "if this way back was tried already since the previous release was well, and did not succeed: do not try it again (runbook runs list)";
        }

        if (facts.VolumeNewerThanEngine == Answer.Unknown && !situation.Parts.SequenceEqual([Part.Configuration]))
        {
            yield return "if the release brought a newer database engine, which has written its volume: the previous engine cannot start with it";
        }

        if (situation.Has(Part.Application) && facts.TargetImagePresent == Answer.Unknown)
        {
            yield return "if the image of the previous release is not on this machine: get it before anything is stopped";
        }

        if (situation.IsFetched)
        {
            yield return "if the registry does not give the image after all: the run ends before anything is stopped, and the failed release stays";
        }

        if (situation.Has(Part.Application) && !situation.Has(Part.Database) && facts.SchemaCompatible == Answer.Unknown)
        {
            yield return "if the database has migrations that the previous release does not know: they decide";
        }

        if (situation.Schema == SchemaWay.Reversed && facts.DatabaseBusy == Answer.Unknown)
        {
            yield return "if somebody dumps the database, holds a transaction open in it or waits for a lock: that has to end first";
        }

        if (situation.Has(Part.Database) && situation.Kinds.Length > 1 && facts.SchemaCompatible == Answer.Unknown)
        {
            yield return "if the previous release works with the schema as it is: leave the database as it is, and take back the rest";
        }
    }

    public static string Line(PlaybookCommand command) => string.Join(' ', Advice.Words(command).Select(CommandLine.Quote));

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string And(IReadOnlyList<string> words) => words.Count > 1 ? $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}" : string.Concat(words);

    /// <summary>A migration would be taken back where somebody is in its way.</summary>
    private static bool IsBusy(Situation situation) => situation.Schema == SchemaWay.Reversed && situation.Facts.DatabaseBusy == Answer.Yes;

    private static IEnumerable<Evidence> Busy(Situation situation) =>
        situation.Facts.Evidence.Where(e => e.Fact == FactKeys.DatabaseBusy).DistinctBy(e => (e.Value, e.Means))
            .OrderBy(e => e.Value, StringComparer.Ordinal).ThenBy(e => e.Means, StringComparer.Ordinal).Take(MostSessions);

    /// <summary>More than these are the same trouble once more.</summary>
    private const int MostSessions = 3;

    private static string Loses(DataLoss loss) => loss switch
    {
        DataLoss.Certain => "loses data",
        DataLoss.Possible => "can lose data",
        _ => "may lose data (it is not known)",
    };
}
