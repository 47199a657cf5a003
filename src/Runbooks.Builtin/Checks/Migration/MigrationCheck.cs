using System.Collections.Immutable;
using Runbooks.Builtin.Databases;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary>At which migration a database is.</summary>
/// <param name="Heads">Where it must be, in any order; empty when only half-done migrations are looked for. <see cref="None"/> alone stands for no migration at all.</param>
public sealed record MigrationCheck(DatabasePlace Place, DatabaseQuery Query, ProgramStart Start, string Tool, ImmutableArray<Rendered> Heads) : DatabaseCheck(Place, Query, Start)
{
    internal const string None = "none";

    public override bool IsKnown => base.IsKnown && Heads.All(h => h.IsKnown);

    public override string Statement => Heads.IsEmpty
        ? $"no migration of database '{Place.Database}' is half done, by {Tool}"
        : $"database '{Place.Database}' is at {(IsNone ? "no migration" : $"migration {string.Join(" and ", Heads.Select(h => h.Display))}")} of {Tool}, and none is half done";

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

        var found = rows.Select(r => r.Fields[0]).Order(StringComparer.Ordinal).ToImmutableArray();
        var observed = found.IsEmpty ? "at no migration" : mask($"at {string.Join(" and ", found)}");
        var wanted = IsNone ? [] : Heads.Select(h => h.Reveal()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToImmutableArray();
        return Heads.IsEmpty || found.SequenceEqual(wanted, StringComparer.Ordinal) ? Verdict.Holds(observed) : Verdict.DoesNotHold(observed);
    }
}
