namespace Runbooks.Cli.Tests;

/// <summary>Deployments that a migration broke, on a real engine with a real PostgreSQL: what is seen of each, what is advised, and that the advised command mends it.</summary>
public sealed class BrokenDatabaseTests(BrokenDatabaseShop shop) : IClassFixture<BrokenDatabaseShop>
{
    private const string Approved = "gate=alice";
    private const string Save = "steps: [ { id: save, backup: { postgres: { database: shop, service: db, user: postgres }, to: before.dump } } ]\n";

    [Fact]
    public async Task A_migration_that_only_adds_stays_and_the_application_goes_back()
    {
        await shop.AsItWasAsync();
        shop.Migration("op.add_column('orders', sa.Column('hint', sa.Text(), nullable=True))", "op.drop_column('orders', 'hint')");
        shop.Edit("docker-compose.yml", "app:good\n    ports", "app:bad2\n    ports");
        await DeployAsync();

        await shop.SeenAsync("""{"changes":["application","database"],"migrations":[{"id":"b2","reversible":true,"data_loss":"possible"}],"schema_compatible":true,"target_image_present":true}""");

        await shop.TakenBackAsync("application", "app-rollback");
        Assert.Equal("b2", await shop.Database.SqlAsync("SELECT version_num FROM alembic_version"));
    }

    [Fact]
    public async Task A_column_under_another_name_goes_back_before_the_application()
    {
        await shop.AsItWasAsync();
        var before = await shop.Database.RowsAsync();
        shop.Edit("docker-compose.yml", "app:good", "app:bad2");
        await DeployAsync();

        await shop.SeenAsync("""{"changes":["application","database"],"schema_compatible":null,"system_state":"degraded","traffic":"production","cause_in_release":true}""");

        await shop.TakenBackAsync("database", "db-and-app-rollback", "--approve", Approved);
        Assert.Equal(before, await shop.Database.RowsAsync());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task Values_in_a_column_that_goes_back_are_counted_before_they_are_lost()
    {
        await shop.AsItWasAsync();
        shop.Migration("op.execute('ALTER TABLE orders RENAME COLUMN total TO amount; ALTER TABLE orders ADD COLUMN hint text')", "op.execute('ALTER TABLE orders DROP COLUMN hint; ALTER TABLE orders RENAME COLUMN amount TO total')");
        shop.Edit("docker-compose.yml", "app:good", "app:bad2");
        await DeployAsync();
        await shop.Database.SqlAsync("UPDATE orders SET hint = 'by courier' WHERE id <= 17");

        var seen = await shop.SeenAsync("""{"changes":["application","database"],"migrations":[{"id":"b2","reversible":true,"data_loss":"certain"}]}""");
        Assert.Contains("17 rows have a value in orders.hint", Seen.Text(seen), StringComparison.Ordinal);

        var advice = await shop.TakenBackAsync("database", "db-and-app-rollback", "--approve", Approved);
        Assert.Contains("taking back b2 loses data: the dump that is made before it is then the only copy", Seen.Text(advice), StringComparison.Ordinal);
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_migration_without_a_release_of_the_application()
    {
        await shop.AsItWasAsync();
        var before = await shop.Database.RowsAsync();
        await shop.MigrateAsync("head");

        await shop.SeenAsync("""{"changes":["database"],"system_state":"degraded","traffic":"production"}""");

        await shop.TakenBackAsync("database", "db-migration-rollback", "--approve", Approved);
        Assert.Equal(before, await shop.Database.RowsAsync());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task Somebody_who_has_read_a_table_and_thinks_about_it_is_not_waited_for_and_the_site_stays_as_it_was()
    {
        await shop.AsItWasAsync();
        var before = await shop.Database.RowsAsync();
        await shop.MigrateAsync("head");
        var thinker = await HeldSession.IdleAsync(shop.Database);

        // It has only just begun: nobody would call that a trouble.
        await shop.SeenAsync("""{"changes":["database"],"database_busy":false,"tried":[]}""");

        var started = await shop.InspectAsync("app", "{{.Id}} {{.State.StartedAt}}");
        var advice = await shop.AdviseAsync();
        var run = (await shop.ExecAsync(advice, "--approve", Approved, "--var", "lock_timeout=300ms")).Expect(1);
        Assert.Contains("canceling statement due to lock timeout", run.Said, StringComparison.Ordinal);
        Assert.Equal(started, await shop.InspectAsync("app", "{{.Id}} {{.State.StartedAt}}"));
        Assert.Equal("2000", await shop.Database.SqlAsync("SET lock_timeout = '1s'; SELECT count(*) FROM orders"));

        var seen = await shop.SeenAsync("""{"changes":["database"],"migrations":[{"id":"b2","reversible":true,"data_loss":"certain"}],"system_state":"degraded"}""");
        Assert.Equal("failed", Seen.Value(Assert.Single(seen.GetProperty("tried").EnumerateArray()), "outcome"));
        await shop.NotRolledBackAsync("none", "canceling statement due to lock timeout");

        (await thinker.EndAsync()).Expect(0);
        await shop.ForgetAsync("tried");
        await shop.TakenBackAsync("database", "db-migration-rollback", "--approve", Approved);
        Assert.Equal(before, await shop.Database.RowsAsync());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task Who_is_in_the_way_of_a_migration_is_named_before_it_is_taken_back_and_so_is_what_ends_it()
    {
        await shop.AsItWasAsync();
        var before = await shop.Database.RowsAsync();
        shop.Edit("docker-compose.yml", "app:good", "app:bad2");
        await DeployAsync();
        var thinker = await HeldSession.OpenAsync(shop.Database, "thinker", "state = 'idle in transaction' AND query LIKE 'UPDATE%'", "BEGIN", "UPDATE orders SET note = 'a' WHERE id = 1");
        var waiter = await HeldSession.OpenAsync(shop.Database, "waiter", "wait_event_type = 'Lock'", "UPDATE orders SET note = 'b' WHERE id = 1");

        await shop.SeenAsync("""{"changes":["application","database"],"database_busy":true,"traffic":"production"}""");

        var advice = await shop.AdviseAsync();
        Assert.Equal("database", Seen.Value(advice, "strategy"));
        var (number, waits) = (await thinker.NumberAsync(), await waiter.NumberAsync());
        var who = $"session {waits} of postgres (waiter) waits for a lock of session {number} (thinker, idle in transaction): UPDATE";
        Assert.Contains(who, Assert.Single(advice.GetProperty("blocked_by").EnumerateArray()).GetString(), StringComparison.Ordinal);
        var first = advice.GetProperty("order")[0].GetString() ?? "";
        Assert.StartsWith($"make way in the database: {who}", first, StringComparison.Ordinal);
        var refused = (await shop.ExecAsync(advice, "--approve", Approved)).Expect(3);
        Assert.Contains($"waits for a lock of session {number}", refused.Said, StringComparison.Ordinal);

        // What was refused has changed nothing: it counts as no try.
        (await shop.Project.ProgramAsync("bash", "-c", first[first.IndexOf("docker compose", StringComparison.Ordinal)..])).Expect(0);
        await thinker.EndAsync();
        (await waiter.EndAsync()).Expect(0);
        await shop.Database.SqlAsync("UPDATE orders SET note = 'note 1' WHERE id = 1");
        await shop.SeenAsync("""{"database_busy":false,"tried":[]}""");
        await shop.TakenBackAsync("database", "db-and-app-rollback", "--approve", Approved);
        Assert.Equal(before, await shop.Database.RowsAsync());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_migration_that_cannot_be_taken_back_and_a_backup_that_is_not_whole_any_more()
    {
        await shop.AsItWasAsync();
        shop.Project.Playbook(Save, ".runbook/save.yml");
        (await shop.Project.RunAsync("exec", ".runbook/save.yml")).Expect(0);
        using (var dump = File.OpenWrite(shop.Project.At("before.dump")))
        {
            dump.SetLength(dump.Length / 2);
        }

        shop.Migration("op.drop_column('orders', 'total')", "raise NotImplementedError('gone')");
        await DeployAsync();

        var seen = await shop.SeenAsync("""{"changes":["database"],"backup_available":null}""");
        Assert.Contains("before.dump", Seen.Text(seen), StringComparison.Ordinal);

        var advice = await shop.NotRolledBackAsync("none", "irreversible-migration");
        Assert.Contains("go forward", Seen.Text(advice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_cannot_be_taken_back_and_the_backup_from_before_it()
    {
        await shop.AsItWasAsync();
        var before = await shop.Database.RowsAsync();
        shop.Project.Playbook(Save, ".runbook/save.yml");
        (await shop.Project.RunAsync("exec", ".runbook/save.yml")).Expect(0);
        shop.Migration("op.drop_column('orders', 'total')", "raise NotImplementedError('gone')");
        await DeployAsync();

        await shop.SeenAsync("""{"changes":["database"],"backup_available":true,"system_state":"degraded"}""");

        var advice = await shop.TakenBackAsync("database", "db-restore", "--approve", Approved);
        Assert.Contains("before.dump", Seen.Value(advice, "command"), StringComparison.Ordinal);
        Assert.Equal(before, await shop.Database.RowsAsync());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_migration_that_cannot_be_taken_back_and_the_image_that_brought_it_go_back_by_one_command()
    {
        await shop.AsItWasAsync();
        var before = await shop.Database.RowsAsync();
        shop.Project.Playbook(Save, ".runbook/save.yml");
        (await shop.Project.RunAsync("exec", ".runbook/save.yml")).Expect(0);
        shop.Migration("op.drop_column('orders', 'total')", "raise NotImplementedError('gone')");
        shop.Edit("docker-compose.yml", "app:good", "app:bad2");
        await DeployAsync();

        await shop.SeenAsync("""{"changes":["application","database"],"migrations":[{"id":"b2","reversible":false,"data_loss":"unknown"}],"backup_available":true,"system_state":"degraded"}""");

        await shop.TakenBackAsync("database", "sequential-rollback", "--approve", "restore/gate=alice", "--approve", "gate_application=alice");
        Assert.Equal(before, await shop.Database.RowsAsync());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task Everything_at_once_goes_back_one_after_the_other()
    {
        await shop.AsItWasAsync();
        var before = await shop.Database.RowsAsync();
        shop.Edit("docker-compose.yml", "app:good", "app:bad2");
        shop.Edit("docker-compose.yml", "  worker:\n", "  worker:\n    mem_limit: 100m\n");
        await DeployAsync();

        await shop.SeenAsync("""{"changes":["application","infrastructure","database"],"system_state":"degraded"}""");

        await shop.TakenBackAsync("sequential", "sequential-rollback", "--approve", "database/gate=alice", "--approve", "gate_application=alice", "--approve", "gate_infrastructure=alice");
        Assert.Equal(before, await shop.Database.RowsAsync());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_database_at_a_migration_that_is_in_no_file()
    {
        await shop.AsItWasAsync();
        await shop.Database.SqlAsync("UPDATE alembic_version SET version_num = 'f00d'");

        var seen = await shop.SeenAsync("""{"changes":["database"],"migrations":[{"id":"f00d","reversible":null,"data_loss":"unknown"}]}""");
        Assert.Contains("f00d", Seen.Text(seen), StringComparison.Ordinal);

        await shop.NotRolledBackAsync("inconclusive", "can the migration f00d be taken back?");
    }

    [Fact]
    public async Task A_migration_that_is_half_done()
    {
        await shop.AsItWasAsync();
        shop.Edit("runbook.yml", "tool: alembic, folder: migrations", "tool: golang-migrate, folder: sql");
        shop.Project.Write("sql/000001_orders.up.sql", "SELECT 1;\n");
        shop.Project.Write("sql/000001_orders.down.sql", "SELECT 1;\n");
        await shop.Database.SqlAsync("CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); INSERT INTO schema_migrations VALUES (1, false)");
        await shop.Release.CommitAsync("another tool");
        await shop.AnotherGoodAsync();
        shop.Project.Write("sql/000002_amount.up.sql", "ALTER TABLE orders RENAME COLUMN total TO amount;\nSELECT no_such FROM orders;\n");
        shop.Project.Write("sql/000002_amount.down.sql", "ALTER TABLE orders RENAME COLUMN amount TO total;\n");
        await shop.Release.CommitAsync("the failed release");
        await shop.Database.SqlAsync("UPDATE schema_migrations SET version = 2, dirty = true; ALTER TABLE orders RENAME COLUMN total TO amount");

        var seen = await shop.SeenAsync("""{"changes":["database"],"migrations":[{"id":"2","reversible":null,"data_loss":"unknown"}],"system_state":"degraded"}""");
        Assert.Contains("half done (dirty)", Seen.Text(seen), StringComparison.Ordinal);

        await shop.NotRolledBackAsync("inconclusive", "can the migration 2 be taken back?");
    }

    [Fact]
    public async Task A_previous_release_that_migrates_before_it_starts_would_not_start_with_the_schema_of_the_next()
    {
        await shop.AsItWasAsync();
        // Each release has its own migrations in its image, and what it answers hangs on it.
        File.Delete(shop.Project.At("migrations/versions/b2.py"));
        shop.Edit("answer", "psql --host", "[ \"$APP_HEALTH\" = 200 ] && psql --host");
        shop.Edit("docker-compose.yml", ", \"./migrations:/migrations:ro\"", "");
        var good = await shop.ImageAsync("good", "ENV APP_HEALTH=200", folder: "migrations");
        shop.Edit("docker-compose.yml", "runbooks-test/app:good\n    ports", $"{good}\n    command: [sh, -c, 'alembic upgrade head && exec /bin/sh /app/serve']\n    ports");
        await shop.DeployAsync();
        await shop.AnotherGoodAsync();
        var before = await shop.Database.RowsAsync();
        shop.Migration("op.add_column('orders', sa.Column('hint', sa.Text(), nullable=True))", "op.drop_column('orders', 'hint')");
        shop.Edit("docker-compose.yml", good, await shop.ImageAsync("next", "ENV APP_HEALTH=500", folder: "migrations"));
        await shop.DeployAsync();
        while (await shop.Database.SqlAsync("SELECT version_num FROM alembic_version") != "b2")
        {
            await Task.Delay(50, shop.Project.Cancellation);
        }

        // Nothing but a column was added, and for Alembic the database is at a migration that the previous release has not got.
        await shop.SeenAsync("""{"changes":["application","database"],"schema_compatible":false,"system_state":"degraded"}""");

        await shop.TakenBackAsync("database", "db-and-app-rollback", "--approve", Approved);
        Assert.Equal(before, await shop.Database.RowsAsync());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task Whether_it_could_go_back_is_known_before_anything_is_broken()
    {
        await shop.AsItWasAsync();

        var (without, _) = await ReadyAsync("backups");
        shop.Project.Playbook(Save, ".runbook/save.yml");
        (await shop.Project.RunAsync("exec", ".runbook/save.yml")).Expect(0);
        var (with, said) = await ReadyAsync("backups");
        Assert.Equal(("not-ready", "ready"), (without, with));
        Assert.Contains("before.dump", said, StringComparison.Ordinal);

        Assert.Equal("not-ready", (await ReadyAsync("migrations")).Answer);
        shop.Migration("op.add_column('orders', sa.Column('hint', sa.Text(), nullable=True))", "op.drop_column('orders', 'hint')");
        Assert.Equal("ready", (await ReadyAsync("migrations")).Answer);
        shop.Migration("op.drop_column('orders', 'total')", "raise NotImplementedError('gone')");
        (var stuck, said) = await ReadyAsync("migrations");
        Assert.Equal("not-ready", stuck);
        Assert.Contains("b2", said, StringComparison.Ordinal);
    }

    /// <summary>What is said of an item before a deployment.</summary>
    private async Task<(string Answer, string Said)> ReadyAsync(string item)
    {
        using var ready = System.Text.Json.JsonDocument.Parse((await shop.Project.RunAsync("ready", "--to", "current", "--format", "json")).Out);
        var found = ready.RootElement.GetProperty("items").EnumerateArray().First(i => Seen.Value(i, "item") == item);
        return (Seen.Value(found, "answer"), Seen.Text(found));
    }

    /// <summary>Migrates, then deploys.</summary>
    private async Task DeployAsync()
    {
        await shop.Release.CommitAsync("the failed release");
        await shop.MigrateAsync("head");
        (await shop.UpAsync()).Expect(0);
    }
}
