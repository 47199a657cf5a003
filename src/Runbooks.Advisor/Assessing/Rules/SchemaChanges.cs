using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>The migrations that the database has and had not with the good release, by what the database says; what each of them does, by its files.</summary>
internal static class SchemaChanges
{
    private const string None = MigrationHistory.None;

    /// <summary>Adds them to the changes, or a gap where they are not known.</summary>
    public static ChangeReport AddTo(ChangeReport report, Draft draft)
    {
        if (draft.Good is not { } good)
        {
            return report;
        }

        if (draft.Subject.Project?.Migrations is not { } declared)
        {
            Undeclared(draft, good);
            return report;
        }

        if (draft.Get<SchemaReading>() is not { } now || good.Release.Schema is not { } then)
        {
            return WithoutDatabase(report, draft, good);
        }

        var (schema, heads) = (now.Schema, now.Schema.Heads);
        draft.Tell(FactKeys.Migrations, now, schema.Heads.IsEmpty ? $"the database has no {(schema.Unfinished.IsEmpty ? "" : "whole ")}migration" : $"the database is at {string.Join(" and ", heads)}", $"it was at {(then.Heads.IsEmpty ? None : string.Join(" and ", then.Heads))} with release {good.Release.Id}");
        foreach (var half in schema.Unfinished)
        {
            draft.Tell(FactKeys.Migrations, now, half, "a migration is half done: it has to be mended before anything else");
        }

        if (!schema.Unfinished.IsEmpty)
        {
            // What its file says of the way back is said of a whole one.
            return WithOpenMigrations(report, draft, [.. heads.Except(then.Heads, StringComparer.Ordinal).Concat(schema.Unfinished.Select(u => u.Split(' ')[0])).Distinct(StringComparer.Ordinal)]);
        }

        if (heads.SequenceEqual(then.Heads, StringComparer.Ordinal))
        {
            draft.Facts = draft.Facts with { Migrations = [], SchemaCompatible = Answer.Yes };
            return report;
        }

        if (draft.Get<MigrationFilesReading>() is not { } files)
        {
            draft.TellUnknown(FactKeys.Migrations, now.Source, now.At, $"which migrations brought it there, and whether they can be taken back: {Or(draft.WhyNot("migrations"), "their files were not read")}");
            return WithOpenMigrations(report, draft, heads);
        }

        var between = files.History.Between(heads, then.Heads.IsEmpty ? [None] : then.Heads, declared.App);
        if (between.Problem is { } problem)
        {
            draft.TellUnknown(FactKeys.Migrations, files.Source, files.At, $"the migrations since release {good.Release.Id}: {problem}");
            return WithOpenMigrations(report, draft, heads);
        }

        return With(report, draft, files, between.Migrations, MigratingStart.Tell(draft, good));
    }

    private static ChangeReport With(ChangeReport report, Draft draft, MigrationFilesReading files, ImmutableArray<ReadMigration> applied, Answer? starts)
    {
        var counted = draft.Readings.OfType<LostValuesReading>().Where(c => applied.Any(m => m.Key == c.Migration)).ToList();
        foreach (var migration in applied)
        {
            var because = migration.ReversibleBecause ?? migration.LossBecause ?? migration.Forward.Because;
            draft.Tell(FactKeys.Migrations, migration.File, files.At, $"{migration.Key} was applied{(because is null ? "" : $": {because.Display}")}",
                migration.Reversible switch
                {
                    false => "it cannot be taken back",
                    null => "whether it can be taken back was not understood",
                    _ => Loss(migration) == DataLoss.None ? "it can be taken back" : $"it can be taken back, and loses data ({MigrationWords.Of(Loss(migration))})",
                });
        }

        foreach (var place in counted)
        {
            draft.Tell(FactKeys.Migrations, place, $"{(place.Count >= place.Most ? $"at least {place.Most:N0}" : $"{place.Count:N0}")} {(place.Count == 1 ? "row has" : "rows have")} {(place.Column is null ? $"something in {place.Table}" : $"a value in {place.Table}.{place.Column}")}",
                place.Count == 0 ? $"nothing is lost as it is now when {place.Migration} is taken back" : $"lost when {place.Migration} is taken back");
        }

        var isAdditive = starts is null && applied.All(m => m.Forward.Kind == MigrationImpact.Additive);
        if (isAdditive)
        {
            draft.Tell(FactKeys.SchemaCompatible, files, "all that they do is to add", "the previous release works with the schema as it is");
        }

        draft.Facts = draft.Facts with
        {
            Migrations = [.. applied.Select(m => new Migration(m.Key, m.Reversible switch { true => Answer.Yes, false => Answer.No, _ => Answer.Unknown }, Loss(m)))],
            // That something was taken away does not say that the previous release needs it.
            SchemaCompatible = isAdditive ? Answer.Yes : starts ?? Answer.Unknown,
        };
        return report with { Changes = [.. report.Changes, .. applied.Select(m => new Change(ChangeKind.Database, "migration", m.Key, "", "was applied"))] };

        // That none is there now does not say that none will be: who uses the application may be writing some.
        DataLoss Loss(ReadMigration migration) => migration.Reversible != false && counted.Exists(c => c.Migration == migration.Key && c.Count > 0) ? DataLoss.Certain : migration.Loss;
    }

    private static ChangeReport WithOpenMigrations(ChangeReport report, Draft draft, ImmutableArray<string> heads)
    {
        if (heads.IsEmpty)
        {
            // It is at none, and was at some: nothing names what happened.
            return report with { Unknown = report.Unknown.Add(new Gap([ChangeKind.Database], "migrations", "which migrations the database has lost, or how it came to have none, is in no file")) };
        }

        draft.Facts = draft.Facts with { Migrations = [.. heads.Select(h => new Migration(h, Answer.Unknown, DataLoss.Unknown))] };
        return report with { Changes = [.. report.Changes, .. heads.Select(h => new Change(ChangeKind.Database, "migration", h, "", "was applied"))] };
    }

    /// <summary>Without the database, only that no file of a migration came is certain: then no migration came with the release.</summary>
    private static ChangeReport WithoutDatabase(ChangeReport report, Draft draft, ReleaseState good)
    {
        var git = draft.Get<GitReading>();
        if (good.Release.Git is { } then && git is not null && git.MigrationsDiffer.GetValueOrDefault(then.Commit) == false)
        {
            draft.Tell(FactKeys.Migrations, git, $"no file of a migration differs from commit {Short(then.Commit)} of release {good.Release.Id}", "no migration came with this release");
            draft.Facts = draft.Facts with { Migrations = [] };
            return report;
        }

        var why = draft.Get<SchemaReading>() is null ? Or(draft.WhyNot("schema"), "the database was not asked") : $"at which migration it was is not on record with release {good.Release.Id}";
        return report with { Unknown = report.Unknown.Add(new Gap([ChangeKind.Database], "migrations", $"which migrations the database has since then: {why}")) };
    }

    private static void Undeclared(Draft draft, ReleaseState good)
    {
        if (good.Release.Services.All(s => draft.Subject.KindOf(s.Name) != Language.Projects.ServiceKind.Database) && draft.Get<RunningReading>() is { } running)
        {
            draft.Tell(FactKeys.Migrations, running, "no service keeps data, and the project names no migrations", "there is nothing to migrate");
            draft.Facts = draft.Facts with { Migrations = [] };
        }
        else
        {
            draft.TellUnknown(FactKeys.Migrations, "runbook.yml", draft.Outcomes.Max(o => o.At), "the project names no 'migrations', and something in it keeps data");
        }
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    private static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit;
}
