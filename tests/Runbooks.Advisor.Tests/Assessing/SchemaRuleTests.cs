using System.Collections.Immutable;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;

namespace Runbooks.Advisor.Tests.Assessing;

/// <summary>Whether the previous release works with the schema as it is, by what it starts and by what its source names.</summary>
public sealed class SchemaRuleTests
{
    private const string Adds = "op.add_column('orders', sa.Column('hint', sa.Text(), nullable=True))";
    private const string Removes = "op.drop_column('orders', 'hint')";

    private static readonly ImmutableArray<string> Migrates = ["sh", "-c", "alembic upgrade head && exec uvicorn app:app"];

    [Fact]
    public void A_release_that_migrates_before_it_serves_does_not_start_with_a_migration_that_it_does_not_have_though_that_only_adds()
    {
        var adds = BackupRuleTests.With([], Adds, Removes);
        Assert.Equal(Answer.Yes, adds.Assess().Facts.SchemaCompatible);

        var facts = Starting(adds, Migrates, Migrates).Assess().Facts;

        Assert.Equal(Answer.No, facts.SchemaCompatible);
        Assert.Contains(facts.Evidence, e => e.Fact == FactKeys.SchemaCompatible && e.Means.Contains("Can't locate revision", StringComparison.Ordinal));
        Assert.DoesNotContain(facts.Evidence, e => e.Means.Contains("the previous release works", StringComparison.Ordinal));
        var advice = new Adviser(BuiltinStrategies.All).Advise(facts);
        Assert.Equal("database", advice.Strategy);
        Assert.Contains("db-and-app-rollback.yml", advice.CommandLine, StringComparison.Ordinal);
    }

    [Fact]
    public void A_migration_that_cannot_be_taken_back_closes_the_way_to_such_a_release()
    {
        var facts = Starting(BackupRuleTests.With([]), Migrates, Migrates).Assess().Facts;

        Assert.Equal(Answer.No, facts.SchemaCompatible);
        Assert.Equal("none", new Adviser(BuiltinStrategies.All).Advise(facts).Strategy);
    }

    [Fact]
    public void What_it_started_then_must_be_what_it_starts_now_and_be_understood()
    {
        var adds = BackupRuleTests.With([], Adds, Removes);
        ImmutableArray<string> goesOn = ["sh", "-c", "alembic upgrade head || true; exec uvicorn app:app"];

        Assert.Equal(Answer.Yes, Starting(adds, ["uvicorn", "app:app"], Migrates).Assess().Facts.SchemaCompatible);
        Assert.Equal(Answer.Yes, Starting(adds, ["uvicorn", "app:app"], ["uvicorn", "app:app"]).Assess().Facts.SchemaCompatible);
        Assert.Equal(Answer.Unknown, Starting(adds, goesOn, goesOn).Assess().Facts.SchemaCompatible);
        Assert.Equal(Answer.Yes, (Starting(adds, Migrates, Migrates) with { More = [.. adds.More.Select(r => r is SchemaReading s ? s with { Schema = s.Schema with { Heads = ["a1"] } } : r)] }).Assess().Facts.SchemaCompatible);
    }

    [Theory]
    [InlineData(true, "b2 takes 'note' away, which the source of release r1 names: app/orders.py:7, app/mail.py:3 and 2 more", "look there")]
    [InlineData(false, "b2 takes 'note' away, which the source of release r1 does not name outside of its migrations", "is not seen")]
    public void What_the_source_names_is_said_and_decides_nothing(bool isNamed, string value, string means)
    {
        var seen = BackupRuleTests.With([]);
        SourceUseReading Use(string release, string migration) => new("git grep -w note 1111111111", Seen.Now, release, migration, "note", isNamed ? ["app/orders.py:7", "app/mail.py:3"] : [], isNamed ? 2 : 0);

        var facts = (seen with { More = [.. seen.More, Use("r1", "b2"), Use("r0", "b2"), Use("r1", "z9")] }).Assess().Facts;

        Assert.Equal(Answer.Unknown, facts.SchemaCompatible);
        var evidence = Assert.Single(facts.Evidence, e => e.Source.StartsWith("git grep", StringComparison.Ordinal));
        Assert.Equal((FactKeys.SchemaCompatible, value), (evidence.Fact, evidence.Value));
        Assert.EndsWith(means, evidence.Means, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, DataLoss.Certain, "3 rows have a value in orders.hint", "lost when b2 is taken back")]
    [InlineData(1_000_000, DataLoss.Certain, "at least 1,000,000 rows have a value in orders.hint", "lost when b2 is taken back")]
    [InlineData(0, DataLoss.Possible, "0 rows have a value in orders.hint", "nothing is lost as it is now when b2 is taken back")]
    public void Values_that_were_counted_make_a_loss_certain_and_that_there_are_none_now_promises_nothing(long count, DataLoss loss, string value, string means)
    {
        var adds = BackupRuleTests.With([], Adds, Removes);
        LostValuesReading Counted(string migration) => new("SELECT count(*)", Seen.Now, migration, "orders", "hint", count, 1_000_000);

        var facts = (adds with { More = [.. adds.More, Counted("b2"), Counted("z9")] }).Assess().Facts;

        Assert.Equal(loss, Assert.Single(facts.Migrations ?? []).DataLoss);
        var evidence = Assert.Single(facts.Evidence, e => e.Source.StartsWith("SELECT", StringComparison.Ordinal));
        Assert.Equal((FactKeys.Migrations, value, means), (evidence.Fact, evidence.Value, evidence.Means));
    }

    [Theory]
    [InlineData("op.drop_column('orders', 'note')", "note")]
    [InlineData("op.drop_table('orders')", "orders")]
    [InlineData("op.rename_table('orders', 'sales')", "orders")]
    [InlineData("op.alter_column('orders', 'total', new_column_name='amount')", "total")]
    [InlineData("op.alter_column('orders', 'total', nullable=False)", "")]
    [InlineData("op.execute('ALTER TABLE orders RENAME COLUMN total TO amount; ALTER TABLE orders DROP COLUMN IF EXISTS hint, ADD x int; DROP TABLE IF EXISTS shop.carts')", "total hint carts")]
    [InlineData("op.execute('ALTER TABLE shop.orders RENAME TO sales; ALTER TABLE orders DROP CONSTRAINT c; DROP INDEX i')", "orders")]
    [InlineData(Adds, "")]
    public void What_a_migration_takes_away_has_a_name(string forward, string names)
    {
        var read = MigrationReading.Read(MigrationTool.Alembic, [new("b2.py", $"from alembic import op\nimport sqlalchemy as sa\nrevision = 'b2'\ndown_revision = None\ndef upgrade():\n    {forward}\ndef downgrade():\n    pass\n")]);

        Assert.Equal(names, string.Join(' ', Assert.Single(read.Migrations).Forward.Gone));
    }

    [Fact]
    public void Fields_and_models_of_Django_have_names_too()
    {
        var read = MigrationReading.Read(MigrationTool.Django, [new("orders/migrations/0002_x.py", "from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies = []\n    operations = [migrations.RemoveField('order', 'note'), migrations.RenameField(model_name='order', old_name='total', new_name='amount'), migrations.DeleteModel(name='Cart')]\n")]);

        Assert.Equal(["note", "total", "Cart"], Assert.Single(read.Migrations).Forward.Gone);
    }

    /// <param name="then">What the application started with the good release.</param>
    private static Seen Starting(Seen seen, ImmutableArray<string> then, ImmutableArray<string> now) => seen with
    {
        Then = [.. seen.Then.Select(s => s.Name == "app" ? s with { Command = string.Join(' ', then) } : s)],
        Containers = [.. seen.Containers.Select(c => c.Labels["com.docker.compose.service"] == "app" ? c with { Command = now } : c)],
    };
}
