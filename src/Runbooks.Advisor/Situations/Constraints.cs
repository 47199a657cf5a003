namespace Runbooks.Advisor.Situations;

/// <summary>The hard constraints: what holds whatever the decision tree says.</summary>
internal static class Constraints
{
    public static IEnumerable<Constraint> Of(Situation situation) => [.. OfTheRelease(situation), .. OfTheWay(situation)];

    /// <summary>The way that would be recommended was tried, and did not lead back.</summary>
    /// <param name="isWhyShown">Why it did not succeed stands in the evidence already.</param>
    public static Constraint Of(TriedRollback tried, bool isWhyShown)
    {
        var (look, undo) = ($"runbook runs show {tried.Run}", $"runbook undo {tried.Run}");
        const string Again = "then ask again";
        return new Constraint(
            "tried-already",
            FactKeys.Tried,
            $"run {tried.Run} tried this way already: {tried.What} {tried.Ended}{(tried.Why.Length > 0 && !isWhyShown ? $" ({tried.Why})" : "")}",
            tried.End switch
            {
                TriedEnd.Unfinished => $"see where that run stands: {look}",
                TriedEnd.Stopped => $"see what that run has left: {look}",
                _ => $"see what that run found: {look}",
            },
            $"the reason why run {tried.Run} did not succeed is gone",
            StaysIll: true)
        {
            Then = tried.End switch
            {
                TriedEnd.Unfinished => [$"when it was interrupted, go on with it (runbook resume {tried.Run}) or take it back ({undo})", Again],
                TriedEnd.Stopped => [$"take back what it has left: {undo}", Again],
                _ =>
                [
                    "when the previous release was not well in it either, the cause is probably outside of both releases: look at what both of them need (databases, services and addresses that they call, mounted files and volumes, certificates, secrets, "
                        + "the load, the machine), and mend that",
                    .. tried.End is TriedEnd.Failed or TriedEnd.UndoFailed ? (string[])[$"take back what the run has left, where that is in the way: {undo}"] : [],
                    "then ask again, and say that it is mended: runbook advise --interactive",
                ],
            },
            Others =
            [
                "that it is gone cannot be seen while the failed release runs: 'runbook advise --interactive' asks for it; or write 'tried: []' into what 'runbook assess --format json' prints, and give that to 'runbook advise --facts FILE'",
                "if an older release that was well is meant: 'runbook release bad RELEASE --reason …' passes over the one that was tried",
            ],
        };
    }

    /// <summary>Reasons to leave the release alone.</summary>
    private static IEnumerable<Constraint> OfTheRelease(Situation situation)
    {
        var facts = situation.Facts;
        if (facts.OtherFolder == Answer.Yes)
        {
            yield return new Constraint("other-folder", FactKeys.OtherFolder, "the project is deployed from another folder than this one: what is done here takes other variables, mounts and files",
                "go to the folder from which it is deployed, and ask again there (runbook -C FOLDER advise)", "this is the folder from which it is deployed", StaysIll: true);
        }

        if (facts.Deployed == Answer.No)
        {
            yield return new Constraint("nothing-deployed", FactKeys.Deployed, "nothing was deployed, so there is nothing to take back",
                "look for what else changed: the load, a dependency, a certificate, the machine", "something was deployed after all", StaysIll: false);
        }
        else if (facts.Changes is not null && situation.Kinds.IsEmpty)
        {
            yield return new Constraint("nothing-changed", FactKeys.Changes, "the release changed nothing, so taking it back changes nothing",
                "look for what else changed: the load, a dependency, a certificate, the machine", "a change is found after all", StaysIll: false);
        }

        if (facts.CauseInRelease == Answer.No)
        {
            yield return new Constraint("cause-outside", FactKeys.CauseInRelease, "the cause is not in the release: the previous one would be as ill",
                "mend the dependency, the machine or the load that causes it", "the trouble turns out to have begun with the release", StaysIll: false);
        }

        if (facts.ProbeBroken == Answer.Yes)
        {
            yield return new Constraint("probe-broken", FactKeys.ProbeBroken, "what says that the application is ill is itself broken; the application is well",
                "mend the health check: is its program in the image, are its port and path right, is 'start_period' long enough", "the application is ill by another sign too", StaysIll: false);
        }

        if (facts.DiskFull == Answer.Yes)
        {
            yield return new Constraint("disk-full", FactKeys.DiskFull, "the disk is full: a rollback would fail half way, and a full disk alone can be the cause",
                "free space first (logs, build cache; never 'docker image prune -a', which deletes what you go back to), then ask again", "there is space again", StaysIll: true);
        }
    }

    /// <summary>Reasons why what changed cannot go back.</summary>
    private static IEnumerable<Constraint> OfTheWay(Situation situation)
    {
        var facts = situation.Facts;
        if (situation.Has(Part.Application) && situation.Target == Answer.No)
        {
            var isImage = facts.TargetImagePresent == Answer.No;
            yield return new Constraint("target-missing", isImage ? FactKeys.TargetImagePresent : FactKeys.PreviousReleaseAvailable,
                isImage ? "the image of the previous release is not on this machine" : "there is no previous release to go back to",
                isImage ? Fetching.Instead(facts) : Fetching.Elsewhere,
                isImage ? "the image is back on this machine" : "a previous release that was well is found", StaysIll: true);
        }

        if (situation.Schema == SchemaWay.Stuck)
        {
            var hasOthers = situation.Kinds.Length > 1;
            var ids = string.Join(", ", situation.Migrations.Where(m => m.Reversible == Answer.No).Select(m => m.Id));
            yield return new Constraint("irreversible-migration", FactKeys.Migrations,
                $"the migration {ids} cannot be taken back{(hasOthers ? $", the previous release {(facts.SchemaCompatible == Answer.No ? "does not work" : "is not known to work")} with what it left" : "")}, and no verified backup from before it is known",
                "go forward: mend the release, or switch off what is broken in it", hasOthers ? "there is a verified backup from before it, or the previous release works with the schema as it is" : "there is a verified backup from before it", StaysIll: true);
        }

        if (situation.Has(Part.Application) && !situation.Has(Part.Database) && facts.SchemaCompatible == Answer.No)
        {
            yield return new Constraint("schema-ahead", FactKeys.SchemaCompatible, "the schema is ahead: the previous release does not work with it, and no migration is known that could be taken back",
                "find the migrations that the database has and the previous release does not, add them to the facts, and ask again", "the migrations that must go back are known", StaysIll: true);
        }

        if (facts.VolumeNewerThanEngine == Answer.Yes && (situation.Has(Part.Application) || situation.Has(Part.Infrastructure) || situation.Has(Part.Database)))
        {
            yield return new Constraint("volume-newer", FactKeys.VolumeNewerThanEngine, "a volume was written by a newer engine than the one of the previous release, which would not start with it, or damage it",
                "keep the newer engine and roll back the other services by themselves, or restore a dump into a new volume of the older engine", "the engine stays as it is", StaysIll: true);
        }
    }
}
