using System.Text;
using System.Text.Json;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>The check <c>mysql</c>, asked of a real MariaDB server.</summary>
public sealed class MySqlCheckTests(MariaDbServer server) : IClassFixture<MariaDbServer>
{
    [Theory]
    [InlineData("query: SELECT count(*) FROM orders, equals: 5000", 0, "holds: \"5000\"")]
    [InlineData("query: SELECT count(*) FROM orders, equals: 5000, programs: mariadb", 0, "holds: \"5000\"")]
    [InlineData("query: 'SELECT NULL', equals: 'NULL'", 0, "holds: \"NULL\"")]
    [InlineData("query: 'SELECT id FROM orders WHERE id < 4', rows: 3", 0, "holds: 3 rows")]
    [InlineData("query: \"SELECT 'a\\\\tb\\\\nc\\\\\\\\'\", matches: '^a\\tb\\nc\\\\$'", 0, "holds: ")]
    [InlineData("query: SHOW TABLES LIKE 'orders', equals: orders", 0, "holds: \"orders\"")]
    [InlineData("query: \"SELECT count(*) FROM information_schema.columns WHERE table_schema = database() AND table_name = @tab\", values: { tab: orders }, min: 3", 0, "holds: \"3\"")]
    [InlineData("query: 'SELECT 5', equals: 6", 3, "does not hold: \"5\"")]
    [InlineData("query: 'SELECT id FROM orders', rows: 0", 3, "does not hold: more than 10 rows")]
    [InlineData("query: 'SELECT id FROM order_lines', rows: 0", 3, "unknown: database '%' gave no answer: ERROR 1146")]
    [InlineData("query: 'SELECT count(*) FROM orders a, orders b, orders c WHERE a.note < b.note AND b.note < c.note', equals: 1, timeout: 1s", 3, "unknown: database '%' gave no answer: ERROR 1969")]
    [InlineData("query: 'SELECT * FROM orders WHERE id = 1 FOR UPDATE', rows: 1", 3, "unknown: database '%' gave no answer: ERROR 1792")]
    [InlineData("user: nobody, query: 'SELECT 1', equals: 1", 3, "unknown: database '%' gave no answer: ERROR 1045")]
    public async Task It_says_what_the_server_says(string fields, int exit, string seen)
    {
        var (run, database) = await AskAsync(fields.Contains("user:", StringComparison.Ordinal) ? fields : $"user: root, {fields}");

        Assert.Contains(seen.Replace("%", database, StringComparison.Ordinal), run.Expect(exit).Said, StringComparison.Ordinal);
        Assert.Equal("5000", await server.SqlAsync(database, "SELECT count(*) FROM orders"));
    }

    /// <summary>A function that writes is the only way in which a query could.</summary>
    [Fact]
    public async Task It_cannot_write()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        await server.SqlAsync(database, "CREATE SEQUENCE taken");
        Guard(project, database, "user: root, query: 'SELECT nextval(taken)', equals: 1");

        Assert.Contains("gave no answer: ERROR 1792", (await project.ExecAsync()).Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal("1", await server.SqlAsync(database, "SELECT nextval(taken)"));
    }

    [Theory]
    [InlineData("'; DROP TABLE orders; -- ")]
    [InlineData(@"\'; DROP TABLE orders; # \\")]
    [InlineData("two\nlines\r\n\\! touch touched\ndelimiter //\nsource /etc/passwd\n")]
    [InlineData("\"`${x} é 日本 \U0001F600")]
    [InlineData("")]
    public async Task A_value_arrives_as_it_is(string value)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        project.Write("vars.yml", $"given: {JsonSerializer.Serialize(value)}\n");
        Guard(project, database, $"user: root, query: 'SELECT lower(hex(@value))', values: {{ value: '{{{{ given }}}}' }}, equals: '{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value))}'", "vars: { given: { type: string, required: true } }\n");

        (await project.ExecAsync("--vars-file", "vars.yml")).Expect(0);

        Assert.False(project.Has("touched"));
        Assert.Equal("5000", await server.SqlAsync(database, "SELECT count(*) FROM orders"));
    }

    private async Task<(Finished Run, string Database)> AskAsync(string fields)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Guard(project, database, fields);
        var run = await project.ExecAsync();
        var asked = project.Record().IsWhole().Events<CheckAnswered>().Single();
        return (run with { Out = $"{run.Out}\n{asked.Verdict.Replace('-', ' ')}: {asked.Observed}" }, database);
    }

    private void Guard(Project project, string database, string fields, string head = "") =>
        project.Playbook($"{head}guards: [ {{ mysql: {{ database: {database}, host: {server.Socket}, {fields} }} }} ]\nsteps: [ {{ id: go, run: 'true' }} ]\n");
}
