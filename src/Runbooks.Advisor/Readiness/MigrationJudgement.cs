using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Engine.Kinds;

namespace Runbooks.Advisor.Readiness;

/// <summary>Whether the migrations behind the release that would be gone back to can be taken back, or need not be.</summary>
public static class MigrationJudgement
{
    /// <param name="history">All migrations that the files bring.</param>
    /// <param name="made">Where the database is, by ids; more than that when the files bring migrations that it has not got yet.</param>
    /// <param name="kept">Where it was at the release to go back to; empty for before the first migration.</param>
    /// <param name="app">Of Django; empty with other tools.</param>
    /// <param name="doubt">Why it is not certain where the database is; empty when it is.</param>
    public static ReadyAnswer Of(string release, MigrationHistory history, ImmutableArray<string> made, ImmutableArray<string> kept, string app, string doubt)
    {
        var newest = history.Migrations.Where(m => m.App == app && !history.Migrations.Any(other => other.App == app && other.After.Contains(m.Key))).Select(m => m.Id);
        ImmutableArray<string> from = [.. made.Union(newest, StringComparer.Ordinal)];
        var taken = history.Between(from, kept.IsEmpty ? [MigrationHistory.None] : kept, app);
        if (from.IsEmpty && kept.IsEmpty)
        {
            return ReadyAnswer.Ready("there is no migration");
        }

        if (taken.Problem is { } problem)
        {
            return ReadyAnswer.Unknown($"which migrations came after release {release} cannot be told: {problem}", new ReadyFix("check out the commit whose migrations the database has"));
        }

        var parts = taken.Migrations.Select(m => Part(m, !made.Contains(m.Id) && doubt.Length == 0)).ToList();
        if (doubt.Length > 0)
        {
            parts.Add(new ReadyPart(VerdictKind.Unknown, $"where the database is cannot be told: {doubt}") { Fixes = [new ReadyFix("see which migrations the database has, with the tool that migrates it; what 'migrations:' of runbook.yml says must lead there")] });
        }

        return ReadyAnswer.Of(parts, taken.Migrations.IsEmpty ? $"no migration came after release {release}"
            : $"{(taken.Migrations.Length == 1 ? "the migration that came" : $"all {taken.Migrations.Length} migrations that came")} after release {release} can be lived with or taken back without losing a value");
    }

    private static ReadyPart Part(ReadMigration migration, bool mayComeLater)
    {
        var (forward, back) = (migration.Forward, migration.Back);
        var when = mayComeLater ? " (perhaps not in the database yet)" : "";
        ImmutableArray<Sighting> seen =
        [
            new(migration.File, $"{migration.Key}{when}: forward {MigrationWords.Of(forward.Kind)}, way back {MigrationWords.Of(back.Kind)}, loss of values {MigrationWords.Of(migration.Loss)}"),
            .. forward.Kind != MigrationImpact.Additive && forward.Because is { } because ? (Sighting[])[new(migration.File, $"forward: {because.Display}")] : [],
            .. (migration.ReversibleBecause ?? migration.LossBecause) is { } against ? (Sighting[])[new(migration.File, $"way back: {against.Display}")] : [],
        ];
        return migration switch
        {
            { Reversible: false } => new ReadyPart(VerdictKind.DoesNotHold, $"{migration.Key} has no way back")
            {
                Seen = seen,
                Fixes = [new ReadyFix($"write the way back beside {migration.File}; where there is none, a verified backup right before the migration is the only way back")],
            },
            // What was there before is there still: the release before lives with it, and nothing has to be taken back.
            _ when forward.Kind == MigrationImpact.Additive => new ReadyPart(VerdictKind.Holds, "") { Seen = seen },
            { Reversible: null } => new ReadyPart(VerdictKind.Unknown, $"whether {migration.Key} can be taken back was not understood") { Seen = seen, Fixes = [new ReadyFix($"look at its way back in {migration.File}, and try it on a copy of the database")] },
            { Loss: DataLoss.None } => new ReadyPart(VerdictKind.Holds, "") { Seen = seen },
            { Loss: DataLoss.Unknown } => new ReadyPart(VerdictKind.Unknown, $"whether values are lost when {migration.Key} is taken back was not understood") { Seen = seen, Fixes = [new ReadyFix($"look at its way back in {migration.File}, and try it on a copy of the database")] },
            _ => new ReadyPart(VerdictKind.DoesNotHold, $"the release before cannot live with {migration.Key}, and taking it back loses values")
            {
                Seen = seen,
                Fixes = [new ReadyFix($"split {migration.File}: add first, and take away in a release of its own, when nothing uses it any more; or have a verified backup right before it")],
            },
        };
    }
}
