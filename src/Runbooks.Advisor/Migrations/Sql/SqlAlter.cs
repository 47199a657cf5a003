namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>ALTER of anything but a table.</summary>
internal static class SqlAlter
{
    public static SqlEffect? Read(SqlPiece piece) => piece.Word(1) switch
    {
        "INDEX" => SqlEffect.Additive("nothing names an index but migrations"),
        "TYPE" => Type(piece),
        "SEQUENCE" => piece.HasWord("RESTART") ? SqlEffect.Loses("where the sequence was is lost") : Renamed(piece),
        "DOMAIN" => piece.HasWord("ADD") || piece.HasWords("SET", "NOT") ? SqlEffect.Takes("values that were allowed are refused") : Renamed(piece),
        "VIEW" or "MATERIALIZED" or "FUNCTION" or "PROCEDURE" or "SCHEMA" or "AGGREGATE" or "TRIGGER" or "POLICY" or "COLLATION" => Renamed(piece),
        "DEFAULT" => piece.HasWord("REVOKE") ? SqlEffect.Takes("something that was allowed is not any more") : SqlEffect.Additive("it allows more"),
        var what => SqlEffect.Unknown($"what ALTER {what} does is not known"),
    };

    private static SqlEffect Type(SqlPiece piece) =>
        piece.HasWords("ADD", "VALUE") || piece.HasWords("ADD", "ATTRIBUTE") ? SqlEffect.Additive("it adds a value to a type")
        : piece.HasWords("DROP", "ATTRIBUTE") ? SqlEffect.Loses("the values of the attribute are lost")
        : piece.HasWords("ALTER", "ATTRIBUTE") ? SqlEffect.Loses("what does not fit into the new type is lost")
        : Renamed(piece);

    private static SqlEffect Renamed(SqlPiece piece) =>
        piece.HasWord("RENAME") || piece.HasWords("SET", "SCHEMA") ? SqlEffect.Takes("the old name is gone")
        : piece.HasWord("OWNER") || piece.HasWord("SET") || piece.HasWord("OWNED") || piece.HasWord("DEPENDS") ? SqlEffect.Additive("it changes how something is kept")
        : SqlEffect.Unknown("what it alters is not known");
}
