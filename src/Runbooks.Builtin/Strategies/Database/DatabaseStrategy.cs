using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin.WaysBack;

namespace Runbooks.Builtin.Strategies.Database;

/// <summary>Migrations are taken back, or a backup from before them is restored.</summary>
public sealed class DatabaseStrategy : IStrategy
{
    public string Name => "database";

    public string Summary => "take migrations back, or restore a backup from before them";

    public Opinion Consider(Situation situation)
    {
        if (situation.Parts is not ([Part.Database] or [Part.Database, Part.Application]) || situation.Schema is not (SchemaWay.Reversed or SchemaWay.Restored) || (situation.Parts.Length > 1 && WhyNot.Open(situation) is not null))
        {
            return new Opinion.FitsNot(WhyNot.Of(situation, Part.Database));
        }

        return new Opinion.Fits(situation.Has(Part.Application) ? WithApplication(situation) : Alone(situation));
    }

    private static Way Alone(Situation situation)
    {
        var (playbook, command) = PartCommands.Database(situation);
        var restores = situation.Schema == SchemaWay.Restored;
        return new Way
        {
            Recommendation = restores ? "restore the backup from before the migration, beside the present database" : "take the migration back, behind a verified dump",
            Risk = Handbook.Database.Risk,
            RiskReasons = [RiskReason(restores)],
            Downtime = Handbook.Database.DowntimeWith(playbook, situation),
            Time = Handbook.Database.TimeWith(playbook, situation),
            Order = [.. Remarks.Before(situation, isRisky: true), .. Steps(restores), .. Remarks.After(situation, isRisky: true)],
            Because = [.. Because(situation, restores)],
            Against = [.. Remarks.Against(situation)],
            BlockedBy = [.. Remarks.BlockedBy(situation)],
            Command = command,
            WouldChange = [.. Remarks.WouldChange(situation), .. restores ? ["if the backup cannot be read, or is too old: go forward"] : Array.Empty<string>()],
        };
    }

    /// <summary>The handbook's "reverse migration + app rollback": the schema first, by the failed release.</summary>
    private static Way WithApplication(Situation situation)
    {
        var run = SequentialRun.Of(situation);
        var restores = situation.Schema == SchemaWay.Restored;
        return new Way
        {
            Recommendation = $"{(restores ? "restore the backup from before the migration" : "take the migration back, behind a verified dump")}, then put the previous image back",
            Risk = Handbook.Database.Risk,
            RiskReasons = [RiskReason(restores), "between the two, neither release fits the schema"],
            Downtime = Handbook.Database.DowntimeWith(run.Playbook, situation),
            Time = Handbook.Database.TimeWith(run.Playbook, situation),
            Order = [.. Remarks.Before(situation, isRisky: true), .. run.Order, .. Remarks.After(situation, isRisky: true)],
            Because = [.. Because(situation, restores)],
            Against = [.. Remarks.Against(situation)],
            BlockedBy = [.. Remarks.BlockedBy(situation), .. run.Missing],
            Command = run.Command,
            WouldChange = [.. Remarks.WouldChange(situation)],
        };
    }

    private static string RiskReason(bool restores) => restores
        ? "data move, and what was written since the backup is not in it"
        : "the schema changes under data that were written since; locks can stop the application meanwhile";

    private static IEnumerable<string> Steps(bool restores) => restores
        ? ["restore the backup into a new database and compare the rows of both: the command above", "let it take the place of the present one, when a person says so; the present one is kept"]
        : ["dump the database and read the dump back: the command above does it, and all that follows", "a person lets it pass", "take the migrations back, the last one first, and see where the database is then"];

    private static IEnumerable<Reason> Because(Situation situation, bool restores)
    {
        yield return new Reason(situation.Has(Part.Application) ? "the database changed, and the application with it" : "only the database changed", FactKeys.Changes);
        var ids = Remarks.And([.. situation.Migrations.Where(m => !restores || m.Reversible == Answer.No).Select(m => m.Id)]);
        yield return new Reason(restores ? $"{ids} cannot be taken back" : $"every migration can be taken back: {ids}", FactKeys.Migrations);
        if (restores)
        {
            yield return new Reason("there is a verified backup from before it", FactKeys.BackupAvailable);
        }

        if (situation.Has(Part.Application))
        {
            yield return new Reason(situation.Schema == SchemaWay.Restored ? "the database goes first: the previous release does not know its new schema" : "the database goes first: the previous release does not know its new schema, and the failed one alone knows how to take it back", FactKeys.Migrations);
            yield return new Reason("a previous release that was well is there to go back to", FactKeys.PreviousReleaseAvailable);
        }
    }
}
