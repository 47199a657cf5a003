using CliWrap;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>The check <c>postgres</c>, asked of a real PostgreSQL server.</summary>
public sealed class PostgresCheckTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Theory]
    [InlineData("query: SELECT count(*) FROM orders, equals: 20000", "\"20000\"")]
    [InlineData("query: 'SELECT 20000.00', equals: 2e4", "\"20000.00\"")]
    [InlineData("query: 'SELECT 1 = 1', equals: 'true'", "\"t\"")]
    [InlineData("query: 'SELECT NULL', equals: 'NULL'", "\"NULL\"")]
    [InlineData("query: 'SELECT note FROM orders WHERE id = 7', matches: '^order 7'", "\"order 7")]
    [InlineData("query: 'SELECT 12', min: 12, max: 12", "\"12\"")]
    [InlineData("query: 'SELECT * FROM orders WHERE id <= 20', rows: 20", "20 rows")]
    [InlineData("query: 'SELECT * FROM orders WHERE note IS NULL', rows: 0", "0 rows")]
    [InlineData("query: 'WITH few AS (SELECT 1 AS n) SELECT n FROM few -- ; not a second one', equals: 1", "\"1\"")]
    [InlineData("query: \"SELECT 'a;b\\\\c' /* ; */ || $x$;\\\\$x$\", equals: 'a;b\\c;\\'", "\"a;b\\c;\\\"")]
    public async Task It_holds(string fields, string seen) => Assert.Contains(seen, (await AskAsync(fields)).Expect(0).Said, StringComparison.Ordinal);

    [Theory]
    [InlineData("query: 'SELECT 5', equals: 6", "does not hold: \"5\"")]
    [InlineData("query: 'SELECT id FROM orders WHERE id < 0', equals: 6", "does not hold: the query answered no row")]
    [InlineData("query: 'SELECT id FROM orders WHERE id < 4', rows: 0", "does not hold: 3 rows")]
    [InlineData("query: 'SELECT id FROM orders', rows: 0", "does not hold: more than 10 rows")]
    [InlineData("query: 'SELECT 13', max: 12.5", "does not hold: \"13\"")]
    [InlineData("query: 'SELECT id FROM orders', equals: 1", "unknown: the query answered more than 10 rows")]
    [InlineData("query: 'SELECT id, note FROM orders WHERE id = 1', equals: 1", "unknown: the query answered a row of 2 values")]
    [InlineData("query: \"SELECT 'many'\", max: 12", "unknown: \"many\" is not a number")]
    [InlineData("query: SELECT count(*) FROM order_lines, equals: 0", "unknown: database '%' gave no answer: ERROR:  relation \"order_lines\" does not exist")]
    [InlineData("query: 'SELECT pg_sleep(30)', rows: 1, timeout: 300ms", "gave no answer: ERROR:  canceling statement due to statement timeout")]
    [InlineData("query: 'WITH gone AS (DELETE FROM orders RETURNING 1) SELECT count(*) FROM gone', equals: 0", "gave no answer: ERROR:  DECLARE CURSOR must not contain data-modifying statements in WITH")]
    [InlineData("query: \"SELECT setval('taken', 5)\", equals: 5", "gave no answer: ERROR:  cannot execute setval() in a read-only transaction")]
    [InlineData("user: nobody_known, query: 'SELECT 1', equals: 1", "unknown: database '%' gave no answer: psql: error: connection to server")]
    public async Task It_does_not_hold_or_is_unknown_and_the_run_is_refused(string fields, string why)
    {
        var (run, database) = await AskInAsync(fields);

        Assert.Contains(why.Replace("%", database, StringComparison.Ordinal), run.Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal("20000", await server.SqlAsync(database, "SELECT count(*) FROM orders"));
        Assert.Equal("1", await server.SqlAsync(database, "SELECT nextval('taken')"));
    }

    /// <summary>Values that are SQL, commands of psql, or end what they stand in.</summary>
    [Theory]
    [InlineData("'; DROP TABLE orders; --")]
    [InlineData(@"\'; DROP TABLE orders; --")]
    [InlineData(@"\\")]
    [InlineData(@"a\nb\t\r\x41\101")]
    [InlineData("`touch touched`")]
    [InlineData(":'value' :value :\"value\" $x$ $1 % é 日本 \U0001F600")]
    [InlineData("two\nlines\r\n\\! touch touched\n\\q")]
    [InlineData("''")]
    [InlineData("")]
    public async Task A_value_arrives_as_it_is(string value)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        project.Write("vars.yml", $"given: {System.Text.Json.JsonSerializer.Serialize(value)}\n");
        project.Playbook(
            "vars: { given: { type: string, required: true } }\nguards:\n  - postgres:\n"
            + $"      {{ database: {database}, query: \"SELECT encode(convert_to(:'value', 'UTF8'), 'hex') AS \\\"a;b\\\"\", values: {{ value: '{{{{ given }}}}' }}, equals: '{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(value))}' }}\n"
            + "steps: [ { id: go, run: 'true' } ]\n");

        (await project.ExecAsync("--vars-file", "vars.yml")).Expect(0);

        Assert.False(project.Has("touched"));
        Assert.Equal("20000", await server.SqlAsync(database, "SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task The_password_comes_from_a_secret_and_is_seen_nowhere()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        project.Set("DB_PASSWORD", PostgresServer.Secret);
        Guard(project, database, "user: locked, password: '{{ pw }}', query: 'SELECT current_user', equals: locked", "vars: { pw: { type: string, secret: true, from_env: DB_PASSWORD } }\n");

        var run = (await project.ExecAsync()).Expect(0);

        Assert.DoesNotContain(PostgresServer.Secret, run.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Secret, await File.ReadAllTextAsync(Path.Combine(project.Record().Folder, "journal.jsonl"), project.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_transaction_a_dump_and_a_waiting_session_are_in_the_way_and_are_named()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Guard(project, database, "no_dump: true, no_idle_transaction: 1ms, no_lock_wait: true");
        (await project.ExecAsync()).Expect(0);

        await using var idle = await Session.OpenAsync(server, database, "shop-worker", "state = 'idle in transaction' AND query LIKE 'LOCK%'", "BEGIN", "LOCK TABLE orders");
        var refused = (await project.ExecAsync()).Expect(3).Said;
        Assert.Contains("(shop-worker) idle in transaction for ", refused, StringComparison.Ordinal);

        await using var waiting = await Session.OpenAsync(server, database, "pg_dump", "wait_event_type = 'Lock'", "BEGIN", "LOCK TABLE orders IN ACCESS SHARE MODE");
        Guard(project, database, "no_dump: true");
        Assert.Contains("of postgres (pg_dump) dumps it", (await project.ExecAsync()).Expect(3).Said, StringComparison.Ordinal);
        Guard(project, database, "no_lock_wait: true");
        Assert.Contains("of postgres (pg_dump) waits for a lock of session ", (await project.ExecAsync()).Expect(3).Said, StringComparison.Ordinal);
        Guard(project, database, "no_idle_transaction: 1h");
        (await project.ExecAsync()).Expect(0);
    }

    [Fact]
    public async Task What_the_role_may_not_see_is_unknown()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        await server.SqlAsync(database, "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'small') THEN CREATE ROLE small LOGIN; END IF; END $$");
        await using var other = await Session.OpenAsync(server, database, "other", "state = 'idle'", "SELECT 1");
        Guard(project, database, "user: small, no_idle_transaction: 1s");

        Assert.Contains("cannot be seen by this role: ask as one that has pg_read_all_stats", (await project.ExecAsync()).Expect(3).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_says_what_is_asked_and_how()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Guard(project, database, "query: SELECT count(*) FROM orders, equals: 3");

        var plan = (await project.RunAsync("plan", "pb.yml")).Expect(0).Out;

        Assert.Contains($"in database '{database}', the answer to SELECT count(*) FROM orders is \"3\"", plan, StringComparison.Ordinal);
        Assert.Contains("psql --no-password", plan, StringComparison.Ordinal);
    }

    private async Task<Finished> AskAsync(string fields) => (await AskInAsync(fields)).Run;

    private async Task<(Finished Run, string Database)> AskInAsync(string fields)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        await server.SqlAsync(database, "CREATE SEQUENCE taken");
        Guard(project, database, fields);
        var run = await project.ExecAsync();
        var asked = project.Record().IsWhole().Events<CheckAnswered>().Single();
        return (run with { Out = $"{run.Out}\n{asked.Verdict.Replace('-', ' ')}: {asked.Observed}" }, database);
    }

    private static void Guard(Project project, string database, string fields, string head = "") =>
        project.Playbook($"{head}guards: [ {{ postgres: {{ database: {database}, {fields} }} }} ]\nsteps: [ {{ id: go, run: 'true' }} ]\n");

    /// <summary>A session that stays open.</summary>
    private sealed class Session : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _psql;

        private Session(PostgresServer server, string database, string name, string[] statements) => _psql = CliWrap.Cli.Wrap("psql")
            .WithArguments(["--no-psqlrc", "--quiet", $"--dbname=host={server.Socket} user=postgres dbname={database} application_name={name}", .. statements.Append(@"\! sleep 600").Select(s => $"--command={s}")])
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(_end.Token);

        /// <summary>Returns when the session has come to where it stays.</summary>
        /// <param name="there">A condition over <c>pg_stat_activity</c>.</param>
        internal static async Task<Session> OpenAsync(PostgresServer server, string database, string name, string there, params string[] statements)
        {
            var session = new Session(server, database, name, statements);
            while (await server.SqlAsync(database, $"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{name}' AND {there}") == "0")
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            return session;
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            try
            {
                await _psql;
            }
            catch (OperationCanceledException)
            {
                // That is how it ends.
            }

            _end.Dispose();
        }
    }
}
