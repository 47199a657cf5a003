using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin.WaysBack;

namespace Runbooks.Builtin.Strategies.Sequential;

/// <summary>Several parts of a release go back one after the other: the database, the application, the infrastructure.</summary>
public sealed class SequentialStrategy : IStrategy
{
    public string Name => "sequential";

    public string Summary => "take back several parts one after the other: database, application, infrastructure";

    public Opinion Consider(Situation situation)
    {
        var severalServices = situation.Parts is [Part.Application] && situation.ApplicationServices.Length > 1;
        if (WhyNot.Open(situation) is { } open && (situation.Facts.Changes is null || situation.Parts.Length > 1))
        {
            return new Opinion.FitsNot(open);
        }

        if (situation.Parts.Length < 2 && !severalServices)
        {
            return new Opinion.FitsNot("only one thing has to go back");
        }

        if (situation.Parts is [Part.Database, Part.Application])
        {
            return new Opinion.FitsNot("the application goes back with its database: that is one way back, and not several");
        }

        var run = SequentialRun.Of(situation);
        var what = Remarks.And([.. situation.Parts.Select(p => WhyNot.Words(situation, p))]);
        return new Opinion.Fits(new Way
        {
            Recommendation = severalServices ? "put the previous image of all services back that changed" : $"take back {what}, {(run.Playbook == ShippedPlaybook.ComposeRollback ? "together" : "in this order")}",
            Risk = Handbook.Sequential.Risk,
            RiskReasons = [severalServices ? "between one service and the next, both releases run side by side" : "between one part and the next the system is in a state that no release was made for"],
            Downtime = Handbook.Sequential.DowntimeWith(run.Playbook, situation),
            Time = Handbook.Sequential.TimeWith(run.Playbook, situation),
            Order = [.. Remarks.FlagFirst(situation), .. Remarks.Before(situation, isRisky: true), .. run.Order, .. Remarks.After(situation, isRisky: true)],
            Because = [.. Because(situation, severalServices)],
            Against = [.. Remarks.Against(situation)],
            BlockedBy = [.. Remarks.BlockedBy(situation), .. run.Missing],
            Command = run.Command,
            WouldChange = [.. Remarks.WouldChange(situation)],
        });
    }

    private static IEnumerable<Reason> Because(Situation situation, bool severalServices)
    {
        yield return severalServices
            ? new Reason($"several services changed: {Remarks.And(situation.ApplicationServices)}", FactKeys.Components)
            : new Reason($"several things changed: {Remarks.And([.. situation.Parts.Select(p => WhyNot.Words(situation, p))])}", FactKeys.Changes);
        if (situation.Has(Part.Database))
        {
            if (situation.Schema == SchemaWay.Restored)
            {
                yield return new Reason("a migration cannot be taken back, and there is a verified backup from before it", FactKeys.BackupAvailable);
            }
            else
            {
                yield return new Reason($"every migration can be taken back: {Remarks.And([.. situation.Migrations.Select(m => m.Id)])}", FactKeys.Migrations);
                yield return new Reason("the database goes first, taken back by the failed release, which alone knows how", FactKeys.Migrations);
            }
        }
        else if (situation.Schema == SchemaWay.Stays)
        {
            yield return new Reason("the migrations stay: the previous release works with the schema as it is", FactKeys.SchemaCompatible);
        }

        if (situation.Has(Part.Application))
        {
            yield return new Reason("a previous release that was well is there to go back to", FactKeys.PreviousReleaseAvailable);
        }
    }
}
