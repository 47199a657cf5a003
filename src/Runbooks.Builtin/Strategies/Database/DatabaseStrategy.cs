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
        if (situation.Parts is not [Part.Database] || situation.Schema is not (SchemaWay.Reversed or SchemaWay.Restored))
        {
            return new Opinion.FitsNot(WhyNot.Of(situation, Part.Database));
        }

        var (playbook, command) = PartCommands.Database(situation);
        var restores = situation.Schema == SchemaWay.Restored;
        return new Opinion.Fits(new Way
        {
            Recommendation = restores ? "restore the backup from before the migration, beside the present database" : "take the migration back, behind a verified dump",
            Risk = Handbook.Database.Risk,
            RiskReasons = restores
                ? ["data move, and what was written since the backup is not in it"]
                : ["the schema changes under data that were written since; locks can stop the application meanwhile"],
            Downtime = Handbook.Database.DowntimeWith(playbook, situation.IsClosed),
            Time = Handbook.Database.Time,
            Order = [.. Remarks.Before(situation, isRisky: true), .. Steps(restores), .. Remarks.After(situation, isRisky: true)],
            Because = [.. Because(situation, restores)],
            Against = [.. Remarks.Against(situation)],
            BlockedBy = [.. Remarks.BlockedBy(situation)],
            Command = command,
            WouldChange = [.. Remarks.WouldChange(situation), .. restores ? ["if the backup cannot be read, or is too old: go forward"] : Array.Empty<string>()],
        });
    }

    private static IEnumerable<string> Steps(bool restores) => restores
        ? ["restore the backup into a new database and compare the rows of both: the command above", "let it take the place of the present one, when a person says so; the present one is kept"]
        : ["dump the database and read the dump back: the command above does it, and all that follows", "a person lets it pass", "take the migrations back, the last one first, and see where the database is then"];

    private static IEnumerable<Reason> Because(Situation situation, bool restores)
    {
        yield return new Reason("only the database changed", FactKeys.Changes);
        var ids = Remarks.And([.. situation.Migrations.Where(m => !restores || m.Reversible == Answer.No).Select(m => m.Id)]);
        yield return new Reason(restores ? $"{ids} cannot be taken back" : $"every migration can be taken back: {ids}", FactKeys.Migrations);
        if (restores)
        {
            yield return new Reason("there is a verified backup from before it", FactKeys.BackupAvailable);
        }
    }
}
