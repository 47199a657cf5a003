namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>What a statement does.</summary>
internal readonly record struct SqlEffect(ChangeKind Kind, DataLoss Loss, string Why)
{
    public static SqlEffect Additive(string why) => new(ChangeKind.Additive, DataLoss.None, why);

    /// <summary>It takes something away, and no value.</summary>
    public static SqlEffect Takes(string why) => new(ChangeKind.Destructive, DataLoss.None, why);

    /// <summary>It takes values away.</summary>
    public static SqlEffect Loses(string why) => new(ChangeKind.Destructive, DataLoss.Possible, why);

    public static SqlEffect Unknown(string why) => new(ChangeKind.Unknown, DataLoss.Unknown, why);
}
