namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>DROP.</summary>
internal static class SqlDrop
{
    public static SqlEffect? Read(SqlPiece piece)
    {
        var what = piece.Word(1) is "MATERIALIZED" or "FOREIGN" or "EVENT" or "ACCESS" or "TEXT" && piece.Word(2) is { Length: > 0 } next && next != "IF" ? next : piece.Word(1);
        return what switch
        {
            "TEMPORARY" => null,
            "TABLE" => SqlEffect.Loses("the rows of the table are lost") with { Gone = SqlPiece.Last(piece.Name(piece.IndexOf("TABLE") + 1)), Table = piece.Name(piece.IndexOf("TABLE") + 1).ToLowerInvariant() },
            "SCHEMA" or "DATABASE" => SqlEffect.Loses($"all that is in the {what.ToLowerInvariant()} is lost"),
            "OWNED" => SqlEffect.Loses("all that the role owns is lost"),
            "SEQUENCE" => SqlEffect.Loses("where the sequence was is lost"),
            "TYPE" or "DOMAIN" or "EXTENSION" or "SERVER" or "COLLATION" or "FUNCTION" or "OPERATOR" when piece.HasWord("CASCADE") => SqlEffect.Loses("the columns that need it are lost"),
            "INDEX" => SqlEffect.Takes("the index is gone, and with it what relied on it"),
            "VIEW" or "TYPE" or "DOMAIN" or "EXTENSION" or "FUNCTION" or "PROCEDURE" or "ROUTINE" or "AGGREGATE" or "TRIGGER" or "RULE" or "POLICY" or "EVENT" or "ROLE" or "USER" or "COLLATION"
                or "OPERATOR" or "CAST" or "STATISTICS" or "PUBLICATION" or "SERVER" or "CONVERSION" or "SYNONYM" or "LANGUAGE" => SqlEffect.Takes($"the {what.ToLowerInvariant()} is gone"),
            _ => SqlEffect.Unknown("what it drops is not known"),
        };
    }
}
