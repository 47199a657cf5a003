using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>Reads SQL: what each statement does to what was there before it.</summary>
internal static class SqlReading
{
    /// <summary>All statements of a text that do anything.</summary>
    /// <param name="file">The name of the file that holds it.</param>
    /// <param name="line">The line of the file in which the text begins.</param>
    public static ImmutableArray<MigrationStatement> Read(string text, string file, int line = 1)
    {
        var statements = ImmutableArray.CreateBuilder<MigrationStatement>();
        var (at, atLine) = (0, line);
        foreach (var piece in SqlScanner.Pieces(text))
        {
            atLine += text.AsSpan(at, piece.Start - at).Count('\n');
            at = piece.Start;
            var shown = MigrationStatement.OneLine(text.AsSpan(piece.Start, piece.End - piece.Start));
            foreach (var effect in Effects(piece))
            {
                statements.Add(new MigrationStatement(file, atLine, shown, effect.Kind, effect.Loss, effect.Why) { Table = effect.Table, MakesTable = effect.MakesTable, Gone = effect.Gone });
            }
        }

        return statements.ToImmutable();
    }

    /// <summary>None for what changes nothing.</summary>
    private static IEnumerable<SqlEffect> Effects(SqlPiece piece)
    {
        if (piece.Problem is { } problem)
        {
            return [SqlEffect.Unknown(problem)];
        }

        return (piece.Word(0), piece.Word(1)) switch
        {
            ("ALTER", "TABLE") => SqlTable.Alter(piece.From(2)).Select(e => e.On(piece.Name(2))),
            ("ALTER", "FOREIGN") when piece.Word(2) == "TABLE" => SqlTable.Alter(piece.From(3)).Select(e => e.On(piece.Name(3))),
            _ => Effect(piece) is { } effect ? [effect] : [],
        };
    }

    private static SqlEffect? Effect(SqlPiece piece) => piece.Word(0) switch
    {
        "SET" or "RESET" or "BEGIN" or "START" or "COMMIT" or "END" or "SAVEPOINT" or "RELEASE" or "LOCK" or "UNLOCK" or "ANALYZE" or "VACUUM" or "REINDEX" or "SHOW"
            or "CHECKPOINT" or "DISCARD" or "NOTIFY" or "LISTEN" or "UNLISTEN" or "REFRESH" or "COMMENT" or "USE" or "OPTIMIZE" or "FLUSH" => null,
        "CREATE" => SqlCreate.Read(piece),
        "DROP" => SqlDrop.Read(piece),
        "ALTER" => SqlAlter.Read(piece),
        "INSERT" => Insert(piece),
        "COPY" => piece.HasWord("FROM") && !piece.HasWord("PROGRAM") ? SqlEffect.Additive("it adds rows") : SqlEffect.Unknown("it reads or writes something outside of the database"),
        "UPDATE" => SqlEffect.Loses("the values that it writes over are in no other place").On(piece.Name(1)),
        "DELETE" => SqlEffect.Loses("the rows that it deletes are in no other place").On(piece.Word(1) == "FROM" ? piece.Name(2) : ""),
        "TRUNCATE" => SqlEffect.Loses("all rows are deleted"),
        "MERGE" or "REPLACE" => SqlEffect.Loses("the values that it writes over are in no other place"),
        "RENAME" => SqlEffect.Takes("the old name is gone"),
        "GRANT" => SqlEffect.Additive("it allows more"),
        "REVOKE" => SqlEffect.Takes("something that was allowed is not any more"),
        "WITH" => With(piece),
        "SELECT" or "VALUES" or "TABLE" => Select(piece),
        "ROLLBACK" or "ABORT" => SqlEffect.Unknown("it takes back statements before it"),
        "DO" or "CALL" or "EXECUTE" or "EXEC" or "PREPARE" => SqlEffect.Unknown("it runs code that is not read"),
        "" => SqlEffect.Unknown("it is no statement that is known"),
        var word => SqlEffect.Unknown($"what {word} does is not known"),
    };

    private static SqlEffect Insert(SqlPiece piece) =>
        piece.HasWords("DO", "UPDATE") || piece.HasWords("KEY", "UPDATE") || piece.HasWord("OVERWRITE") ? SqlEffect.Loses("the values that it writes over are in no other place")
        : SqlEffect.Additive("it adds rows");

    /// <summary>A query with parts that can write.</summary>
    private static SqlEffect? With(SqlPiece piece) =>
        piece.HasWord("UPDATE") || piece.HasWord("DELETE") || piece.HasWord("MERGE") ? SqlEffect.Loses("the values that it writes over or deletes are in no other place")
        : piece.HasWord("INSERT") ? SqlEffect.Additive("it adds rows")
        : Select(piece);

    /// <summary>A query changes nothing, unless it calls a function that does.</summary>
    private static SqlEffect? Select(SqlPiece piece)
    {
        if (piece.HasWord("INTO"))
        {
            return SqlEffect.Additive("it makes a table of an answer");
        }

        for (var i = 0; i + 1 < piece.Tokens.Length; i++)
        {
            if (piece.Tokens[i] is { IsName: true } name && piece.Tokens[i + 1].IsSign('(') && !IsHarmless(name.Value))
            {
                return SqlEffect.Unknown("it calls a function that is not known");
            }
        }

        return null;
    }

    private static bool IsHarmless(string function) => function is "SETVAL" or "SET_CONFIG" or "CURRENT_SETTING" or "NOW" or "COUNT" or "MAX" or "MIN" or "SUM" or "COALESCE" or "PG_GET_SERIAL_SEQUENCE"
        or "TO_REGCLASS" or "EXISTS" or "IN" or "VALUES" or "AND" or "OR" or "NOT" or "FROM" or "WHERE" or "SELECT" or "AS" or "ON" or "ANY" or "CAST" or "PG_ADVISORY_LOCK" or "PG_ADVISORY_XACT_LOCK" or "PG_ADVISORY_UNLOCK";
}
