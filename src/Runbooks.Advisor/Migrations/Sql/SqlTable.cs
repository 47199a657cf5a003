namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>ALTER TABLE: each of its actions for itself.</summary>
internal static class SqlTable
{
    /// <param name="piece">What comes after the words ALTER TABLE.</param>
    public static IEnumerable<SqlEffect> Alter(SqlPiece piece)
    {
        var at = piece.Word(0) == "ALL" ? 0 : AfterName(piece);
        if (at >= piece.Tokens.Length)
        {
            return [SqlEffect.Unknown("it does not say what is altered")];
        }

        var table = piece.Name(0);
        return piece.From(at).Parts().Select(p => Action(p) is { } effect ? effect with { Gone = Gone(p, table) } : null).OfType<SqlEffect>();
    }

    /// <summary>Over IF EXISTS, ONLY and the name with its dots.</summary>
    private static int AfterName(SqlPiece piece)
    {
        var at = piece.Word(0) == "IF" && piece.Word(1) == "EXISTS" ? 2 : 0;
        at += piece.Word(at) == "ONLY" ? 1 : 0;
        at++;
        while (at + 1 < piece.Tokens.Length && piece.Tokens[at].IsSign('.'))
        {
            at += 2;
        }

        return at < piece.Tokens.Length && piece.Tokens[at].IsSign('*') ? at + 1 : at;
    }

    /// <summary>The name that is gone after an action.</summary>
    private static string Gone(SqlPiece action, string table) => (action.Word(0), action.Word(1)) switch
    {
        ("DROP", "COLUMN") => action.Name(2),
        ("DROP", "CONSTRAINT" or "PRIMARY" or "FOREIGN" or "INDEX" or "KEY" or "CHECK" or "PARTITION") => "",
        ("DROP", _) => action.Name(1),
        ("RENAME", "TO") => SqlPiece.Last(table),
        ("RENAME", "COLUMN") => action.Name(2),
        ("RENAME", "CONSTRAINT" or "INDEX" or "KEY") => "",
        ("RENAME", _) => action.Name(1),
        ("CHANGE", "COLUMN") => action.Name(2) == action.Name(3) ? "" : action.Name(2),
        ("CHANGE", _) => action.Name(1) == action.Name(2) ? "" : action.Name(1),
        _ => "",
    };

    private static SqlEffect? Action(SqlPiece action) => (action.Word(0), action.Word(1)) switch
    {
        ("ADD", _) => Add(action.From(1)),
        ("DROP", _) => Drop(action.From(1)),
        ("ALTER", "CONSTRAINT") => SqlEffect.Takes("a rule for values is changed"),
        ("ALTER", "INDEX") => SqlEffect.Additive("it changes how an index is used"),
        ("ALTER", "COLUMN") => Column(action.From(3)),
        ("ALTER", _) => Column(action.From(2)),
        ("MODIFY", _) or ("CHANGE", _) => SqlEffect.Loses("what does not fit into the new type is lost"),
        ("CONVERT", _) => SqlEffect.Loses("what does not fit into the new characters is lost"),
        ("RENAME", "CONSTRAINT" or "INDEX" or "KEY") => SqlEffect.Additive("nothing names it but migrations"),
        ("RENAME", _) => SqlEffect.Takes("the old name is gone"),
        ("SET", "SCHEMA") => SqlEffect.Takes("the old name is gone"),
        ("VALIDATE", _) or ("OWNER", _) or ("SET", _) or ("RESET", _) or ("CLUSTER", _) or ("REPLICA", _) or ("ENGINE", _) or ("COMMENT", _) or ("AUTO_INCREMENT", _) or ("ALGORITHM", _) or ("LOCK", _)
            or ("CHARACTER", _) or ("CHARSET", _) or ("DEFAULT", _) or ("COLLATE", _) or ("ROW_FORMAT", _) or ("NO", _) => SqlEffect.Additive("it changes how the table is kept"),
        ("ATTACH", _) or ("DETACH", _) or ("INHERIT", _) or ("ENABLE", _) or ("DISABLE", _) or ("FORCE", _) => SqlEffect.Takes("from now on something else may become of what a release writes or reads"),
        ("TRUNCATE", _) => SqlEffect.Loses("all rows of the partition are deleted"),
        _ => SqlEffect.Unknown("what it alters is not known"),
    };

    private static SqlEffect Add(SqlPiece added)
    {
        var what = added.Word(0);
        if (what is "CONSTRAINT" or "PRIMARY" or "UNIQUE" or "FOREIGN" or "CHECK" or "EXCLUDE" && added.Tokens.Length > 1)
        {
            return SqlEffect.Takes("values that were allowed are refused");
        }

        // In "NOT NULL DEFAULT 0" the default lets the rows that are there, and a release that does not know the column, have a value.
        return added.HasWords("NOT", "NULL") && !added.HasWord("DEFAULT") && !added.HasWord("GENERATED") && !added.HasWord("AUTO_INCREMENT") && !added.Tokens.Any(t => t.Kind == SqlTokenKind.Word && t.Value.EndsWith("SERIAL", StringComparison.Ordinal))
            ? SqlEffect.Takes("it must have a value and has no default: a release that does not know it cannot write rows")
            : SqlEffect.Additive(what is "INDEX" or "KEY" or "FULLTEXT" or "SPATIAL" ? "it adds an index" : "it adds a column");
    }

    private static SqlEffect Drop(SqlPiece dropped)
    {
        var what = dropped.Word(0);
        // These words are no reserved ones in PostgreSQL: "DROP index" drops a column of that name.
        var isWord = dropped.Tokens.Length > 1 && dropped.Tokens[1].IsName && dropped.Word(1) is not ("CASCADE" or "RESTRICT");
        return what switch
        {
            "CONSTRAINT" or "PRIMARY" or "FOREIGN" => SqlEffect.Takes("a rule for values is gone, and with it what relied on it"),
            "INDEX" or "KEY" or "CHECK" when isWord => SqlEffect.Takes("it is gone, and with it what relied on it"),
            "PARTITION" when isWord => SqlEffect.Loses("the rows of the partition are lost"),
            _ => SqlEffect.Loses("the values of the column are lost"),
        };
    }

    /// <param name="action">What comes after the name of the column.</param>
    private static SqlEffect? Column(SqlPiece action) => (action.Word(0), action.Word(1)) switch
    {
        ("TYPE", "TEXT") when action.Tokens.Length == 2 => SqlEffect.Additive("every value has a text"),
        ("SET", "DATA") when action.Word(2) == "TYPE" && action.Word(3) == "TEXT" && action.Tokens.Length == 4 => SqlEffect.Additive("every value has a text"),
        ("TYPE", _) or ("SET", "DATA") => SqlEffect.Loses("what does not fit into the new type is lost"),
        ("SET", "NOT") => SqlEffect.Takes("rows without a value are refused"),
        ("DROP", "NOT") => SqlEffect.Additive("it need not have a value any more"),
        ("SET", "DEFAULT") => SqlEffect.Additive("it has a default"),
        ("DROP", "DEFAULT" or "IDENTITY" or "EXPRESSION") => SqlEffect.Takes("it has no default any more"),
        ("ADD", "GENERATED") => SqlEffect.Additive("it has a default"),
        ("SET", "STATISTICS" or "STORAGE" or "COMPRESSION" or "GENERATED" or "CACHE") or ("RESET", _) => SqlEffect.Additive("it changes how the column is kept"),
        ("SET", _) when action.Tokens.Length > 1 && action.Tokens[1].IsSign('(') => SqlEffect.Additive("it changes how the column is kept"),
        ("RESTART", _) => SqlEffect.Loses("where the sequence was is lost"),
        _ => SqlEffect.Unknown("what it alters is not known"),
    };
}
