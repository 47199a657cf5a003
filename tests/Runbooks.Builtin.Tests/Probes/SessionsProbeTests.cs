using System.Text;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Probes;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>Who is in the way of a migration.</summary>
public sealed class SessionsProbeTests
{
    [Fact]
    public async Task Each_session_is_named_with_what_makes_way()
    {
        const string Rows = "session 7 of shop (cron)\u001fidle in transaction for 00:04:10: SELECT 1\u001f7\0session 8 of postgres (pg_dump)\u001fdumps it\u001f\0"
            + "session 9 of shop\u001fwaits for a lock of session 7 (cron, active): UPDATE\u001f7,10\0session 11 of shop\u001fwaits for a lock of session 0: UPDATE\u001f0\0hidden\u001f3\u001f\0";

        var answer = await LookAsync(new ScriptedEnd(0, Rows));

        var seen = Assert.IsType<SessionsReading>(Assert.Single(answer.Readings));
        Assert.Equal(("shop", 3), (seen.Database, seen.Hidden));
        Assert.Equal(
            [
                ("session 7 of shop (cron) idle in transaction for 00:04:10: SELECT 1", "it holds its locks until somebody ends it: docker compose --project-name shop --project-directory /srv/shop -f /srv/shop/docker-compose.yml --env-file /srv/shop/.env exec -T db psql --dbname=shop '--command=SELECT pg_terminate_backend(7)'"),
                ("session 8 of postgres (pg_dump) dumps it", "a migration would wait for it, and everybody else behind that: let it end"),
                ("session 9 of shop waits for a lock of session 7 (cron, active): UPDATE", "see what those sessions do, and end them when they may be ended: docker compose --project-name shop --project-directory /srv/shop -f /srv/shop/docker-compose.yml --env-file /srv/shop/.env exec -T db psql --dbname=shop '--command=SELECT pg_terminate_backend(7), pg_terminate_backend(10)'"),
                ("session 11 of shop waits for a lock of session 0: UPDATE", "it waits for a transaction that was prepared and not ended: see pg_prepared_xacts"),
            ],
            seen.Sessions.Select(s => (s.What, s.Way)));
    }

    [Fact]
    public async Task Where_nobody_is_in_the_way_that_is_known()
    {
        var seen = Assert.IsType<SessionsReading>(Assert.Single((await LookAsync(new ScriptedEnd(0))).Readings));

        Assert.Empty(seen.Sessions);
        Assert.Equal(0, seen.Hidden);
    }

    [Theory]
    [InlineData(0, "1\u001f2\u001f3\0", "the database answered something else")]
    [InlineData(0, "session 7 of shop\0", "the database answered something else")]
    [InlineData(1, "psql: error: connection to server failed\n", "database 'shop' gave no answer: psql: error: connection to server failed")]
    public async Task What_is_no_answer_is_not_called_nobody(int exit, string output, string problem)
    {
        var answer = await LookAsync(new ScriptedEnd(exit, output));

        Assert.Empty(answer.Readings);
        Assert.Equal($"who is in the way of a migration: {problem}", Assert.Single(answer.Problems));
    }

    private static Task<ProbeAnswer> LookAsync(ScriptedEnd answer) => new SessionsProbe().LookAsync((new AssessedWorld() with
    {
        Processes = new ScriptedProcesses(spec => Encoding.UTF8.GetString(spec.StandardInput.Span).Contains("pg_stat_activity", StringComparison.Ordinal) ? answer : throw new InvalidOperationException("it asked something else")),
    }).Sight(), TestContext.Current.CancellationToken);
}
