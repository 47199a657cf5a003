using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Probes;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>How much would be lost if the migrations since the good release were taken back.</summary>
public sealed class LossProbeTests
{
    [Fact]
    public async Task Values_and_rows_of_what_the_way_back_takes_away_are_counted_and_the_database_is_asked_in_a_transaction_that_cannot_write()
    {
        var asked = new List<string>();
        var world = World("op.drop_column('orders', 'hint')\n    op.execute('DROP TABLE IF EXISTS shop.carts; ALTER TABLE shop.orders DROP COLUMN note; UPDATE orders SET x = 1; TRUNCATE carts')", spec =>
        {
            asked.Add(spec);
            return new ScriptedEnd(0, spec.Contains("hint", StringComparison.Ordinal) ? "17\0" : "0\0");
        });

        var answer = await new LossProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(answer.Problems);
        Assert.Equal([("b2", "orders", "hint", 17L), ("b2", "shop.carts", null, 0L), ("b2", "shop.orders", "note", 0L)], answer.Readings.Cast<LostValuesReading>().Select(r => (r.Migration, r.Table, r.Column, r.Count)));
        Assert.All(asked, a => Assert.Contains("BEGIN TRANSACTION READ ONLY;\nSET LOCAL statement_timeout = 4000;", a, StringComparison.Ordinal));
        Assert.Contains("SELECT count(*) FROM (SELECT 1 AS one FROM \"orders\" WHERE \"hint\" IS NOT NULL LIMIT 1000000) AS counted", asked[0], StringComparison.Ordinal);
        Assert.Contains("FROM \"shop\".\"carts\" LIMIT", asked[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "many\0", "the database answered something else")]
    [InlineData(0, "", "the database answered something else")]
    [InlineData(1, "ERROR:  relation \"orders\" does not exist\n", "database 'shop' gave no answer: ERROR:  relation \"orders\" does not exist")]
    public async Task What_is_not_counted_is_not_known(int exit, string output, string problem)
    {
        var answer = await new LossProbe().LookAsync(World("op.drop_column('orders', 'hint')", _ => new ScriptedEnd(exit, output)).Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(answer.Readings);
        Assert.StartsWith("how many values of orders.hint are lost when b2 is taken back: ", Assert.Single(answer.Problems), StringComparison.Ordinal);
        Assert.EndsWith(problem, Assert.Single(answer.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("op.drop_column('or\"; DROP TABLE x; --', 'hint')")]
    [InlineData("op.drop_column('orders', 'hint OR 1=1')")]
    public async Task A_name_that_is_more_than_a_name_is_asked_of_no_database(string back)
    {
        var answer = await new LossProbe().LookAsync(World(back, _ => throw new InvalidOperationException("it was asked")).Sight(), TestContext.Current.CancellationToken);

        Assert.EndsWith("its name is none that can be asked for", Assert.Single(answer.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("op.create_index('i', 'orders', ['total'])")]
    [InlineData("raise NotImplementedError()")]
    public async Task Where_nothing_goes_or_nothing_can_go_back_nothing_is_counted(string back)
    {
        var answer = await new LossProbe().LookAsync(World(back, _ => throw new InvalidOperationException("it was asked")).Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(answer.Readings);
        Assert.Empty(answer.Problems);
    }

    /// <summary>The database is at b2, which came after the good release.</summary>
    /// <param name="count">What it answers to what else it is asked.</param>
    private static AssessedWorld World(string back, Func<string, ScriptedEnd> count) => new AssessedWorld
    {
        Processes = new ScriptedProcesses(spec => System.Text.Encoding.UTF8.GetString(spec.StandardInput.Span) switch
        {
            var sql when sql.Contains("count(*)", StringComparison.Ordinal) => count(sql),
            var sql when sql.Contains("server_version", StringComparison.Ordinal) => new ScriptedEnd(0, "15.4\0"),
            _ => new ScriptedEnd(0, "b2\u001f\0"),
        }),
    }.With($"{AssessedWorld.Folder}/migrations/versions/b2.py", $"from alembic import op\nrevision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    pass\ndef downgrade():\n    {back}\n");
}
