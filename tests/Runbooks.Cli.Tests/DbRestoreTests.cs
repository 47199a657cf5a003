using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>After a migration that destroyed data, a dump takes the place of the database, which is kept, in a real PostgreSQL server in a container.</summary>
public sealed class DbRestoreTests
{
    internal const string Destruction = "ALTER TABLE orders DROP COLUMN total; DELETE FROM orders WHERE id > 1500; INSERT INTO orders VALUES (9001, 'written since');";

    [Fact]
    public async Task Every_row_of_the_dump_is_there_again_and_the_old_database_is_kept()
    {
        await using var shop = await OpenAsync(isElsewhere: true);
        var before = await shop.RowsAsync();
        await shop.SqlAsync(Destruction);
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.Shop.HealthAsync());

        (await ExecAsync(shop)).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        Assert.Equal(before, await shop.RowsAsync());
        Assert.Equal("1501 written since", (await shop.Shop.ComposeAsync("exec", "-T", "db", "psql", "-qAtd", "shop_before_restore", "-c", "SELECT count(*) || ' ' || max(note) FILTER (WHERE id = 9001) FROM orders")).Expect(0).Out.Trim());
        var shown = System.Text.Encoding.UTF8.GetString(shop.Project.Records()[^1].IsWhole().OutputOf("now")) + System.Text.Encoding.UTF8.GetString(shop.Project.Records()[^1].OutputOf("then"));
        Assert.Equal("public.orders 1501\npublic.orders 2000\n", shown);

        // Taken back much later, when the application has written into it: neither the one nor the other is lost.
        await shop.SqlAsync("INSERT INTO orders VALUES (9002, 5, 'sold since')");
        (await shop.Project.RunAsync("undo", shop.Project.Records()[^1].Id)).Expect(0);

        Assert.Equal("1501", await shop.SqlAsync("SELECT count(*) FROM orders"));
        var kept = (await DatabasesAsync(shop)).Split(',')[^1];
        Assert.Equal("2001", (await shop.Shop.ComposeAsync("exec", "-T", "db", "psql", "-qAtd", kept, "-c", "SELECT count(*) FROM orders")).Expect(0).Out.Trim());
    }

    [Fact]
    public async Task An_application_that_is_not_well_with_the_dump_gets_the_old_database_again()
    {
        await using var shop = await OpenAsync("ALTER TABLE orders RENAME COLUMN total TO sum");
        await shop.SqlAsync("ALTER TABLE orders RENAME COLUMN sum TO total; INSERT INTO orders VALUES (9001, 5, 'written since')");
        var (rows, app) = (await shop.RowsAsync(), await shop.Shop.ContainerAsync("app"));
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());

        var run = (await ExecAsync(shop, "--var", "patience=5s")).Expect(4);

        Assert.Equal(Conclusion.Undone, shop.Project.Records()[^1].IsWhole().State.Ended?.Conclusion);
        Assert.Equal(rows, await shop.RowsAsync());
        Assert.Equal(app, await shop.Shop.ContainerAsync("app"));
        // The application may have written into what was restored, and that is nowhere else.
        var kept = System.Text.RegularExpressions.Regex.Match(await DatabasesAsync(shop), @"^postgres,shop,(shop_until_\d{8}T\d{6})$").Groups[1].Value;
        Assert.Contains($"what was restored, with what was written into it since, is kept as {kept}", run.Said, StringComparison.Ordinal);
        Assert.NotEqual("", kept);
        Assert.Contains("the application answers 200", run.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_that_is_cut_off_leaves_everything_as_it_was()
    {
        await using var shop = await OpenAsync();
        await shop.SqlAsync(Destruction);
        var whole = await File.ReadAllBytesAsync(shop.Project.At("before.dump"), shop.Project.Cancellation);
        await File.WriteAllBytesAsync(shop.Project.At("before.dump"), whole[..^4000], shop.Project.Cancellation);
        var (rows, app) = (await shop.RowsAsync(), await shop.Shop.ContainerAsync("app"));

        (await ExecAsync(shop)).Expect(4);

        Assert.Equal(rows, await shop.RowsAsync());
        Assert.Equal(app, await shop.Shop.ContainerAsync("app"));
        Assert.Equal("postgres,shop", await DatabasesAsync(shop));
    }

    [Fact]
    public async Task Somebody_who_is_still_connected_keeps_the_databases_as_they_are()
    {
        await using var shop = await OpenAsync();
        await shop.SqlAsync(Destruction);
        var connected = shop.Shop.ComposeAsync("exec", "-T", "db", "psql", "--no-psqlrc", "--quiet", "--dbname=shop", "--command=SELECT 1", @"--command=\! while test ! -e /data/go; do sleep 0.1; done");
        while (await shop.SqlAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = 'shop' AND pid <> pg_backend_pid()") == "0")
        {
            await Task.Delay(20, shop.Project.Cancellation);
        }

        var run = (await ExecAsync(shop)).Expect(4);

        Assert.Contains("is being accessed by other users", run.Said, StringComparison.Ordinal);
        Assert.Equal("postgres,shop", await DatabasesAsync(shop));
        (await shop.Shop.ComposeAsync("exec", "-T", "db", "touch", "/data/go")).Expect(0);
        (await connected).Expect(0);
    }

    [Fact]
    public async Task A_second_restore_does_not_take_the_place_of_what_the_first_kept()
    {
        await using var shop = await OpenAsync();
        await shop.SqlAsync(Destruction);
        (await ExecAsync(shop)).Expect(0);

        var again = (await ExecAsync(shop)).Expect(3);

        Assert.Contains("the names shop_restored and shop_before_restore are free", again.Said, StringComparison.Ordinal);
        Assert.Equal("postgres,shop,shop_before_restore", await DatabasesAsync(shop));
    }

    /// <summary>A shop with a dump of its database.</summary>
    internal static Task<DatabaseShop> OpenAsync(string first = "SELECT 1", bool isElsewhere = false) => OpenAsync(files => isElsewhere ? Shop.OpenElsewhereAsync(files) : Shop.OpenAsync(files), first);

    /// <param name="open">Opens a shop with these files.</param>
    internal static async Task<DatabaseShop> OpenAsync(Func<Func<ShopPlace, IEnumerable<(string Path, string Text)>>, Task<Shop>> open, string first = "SELECT 1")
    {
        var shop = await DatabaseShop.OpenAsync(open);
        await shop.SqlAsync(first);
        shop.Project.Playbook($"steps: [ {{ id: save, backup: {{ postgres: {{ database: shop, service: db, user: postgres{shop.Shop.Elsewhere?.Fields} }}, to: before.dump }} }} ]\n", "save.yml");
        (await shop.Project.RunAsync("exec", "save.yml")).Expect(0);
        return shop;
    }

    internal static async Task<string> DatabasesAsync(DatabaseShop shop) =>
        (await shop.Shop.ComposeAsync("exec", "-T", "db", "psql", "-qAtd", "postgres", "-c", "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE NOT datistemplate")).Expect(0).Out.Trim();

    internal static Task<Finished> ExecAsync(DatabaseShop shop, params string[] more) => shop.Project.RunAsync(
    [
        "exec", Repository.PathOf("playbooks", "db-restore.yml"), "--var", "dump=before.dump", "--var", "database=shop", "--var", "services=app,worker", "--var", $"url={shop.Url}", "--var", "settle=500ms", "--approve", "gate=alice", .. shop.Shop.ElsewhereWords, .. more,
    ]);
}
