namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>What a statement does.</summary>
internal sealed record SqlEffect(MigrationImpact Kind, DataLoss Loss, string Why)
{
    /// <summary>The table that it is done to, in small letters; empty when that is not known.</summary>
    public string Table { get; init; } = "";

    /// <summary>It makes the table, which was not there before.</summary>
    public bool MakesTable { get; init; }

    /// <summary>The table or the column whose name is gone after it; empty when none is, or it is not known.</summary>
    public string Gone { get; init; } = "";

    public SqlEffect On(string table) => this with { Table = table.ToLowerInvariant() };

    public static SqlEffect Additive(string why) => new(MigrationImpact.Additive, DataLoss.None, why);

    public static SqlEffect NewTable { get; } = Additive("it adds a table") with { MakesTable = true };

    /// <summary>It takes something away, and no value.</summary>
    public static SqlEffect Takes(string why) => new(MigrationImpact.Destructive, DataLoss.None, why);

    /// <summary>It takes values away.</summary>
    public static SqlEffect Loses(string why) => new(MigrationImpact.Destructive, DataLoss.Possible, why);

    public static SqlEffect Unknown(string why) => new(MigrationImpact.Unknown, DataLoss.Unknown, why);
}
