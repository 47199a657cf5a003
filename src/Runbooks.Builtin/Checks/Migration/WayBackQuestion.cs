using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary>Whether the migrations between where a database is and where it must be can be taken back, by their files.</summary>
/// <param name="Folder">Absolute.</param>
/// <param name="Shown">As people write it.</param>
/// <param name="To">Where it must be; empty when only the last one is taken back.</param>
/// <param name="Reviewed">Migrations whose way back somebody has looked at.</param>
public sealed record WayBackQuestion(MigrationTool Tool, string Folder, string Shown, ImmutableArray<Rendered> To, ImmutableArray<Rendered> Reviewed, Rendered? App)
{
    /// <summary>As many are named in one line; all of them are in the evidence.</summary>
    private const int Named = 3;

    private const int MostEvidence = 40;

    public bool IsKnown => To.All(t => t.IsKnown) && Reviewed.All(r => r.IsKnown) && App?.IsKnown != false;

    public string Statement => To.IsEmpty
        ? $"by its file in {Shown} the last one can be taken back"
        : $"by their files in {Shown} all after {(To is [{ IsKnown: true } only] && only.Reveal() == MigrationHistory.None ? "none" : string.Join(" and ", To.Select(t => t.Display)))} can be taken back";

    /// <param name="heads">Where the database is.</param>
    public Verdict Judge(ImmutableArray<string> heads, IFiles files, Func<string, string> mask, CancellationToken cancel)
    {
        var read = MigrationFolder.Read(files, Folder, Shown, Tool, cancel);
        if (read.Problem is { } problem)
        {
            return Verdict.Unknown(mask(problem));
        }

        var taken = MigrationReading.Read(Tool, read.Files).Between(heads, [.. To.Select(t => t.Reveal())], App?.Reveal() ?? "");
        return taken.Problem is { } why ? Verdict.Unknown(mask($"{why} ({Shown})")) : Judge(taken.Migrations, mask);
    }

    private Verdict Judge(ImmutableArray<ReadMigration> taken, Func<string, string> mask)
    {
        var reviewed = Reviewed.Select(r => r.Reveal()).ToHashSet(StringComparer.Ordinal);
        var refused = taken.Where(m => m.Reversible == false).ToImmutableArray();
        var unread = taken.Where(m => m.Reversible is null && !reviewed.Contains(m.Id) && !reviewed.Contains(m.Key)).ToImmutableArray();
        var verdict = !refused.IsEmpty ? Verdict.DoesNotHold(mask(Line("cannot be taken back", refused)))
            : !unread.IsEmpty ? Verdict.Unknown(mask(Line("may have no way back", unread)))
            : Verdict.Holds(mask(Reversible(taken)));
        return verdict with { Evidence = [.. taken.Take(MostEvidence).Select(m => mask(Evidence(m)))] };
    }

    private static string Line(string what, ImmutableArray<ReadMigration> migrations) =>
        string.Join("; ", migrations.Take(Named).Select(m => $"{m.Key} {what}: {m.ReversibleBecause?.Display}")) + (migrations.Length > Named ? $"; and {migrations.Length - Named} more" : "");

    private static string Reversible(ImmutableArray<ReadMigration> taken)
    {
        var lossy = taken.Where(m => m.Loss != DataLoss.None).ToImmutableArray();
        return taken.IsEmpty ? "nothing is taken back"
            : $"{Phrases.Count(taken.Length, "migration")} can be taken back{(lossy.IsEmpty ? ", and no value is lost" : $"; values may be lost with {Phrases.And(lossy.Take(Named).Select(m => m.Key))}{(lossy.Length > Named ? $" and {lossy.Length - Named} more" : "")}")}";
    }

    private static string Evidence(ReadMigration migration) =>
        $"{migration.Key}: way back {MigrationWords.Of(migration.Back.Kind)}, loss of values {MigrationWords.Of(migration.Loss)}{((migration.ReversibleBecause ?? migration.LossBecause) is { } because ? $": {because.Display}" : "")}";
}
