namespace Runbooks.Cli.Tests;

/// <summary>A Compose project with a real PostgreSQL server in a container and an application that is well when its query is answered.</summary>
internal sealed class DatabaseShop : IAsyncDisposable
{
    /// <summary>Before the migration that came with the bad release: it has made <c>note</c> required and renamed <c>total</c>.</summary>
    private const string Good = "CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL, note text); INSERT INTO orders SELECT i, i * 3, nullif('note ' || i, 'note 7') FROM generate_series(1, 2000) i;";

    internal const string Migration = "ALTER TABLE orders RENAME COLUMN total TO amount; ALTER TABLE orders ADD COLUMN discount int NOT NULL DEFAULT 0; CREATE INDEX orders_amount ON orders (amount);";

    /// <summary>What takes the migration back.</summary>
    internal const string Reverse = "-- Takes back what v1.2.4 did.\nDROP INDEX orders_amount;\nALTER TABLE orders DROP COLUMN discount;\nALTER TABLE orders RENAME COLUMN amount TO total;\n";

    private readonly Shop _shop;

    private DatabaseShop(Shop shop) => _shop = shop;

    internal Project Project => _shop.Project;

    internal Shop Shop => _shop;

    internal string Url => $"http://127.0.0.1:{_shop.Port}/health";

    /// <summary>The programs of PostgreSQL, the newest; null where there are none.</summary>
    private static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>The database is migrated, and the application, which does not know the new schema, is not well.</summary>
    /// <param name="folder">Files of the project below this folder are in the application's container, where programs start in it; null for none.</param>
    internal static Task<DatabaseShop> OpenAsync(string? folder = null, params (string Path, string Text)[] files) => OpenAsync(isElsewhere: false, folder, files);

    /// <param name="isElsewhere">As with <see cref="Cli.Tests.Elsewhere"/>.</param>
    internal static Task<DatabaseShop> OpenAsync(bool isElsewhere, string? folder = null, params (string Path, string Text)[] files) =>
        OpenAsync(place => isElsewhere ? Shop.OpenElsewhereAsync(place) : Shop.OpenAsync(place), folder, files);

    /// <param name="open">Opens a shop with these files.</param>
    internal static async Task<DatabaseShop> OpenAsync(Func<Func<ShopPlace, IEnumerable<(string Path, string Text)>>, Task<Shop>> open, string? folder = null, params (string Path, string Text)[] files)
    {
        Assert.SkipWhen(Programs is null, "needs the programs of a PostgreSQL server below /usr/lib/postgresql");
        var owner = await OwnerAsync();
        IEnumerable<(string Path, string Text)> Files(ShopPlace place) =>
            [
                .. files.Select(f => ($"{folder}/{f.Path}", f.Text)),
                ("answer", """
                    #!/bin/sh
                    read -r line
                    status="500 Internal Server Error"
                    psql --host=db --username=postgres --dbname=shop --no-psqlrc --quiet --command='SELECT total FROM orders LIMIT 1' >/dev/null && status="200 OK"
                    printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$status"
                    """),
                ("docker-compose.yml", $$"""
                    name: {{place.Name}}
                    x-programs: &programs
                      stop_grace_period: 1s
                      environment: { PATH: "{{Programs}}:/bin:/usr/bin:/{{folder}}/bin", PGHOST: /data, PGUSER: postgres }
                    services:
                      app:
                        <<: *programs
                        image: runbooks-test/app:bad   # the release in production
                        ports: ["127.0.0.1:{{place.Port}}:8080"]
                        volumes: ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "./answer:/app/answer:ro"{{(folder is null ? "" : $", \"./{folder}:/{folder}:ro\"")}}]
                        working_dir: /{{folder}}
                      worker:
                        image: runbooks-test/app:bad
                        stop_grace_period: 1s
                        command: [sh, -c, 'trap "exit 0" TERM; while :; do sleep 1 & wait; done']
                      db:
                        <<: *programs
                        image: runbooks-test/base:latest
                        user: "{{owner}}"
                        command:
                          - sh
                          - -euc
                          - |
                            initdb --pgdata=/data/db --auth=trust --encoding=UTF8 --locale=C --no-sync --username=postgres >/dev/null
                            echo 'host all all all trust' >>/data/db/pg_hba.conf
                            exec postgres -D /data/db -c listen_addresses='*' -c unix_socket_directories=/data -c fsync=off
                        tmpfs: ["/data:uid={{owner.Split(':')[0]}},gid={{owner.Split(':')[1]}},mode=0700"]
                        volumes: ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "/etc/passwd:/etc/passwd:ro"]
                    """),
            ];

        var shop = await open(Files);
        var opened = new DatabaseShop(shop);
        (await shop.Project.ProgramAsync("chmod", ["755", "answer", .. files.Where(f => f.Path.StartsWith("bin/", StringComparison.Ordinal)).Select(f => $"{folder}/{f.Path}")])).Expect(0);
        while ((await opened.PsqlAsync("postgres", "SELECT 1")).Exit != 0)
        {
            await Task.Delay(50, shop.Project.Cancellation);
        }

        (await opened.PsqlAsync("postgres", "CREATE DATABASE shop")).Expect(0);
        await opened.SqlAsync(Good);
        return opened;
    }

    /// <summary>What a query answers, fields by '|', rows by lines.</summary>
    internal async Task<string> SqlAsync(string sql) => (await PsqlAsync("shop", sql)).Expect(0).Out.Trim();

    /// <summary>Every row of the table, as its bytes.</summary>
    internal Task<string> RowsAsync() => SqlAsync("SELECT count(*) || ' ' || md5(string_agg(o::text, E'\\n' ORDER BY id)) FROM (SELECT * FROM orders) o");

    private Task<Finished> PsqlAsync(string database, string sql) =>
        _shop.ComposeAsync("exec", "-T", "db", "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", $"--dbname={database}", $"--command={sql}");

    private static async Task<string> OwnerAsync()
    {
        using var project = new Project();
        // The server refuses to run as root.
        var user = Environment.UserName == "root" ? "postgres" : Environment.UserName;
        var (uid, gid) = ((await project.ProgramAsync("id", "-u", user)).Expect(0).Out.Trim(), (await project.ProgramAsync("id", "-g", user)).Expect(0).Out.Trim());
        return $"{uid}:{gid}";
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();
}
