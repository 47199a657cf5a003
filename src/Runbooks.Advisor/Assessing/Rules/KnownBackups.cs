using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>
/// Whether there is a verified backup from before the migrations. Only the dump itself can say that: it holds the table of the migrations. A time says less, because somebody may have migrated
/// before the deployment; and that none is on record here does not say that there is none.
/// </summary>
internal static class KnownBackups
{
    /// <summary>More that do not help are of no help.</summary>
    private const int Shown = 3;

    public static void Apply(Draft draft)
    {
        // Without a migration nothing has to be restored.
        if (draft.Get<BackupsReading>() is not { } seen || draft.Facts.Migrations is { IsEmpty: true })
        {
            return;
        }

        if (seen.Backups.IsEmpty)
        {
            draft.TellUnknown(FactKeys.BackupAvailable, seen.Source, seen.At, $"no verified backup of '{seen.Database}' is on record here; there may be one elsewhere{Beside(seen)}");
            return;
        }

        var then = HeadsOf(draft.Good, seen);
        if (then is { } heads && seen.Backups.FirstOrDefault(b => b.IsWhole && Same(b.Heads, heads)) is { } found)
        {
            Found(draft, seen, found);
            return;
        }

        foreach (var backup in seen.Backups.Take(Shown))
        {
            Tell(draft, seen, backup, then);
        }

        draft.TellUnknown(FactKeys.BackupAvailable, seen.Source, seen.At, $"no backup on record here is known to be from before the migrations; there may be one elsewhere{Beside(seen)}");
    }

    private static void Found(Draft draft, BackupsReading seen, BackupSight found)
    {
        var what = $"{found.Path}, made {Times.Span(seen.At - found.At)} ago ({Times.Shown(found.At)}) by run {found.Run}: {found.Verified}; the database in it is at {Names(found.Heads)}";
        if ((draft.Report?.Changes ?? []).FirstOrDefault(c => c is { Kind: Situations.ChangeKind.Database, Area: "image" }) is { } server)
        {
            draft.TellUnknown(FactKeys.BackupAvailable, seen.Source, seen.At, $"{what}; whether the server of the release to go back to takes it is not known: {server.Subject} has another major version now");
            return;
        }

        draft.Facts = draft.Facts with { BackupAvailable = Answer.Yes };
        draft.Dump = found.Path;
        draft.Tell(FactKeys.BackupAvailable, seen, what, "it is from before the migrations; what was written since then is not in it");
    }

    private static void Tell(Draft draft, BackupsReading seen, BackupSight backup, ImmutableArray<string>? then)
    {
        var what = $"{backup.Path}, made {Times.Shown(backup.At)} by run {backup.Run}";
        if (backup.Problem.Length > 0)
        {
            draft.Tell(FactKeys.BackupAvailable, seen, $"{what}: {backup.Problem}", "it is no backup any more");
        }
        else if (backup.Doubt.Length > 0)
        {
            draft.TellUnknown(FactKeys.BackupAvailable, seen.Source, seen.At, $"{what}: whether it is whole cannot be told: {backup.Doubt}");
        }
        else if (backup.Heads is not { } heads)
        {
            draft.TellUnknown(FactKeys.BackupAvailable, seen.Source, seen.At, $"{what}, {When(draft, backup)}; at which migration the database in it is could not be read: {backup.WhyNoHeads}");
        }
        else if (then is { } wanted)
        {
            draft.Tell(FactKeys.BackupAvailable, seen, $"{what}: the database in it is at {Names(heads)}", $"with release {draft.Good?.Release.Id} it was at {Names(wanted)}: this backup is not from before the migrations");
        }
        else
        {
            draft.TellUnknown(FactKeys.BackupAvailable, seen.Source, seen.At, $"{what}: the database in it is at {Names(heads)}; at which migration it was with the release to go back to is on no record");
        }
    }

    /// <summary>What the time says of it.</summary>
    private static string When(Draft draft, BackupSight backup)
    {
        var deployed = draft.Services.Where(s => draft.Changed.Contains(s.Name)).Min(s => s.Containers.Min(c => c.CreatedAt));
        return draft.Good is not { VerifiedAt: { } verified } good ? "and no release was verified with which that could be compared"
            : backup.At < verified ? $"before release {good.Release.Id} was verified"
            : deployed is not { } made ? $"after release {good.Release.Id} was verified"
            : backup.At < made ? $"after release {good.Release.Id} was verified and before the containers were made that changed since: it may be from before the migrations, unless somebody migrated earlier"
            : "after the containers were made that changed since: it is hardly from before the migrations";
    }

    private static ImmutableArray<string>? HeadsOf(ReleaseState? good, BackupsReading seen) =>
        good?.Release.Schema is { } schema && schema.Database == seen.Database && schema.Tool == seen.Tool ? schema.Heads : null;

    private static bool Same(ImmutableArray<string>? some, ImmutableArray<string> others) => some is { } heads && heads.Order(StringComparer.Ordinal).SequenceEqual(others.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static string Names(ImmutableArray<string>? heads) => heads is { IsEmpty: false } some ? string.Join(" and ", some) : MigrationHistory.None;

    private static string Beside(BackupsReading seen) => seen.Others.IsEmpty ? "" : $". Also on record: {string.Join("; ", seen.Others.Take(Shown))}";
}
