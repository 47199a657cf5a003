using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Builtin.Databases;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary>At which migration a database is.</summary>
/// <param name="Heads">Where it must be, in any order; empty when only half-done migrations are looked for. <see cref="None"/> alone stands for no migration at all.</param>
public sealed record MigrationCheck(DatabasePlace Place, DatabaseQuery Query, ProgramStart Start, string Tool, ImmutableArray<Rendered> Heads) : DatabaseCheck(Place, Query, Start)
{
    internal const string None = MigrationHistory.None;

    /// <summary>Null when nothing is asked of the files.</summary>
    public WayBackQuestion? WayBack { get; init; }

    public override bool IsKnown => base.IsKnown && Heads.All(h => h.IsKnown) && WayBack?.IsKnown != false;

    public override string Statement => WayBack is null ? AtHead : $"{AtHead}; {WayBack.Statement}";

    private string AtHead => Heads.IsEmpty
        ? $"no migration of database '{Place.Database}' is half done, by {Tool}"
        : $"database '{Place.Database}' is at {(IsNone ? "no migration" : $"migration {string.Join(" and ", Heads.Select(h => h.Display))}")} of {Tool}, and none is half done";

    /// <summary>Of an answer that holds nothing else.</summary>
    internal static ImmutableArray<string> HeadsIn(ImmutableArray<DatabaseRow> rows) => [.. rows.Select(r => r.Fields[0]).Order(StringComparer.Ordinal)];

    private bool IsNone => Heads is [{ IsKnown: true } only] && only.Reveal() == None;

    public override Verdict Judge(ImmutableArray<DatabaseRow> rows, Func<string, string> mask)
    {
        if (rows.FirstOrDefault(r => r.Fields.Length != 2) is { Fields.IsDefault: false } odd)
        {
            return Verdict.Unknown($"{Place.Client} answered something else: {mask(odd.Text)}");
        }

        var wrong = rows.Where(r => r.Fields[1].Length > 0).Select(r => $"{r.Fields[0]} is {r.Fields[1]}").ToImmutableArray();
        if (!wrong.IsEmpty)
        {
            return Verdict.DoesNotHold(mask(string.Join("; ", wrong)));
        }

        var found = HeadsIn(rows);
        var observed = found.IsEmpty ? "at no migration" : mask($"at {string.Join(" and ", found)}");
        var wanted = IsNone ? [] : Heads.Select(h => h.Reveal()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToImmutableArray();
        return Heads.IsEmpty || found.SequenceEqual(wanted, StringComparer.Ordinal) ? Verdict.Holds(observed) : Verdict.DoesNotHold(observed);
    }
}
