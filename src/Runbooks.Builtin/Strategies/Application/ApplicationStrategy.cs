using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin.WaysBack;

namespace Runbooks.Builtin.Strategies.Application;

/// <summary>The previous image of one service is deployed again.</summary>
public sealed class ApplicationStrategy : IStrategy
{
    public string Name => "application";

    public string Summary => "deploy the previous image again";

    public Opinion Consider(Situation situation)
    {
        if (situation.Parts is not [Part.Application] || situation.ApplicationServices.Length > 1)
        {
            return new Opinion.FitsNot(WhyNot.Of(situation, Part.Application));
        }

        var (playbook, command) = PartCommands.Application(situation);
        var stays = situation.Schema == SchemaWay.Stays;
        return new Opinion.Fits(new Way
        {
            Recommendation = "deploy the previous image again",
            Risk = stays ? Risk.Medium : Handbook.Application.Risk,
            RiskReasons = stays
                ? ["the previous release meets a schema that is newer than it"]
                : ["only an image changes, and the failed one comes back when the previous one is not well"],
            Downtime = Handbook.Application.DowntimeWith(playbook, situation),
            Time = Handbook.Application.TimeWith(playbook, situation),
            Order =
            [
                .. Remarks.Before(situation, isRisky: false),
                .. situation.IsFetched ? (string[])["fetch its image by its digest: the command above does it before it stops anything, and stops nothing when it cannot"] : [],
                "put the previous image back and start it: the command above, which checks before and after",
                .. Remarks.After(situation, isRisky: false),
                .. situation.IsFetched ? (string[])["have its image kept from the next clean-up: runbook release verify"] : [],
            ],
            Because = [.. Because(situation)],
            Against = [.. Remarks.Against(situation)],
            BlockedBy = [.. Remarks.BlockedBy(situation)],
            Command = command,
            WouldChange = [.. Remarks.WouldChange(situation)],
        });
    }

    private static IEnumerable<Reason> Because(Situation situation)
    {
        yield return situation.Kinds.Length == 1
            ? new Reason("only the application changed", FactKeys.Changes)
            : new Reason("of what changed, only the application has to go back", FactKeys.Changes);
        if (situation.Schema == SchemaWay.Stays)
        {
            yield return new Reason("the previous release works with the schema as it is, so the migrations stay", FactKeys.SchemaCompatible);
        }

        yield return new Reason("a previous release that was well is there to go back to", FactKeys.PreviousReleaseAvailable);
        if (situation.Facts.TargetImagePresent == Answer.Yes)
        {
            yield return new Reason("its image is on this machine", FactKeys.TargetImagePresent);
        }

        if (situation.IsFetched)
        {
            yield return new Reason("its image is not on this machine any more", FactKeys.TargetImagePresent);
            yield return new Reason("the registry still has it, by its digest", FactKeys.TargetImagePullable);
        }
    }
}
