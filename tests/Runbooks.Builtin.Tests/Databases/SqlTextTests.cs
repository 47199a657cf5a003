using Runbooks.Builtin.Databases;

namespace Runbooks.Builtin.Tests.Databases;

public sealed class SqlTextTests
{
    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("  -- first; a comment\n\tselect ';' , \";\" , $$;$$, $a$ $$ ; $a$, 'it''s;', E'it\\'s;' /* ; /* \\ */ ; */")]
    [InlineData("(SELECT 1) UNION (SELECT 2)")]
    [InlineData("WITH a AS (SELECT 1) TABLE a")]
    [InlineData("VALUES (1), (2)")]
    [InlineData("SELECT '\\', 'a\\'")]
    [InlineData("SELECT $1::text, a$b$c FROM t")]
    [InlineData("SELECT 5 / 2, 5 - -2")]
    public void One_query_of_PostgreSQL_is_taken(string text) => Assert.Null(SqlText.ProblemOfQuery(text, SqlDialect.Postgres));

    [Theory]
    [InlineData("", "it holds no statement")]
    [InlineData("-- SELECT 1", "it holds no statement")]
    [InlineData("SELECT 1;", "it holds a ';'")]
    [InlineData("SELECT 1; DROP TABLE t", "it holds a ';'")]
    [InlineData("SELECT 'a'';'; DROP TABLE t", "it holds a ';'")]
    [InlineData("SELECT 'a\\'; DROP TABLE t --'", "it holds a ';'")]
    [InlineData("SELECT E'a\\\\'; DROP TABLE t --'", "it holds a ';'")]
    [InlineData("SELECT name'a\\'; DROP TABLE t --'", "it holds a ';'")]
    [InlineData("SELECT $$a$$; DROP TABLE t", "it holds a ';'")]
    [InlineData("SELECT a$$;$$", "it holds a ';'")]
    [InlineData("SELECT /* /* */ */ 1; DROP TABLE t", "it holds a ';'")]
    [InlineData("SELECT 1 -- x\n; DROP TABLE t", "it holds a ';'")]
    [InlineData("SELECT 1 \\g out.txt", "begins a command of the client program")]
    [InlineData("SELECT 1 \\! touch x", "begins a command of the client program")]
    [InlineData("DROP TABLE t", "it begins with DROP")]
    [InlineData("/* a */ update t set a = 1", "it begins with UPDATE")]
    [InlineData("SHOW search_path", "it begins with SHOW")]
    [InlineData("SELECT 'a", "is opened and not closed")]
    [InlineData("SELECT \"a", "is opened and not closed")]
    [InlineData("SELECT $a$ x $b$", "is opened and not closed")]
    [InlineData("SELECT /* /* */ 1", "is opened and not closed")]
    public void Everything_else_is_not_asked_of_PostgreSQL(string text, string why) => Assert.Contains(why, SqlText.ProblemOfQuery(text, SqlDialect.Postgres), StringComparison.Ordinal);

    [Theory]
    [InlineData("SELECT 'it\\'s;', \"\\\";\", `a;b` # ;\n, 1", null)]
    [InlineData("SHOW TABLES", null)]
    [InlineData("SELECT /* /* */ 1", null)]
    [InlineData("SELECT 'a\\\\'; DROP TABLE t", "it holds a ';'")]
    [InlineData("SELECT $$;$$", "it holds a ';'")]
    [InlineData("SELECT 1 into outfile '/tmp/x'", "it holds INTO")]
    [InlineData("SELECT 1 AS `into`", null)]
    [InlineData("SELECT 1 /*! INTO OUTFILE '/tmp/x' */", "reads as SQL")]
    [InlineData("SELECT 1 /*M! INTO OUTFILE '/tmp/x' */", "reads as SQL")]
    [InlineData("SELECT `a``b`; DROP TABLE t", "it holds a ';'")]
    [InlineData("SELECT `a\\`; DROP TABLE t", "it holds a ';'")]
    [InlineData("SELECT 1 \\! touch x", "begins a command of the client program")]
    public void MySQL_quotes_otherwise(string text, string? why)
    {
        var problem = SqlText.ProblemOfQuery(text, SqlDialect.MySql);

        Assert.Equal(why is null, problem is null);
        Assert.Contains(why ?? "", problem ?? "", StringComparison.Ordinal);
    }

    /// <summary>Whatever is put together of what means something: it comes to an end, and what is taken stays taken when a comment is added, and is refused with a second statement.</summary>
    [Fact]
    public void Any_text_is_judged_and_what_is_taken_has_no_room_for_a_second_statement()
    {
        string[] parts = ["SELECT ", "'", "''", "\"", "`", "$$", "$a$", "\\", "E'", "--", "\n", "/*", "*/", "#", "a", "1", " ", "é", "$", "\0"];
        var random = new Random(7);
        var taken = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = "SELECT " + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            foreach (var dialect in Enum.GetValues<SqlDialect>())
            {
                if (SqlText.ProblemOfQuery(text, dialect) is not null)
                {
                    continue;
                }

                taken++;
                Assert.Null(SqlText.ProblemOfQuery(text + "\n-- more", dialect));
                Assert.Contains("it holds a ';'", SqlText.ProblemOfQuery(text + "\n; DROP TABLE t", dialect), StringComparison.Ordinal);
            }
        }

        Assert.InRange(taken, 1000, 100_000);
    }
}
