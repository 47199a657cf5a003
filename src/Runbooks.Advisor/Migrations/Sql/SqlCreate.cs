namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>CREATE.</summary>
internal static class SqlCreate
{
    /// <summary>How many words can stand before the one that says what is made.</summary>
    private const int Before = 16;

    public static SqlEffect Read(SqlPiece piece)
    {
        var isReplaced = piece.Word(1) == "OR" && piece.Word(2) == "REPLACE";
        for (var i = 1; i < Math.Min(piece.Tokens.Length, Before); i++)
        {
            if (Of(piece, piece.Word(i), isReplaced) is { } effect)
            {
                return effect;
            }
        }

        return SqlEffect.Unknown("what it makes is not known");
    }

    private static SqlEffect? Of(SqlPiece piece, string what, bool isReplaced) => what switch
    {
        "TABLE" when isReplaced => SqlEffect.Loses("the table that was there is lost with its rows"),
        // With IF NOT EXISTS it may have been there.
        "TABLE" => piece.HasWords("IF", "NOT") ? SqlEffect.Additive("it adds a table") : SqlEffect.NewTable.On(piece.Name(piece.IndexOf("TABLE") + 1)),
        "INDEX" => piece.HasWord("UNIQUE") ? SqlEffect.Takes("what is there twice is refused from now on").On(piece.IndexOf("ON") is > 0 and var on ? piece.Name(on + 1) : "") : SqlEffect.Additive("it adds an index"),
        "TRIGGER" or "RULE" or "POLICY" or "EVENT" => SqlEffect.Takes("from now on something else may become of what a release writes or reads"),
        "VIEW" or "FUNCTION" or "PROCEDURE" or "AGGREGATE" => isReplaced ? SqlEffect.Takes($"the {what.ToLowerInvariant()} that was there is replaced") : SqlEffect.Additive($"it adds a {what.ToLowerInvariant()}"),
        "SEQUENCE" or "TYPE" or "DOMAIN" or "SCHEMA" or "EXTENSION" or "ROLE" or "USER" or "DATABASE" or "COLLATION" or "OPERATOR" or "CAST" or "STATISTICS" or "PUBLICATION"
            or "SERVER" or "CONVERSION" or "SYNONYM" or "LANGUAGE" or "TABLESPACE" => SqlEffect.Additive($"it adds a {what.ToLowerInvariant()}"),
        _ => null,
    };
}
