using CsCheck;
using Runbooks.Advisor.Migrations;
using static Runbooks.Advisor.Tests.Migrations.Reading;

namespace Runbooks.Advisor.Tests.Migrations;

/// <summary>What holds of every text.</summary>
public sealed class AnyTextTests
{
    private static readonly string[] Pieces =
    [
        "DROP TABLE a", "ALTER TABLE a", " ADD COLUMN b int", "CREATE FUNCTION f() BEGIN", "END", ";", "'", "\"", "`", "$$", "$x$", "--", "/*", "*/", "/*!50001", "\\i x", "\n", "\n    ", "\n\t", "(", ")", "[", "]", "{", "}",
        "def upgrade():", "def downgrade():", "revision = 'a'", "class Migration(x):", "    operations = [", "op.drop_table('a')", "with op.batch_alter_table('a') as b:", "if x:", "raise X", "'''", "f'{", "lambda: ", "\\", ",", "=", ":", ".",
        "class X < Y", "def change", "def down", "end", "do |t|", "create_table :a", "<<~SQL", "SQL", "%q(", "%w[", "#{", "=begin", "=end", "=>", "::", "|", "if", "unless", "x = if y", "->",
        "<databaseChangeLog>", "</databaseChangeLog>", "<changeSet id=\"1\">", "</changeSet>", "<rollback/>", "<![CDATA[", "]]>", "<!--", "-->", "<?", "&amp;", "<a b='", "--liquibase formatted sql\n", "--changeset a:b", "--rollback ", "databaseChangeLog:\n", "  - changeSet:\n", "DELIMITER //\n", "-- +goose Down\n", "COPY a FROM stdin;", "${x}", "\ufeff", "\0", "é", "\ud800",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(Gen.OneOf(Pieces).Array[0, 40].Select(string.Concat), Gen.OneOf(Pieces).Array[0, 12].Select(p => string.Join(' ', p)), Gen.String[0, 60]);

    [Fact]
    public void No_text_makes_a_reader_throw() => Text.Sample(
        text =>
        {
            foreach (var tool in Enum.GetValues<MigrationTool>())
            {
                foreach (var path in (string[])["x/migrations/1_a.py", "1_a.rb", "V1__a.sql", "1_a.up.sql", "a.xml", "a.yaml", "a.json", "a.sql"])
                {
                    var history = History(tool, (path, text), ($"b/{path}", text));
                    _ = history.Between(["1"], ["none"]);
                    Assert.All(history.Migrations, m => Assert.NotEmpty($"{Told(m)}{m.LossBecause?.Display}{m.ReversibleBecause?.Display}"));
                    Assert.All(history.Migrations.SelectMany(m => m.Forward.Statements.Concat(m.Back.Statements)), s => Assert.InRange(s.Line, 1, text.Count(c => c == '\n') + 1));
                }
            }
        },
        iter: 3000);

    /// <summary>Statements with their verdicts; spaces are where a comment may stand, and letters may have any case.</summary>
    private static readonly (string Sql, string Told)[] Statements =
    [
        ("CREATE TABLE made (id int)", "additive"), ("ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 0", "additive"), ("ALTER TABLE a ADD b int NOT NULL", "destructive"), ("DROP TABLE IF EXISTS a", "destructive"),
        ("UPDATE a SET b = 'x;y'", "destructive"), ("WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x", "destructive"), ("DO $$ BEGIN END $$", "unknown"), ("CALL f (1)", "unknown"), ("ALTER TABLE a RENAME TO b", "destructive"),
    ];

    [Fact]
    public void Spaces_comments_and_case_change_no_verdict()
    {
        var space = Gen.OneOf(" ", "\n", "\t ", " /* DROP TABLE z; */ ", " -- it's\n", "\r\n");
        Gen.Select(Gen.OneOf(Statements), space.Array[24], Gen.Bool, Gen.OneOf("", ";", " ; \n")).Sample(
            (statement, spaces, isLower, end) =>
            {
                var words = statement.Sql.Split(' ');
                var text = string.Concat(words.Select((w, i) => (isLower ? w.ToLowerInvariant() : w) + (i + 1 < words.Length && !w.Contains('\'', StringComparison.Ordinal) ? spaces[i] : " "))) + end;
                Assert.Equal(statement.Told, MigrationWords.Of(One(MigrationTool.Sql, ("a.sql", spaces[23] + text)).Forward.Kind));
            },
            iter: 2000);
    }

    [Fact]
    public void A_way_is_never_better_than_its_worst_statement() => Gen.OneOf(Statements).Array[1, 6].Sample(
        all =>
        {
            var way = One(MigrationTool.Sql, ("a.sql", string.Join(";\n", all.Select(s => s.Sql)))).Forward;
            string[] worstFirst = ["destructive", "unknown", "additive"];
            Assert.Equal(worstFirst.First(k => all.Any(s => s.Told == k)), MigrationWords.Of(way.Kind));
            Assert.Equal(all.Length, way.Statements.Select(s => s.Line).Distinct().Count());
        },
        iter: 500);

    [Fact]
    public void The_same_files_in_another_order_are_the_same_history() => Gen.Shuffle(new[]
    {
        ("1_a.up.sql", "CREATE TABLE a (id int)"), ("1_a.down.sql", "DROP TABLE a"), ("2_b.up.sql", "DROP TABLE b"), ("10_c.up.sql", "SELECT 1"),
    }).Sample(files => Assert.Equal(["1", "2", "10"], History(MigrationTool.GolangMigrate, files).Migrations.Select(m => m.Id)), iter: 30);

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("do\n")]
    [InlineData("begin\n")]
    [InlineData("a.b(")]
    [InlineData("'")]
    [InlineData("x = if\n")]
    [InlineData("<a>")]
    [InlineData("/*")]
    public void What_is_nested_without_an_end_is_read_in_no_time(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 20_000));
        foreach (var (tool, path, head) in (ReadOnlySpan<(MigrationTool, string, string)>)[
            (MigrationTool.Alembic, "a.py", "revision = 'a'\ndef upgrade():\n    "), (MigrationTool.Django, "a/migrations/1.py", "class Migration(x):\n    operations = "), (MigrationTool.Rails, "1_a.rb", "class X\ndef change\n"),
            (MigrationTool.Liquibase, "a.xml", "<databaseChangeLog>"), (MigrationTool.Sql, "a.sql", "")])
        {
            Assert.NotNull(History(tool, (path, head + text)));
        }
    }
}
