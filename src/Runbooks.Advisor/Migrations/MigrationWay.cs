using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations;

/// <summary>All that a migration does in one direction, as far as it matters, in the order of its file.</summary>
public sealed record MigrationWay(ImmutableArray<MigrationStatement> Statements)
{
    /// <summary>It does nothing at all.</summary>
    public static MigrationWay Nothing { get; } = new([]);

    /// <summary>The worst of its statements; a way that does nothing takes nothing away.</summary>
    public MigrationImpact Kind => Statements.IsEmpty ? MigrationImpact.Additive : Statements.Max(s => s.Kind);

    /// <summary>The worst of its statements.</summary>
    public DataLoss Loss => Statements.IsEmpty ? DataLoss.None : Statements.Max(s => s.Loss);

    /// <summary>The first statement that makes it what it is; null when it does nothing.</summary>
    public MigrationStatement? Because => First(Kind);

    /// <summary>The first statement that loses most; null when nothing is lost.</summary>
    public MigrationStatement? LossBecause => Loss == DataLoss.None ? null : Statements.First(s => s.Loss == Loss);

    /// <summary>The names of tables and columns that it takes away, each once.</summary>
    public IEnumerable<string> Gone => Statements.Where(s => s is { Kind: MigrationImpact.Destructive, Gone.Length: > 0 }).Select(s => s.Gone).Distinct(StringComparer.Ordinal);

    public MigrationStatement? First(MigrationImpact kind) => Statements.FirstOrDefault(s => s.Kind == kind);

    /// <summary>What is done to a table that the same way has made before takes nothing away: no release and no value was there.</summary>
    internal MigrationWay WithNewTables()
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        var statements = ImmutableArray.CreateBuilder<MigrationStatement>(Statements.Length);
        foreach (var statement in Statements)
        {
            statements.Add(statement.Kind == MigrationImpact.Destructive && made.Contains(statement.Table) ? statement with { Kind = MigrationImpact.Additive, Loss = DataLoss.None, Why = "the table is new" } : statement);
            if (statement is { MakesTable: true, Table.Length: > 0 })
            {
                made.Add(statement.Table);
            }
        }

        return made.Count == 0 ? this : new MigrationWay(statements.ToImmutable());
    }

    internal static MigrationWay Of(MigrationStatement only) => new([only]);
}
