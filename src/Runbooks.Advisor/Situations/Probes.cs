namespace Runbooks.Advisor.Situations;

/// <summary>What has to be asked before something can be recommended.</summary>
internal static class Probes
{
    public static IEnumerable<Probe> Of(Situation situation)
    {
        if (situation.Facts.Changes is null)
        {
            yield return new Probe(FactKeys.Changes, "what did the release change: application, configuration, feature flag, infrastructure, database?", "git diff --stat HEAD~1..HEAD",
                "one kind of change goes back by its own strategy, several go back one after the other, and with none there is nothing to take back");
            yield break;
        }

        if (situation.Schema == SchemaWay.Undecided)
        {
            yield return OfTheSchema(situation);
        }

        if (situation.Has(Part.Application) && situation.Target == Answer.Unknown)
        {
            yield return new Probe(FactKeys.PreviousReleaseAvailable, "is there a previous release that was well, and is its image on this machine?", Images(situation.Facts),
                "when it is there, go back to it; when it is not, nothing may be stopped before it is");
        }
    }

    private static Probe OfTheSchema(Situation situation)
    {
        var tool = situation.Facts.Vars.TryGetValue("tool", out var named) && !named.IsEmpty ? named[0] : "";
        if (situation.Migrations.Any(m => m.Reversible == Answer.No))
        {
            return new Probe(FactKeys.SchemaCompatible, "does the code of the previous release work with the schema as it is now?", "",
                "when it does, the schema stays and the rest goes back; when it does not, only a verified backup leads back");
        }

        return situation.Facts.Migrations is { IsEmpty: false }
            ? new Probe(FactKeys.Migrations, $"can the migration {string.Join(", ", situation.Migrations.Where(m => m.Reversible == Answer.Unknown).Select(m => m.Id))} be taken back?", Reverse(tool),
                "when each of them can, they are taken back; when one cannot, only a verified backup leads back, or a previous release that works with the schema as it is")
            : new Probe(FactKeys.Migrations, "which migrations has the database that the previous release does not have, and can each of them be taken back?", Applied(tool),
                "when each of them can, they are taken back; when one cannot, only a verified backup leads back, or a previous release that works with the schema as it is");
    }

    private static string Images(Facts facts) => facts.Vars.TryGetValue("image", out var image) && !image.IsEmpty
        ? $"docker images {Engine.Planning.CommandLine.Quote(image[0])}"
        : "docker images";

    private static string Applied(string tool) => tool switch
    {
        "alembic" => "alembic history --indicate-current",
        "django" => "python manage.py showmigrations",
        "rails" => "rails db:migrate:status",
        _ => "",
    };

    private static string Reverse(string tool) => tool switch
    {
        "alembic" => "alembic downgrade --sql CURRENT:PREVIOUS",
        "django" => "python manage.py sqlmigrate APP MIGRATION --backwards",
        _ => "",
    };
}
