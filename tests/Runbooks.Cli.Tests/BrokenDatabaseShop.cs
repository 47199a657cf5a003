namespace Runbooks.Cli.Tests;

/// <summary>An application and its worker with a real PostgreSQL, whose migrations Alembic makes from the image of the application.</summary>
public sealed class BrokenDatabaseShop : BrokenShop
{
    private const string Template = "shop_as_it_was";

    private DatabaseShop? _database;

    internal DatabaseShop Database => _database ?? throw new InvalidOperationException("it is opened before the first test");

    internal override async Task<ReleaseShop> OpenAsync()
    {
        var database = await MigratedShop.OpenAsync(MigratedShop.Alembic, files => Shop.OpenAsync(files));
        _database = database;
        var project = database.Project;
        project.Write(".gitignore", ".runbook\n*.dump\n__pycache__\n");
        project.Write("docker-compose.yml", database.Shop.ComposeFile.Replace("app:bad   # the release in production", "app:good", StringComparison.Ordinal).Replace("app:bad", "app:good", StringComparison.Ordinal));
        project.Write("runbook.yml", $$"""
            project: v1
            services:
              app: { kind: application, health: "{{database.Url}}" }
              worker: worker
              db: database
            migrations: { tool: alembic, folder: migrations, database: shop, service: db, user: postgres }
            verify: { within: 10s, for: 200ms }
            """);
        (await database.Shop.ComposeAsync("up", "-d", "--timeout", "1")).Expect(0);
        await MigrateAsync("a1");
        await TakeAsync(Template, "shop");
        return await ReleaseShop.OfAsync(database.Shop, "app", "worker", "db");
    }

    /// <summary>The database of each test is the one of the good release.</summary>
    internal override async Task AsItWasAsync()
    {
        await base.AsItWasAsync();
        while ((await PsqlAsync("SELECT 1")).Exit != 0)
        {
            await Task.Delay(50, Project.Cancellation);
        }

        foreach (var name in (await PsqlAsync($"SELECT datname FROM pg_database WHERE NOT datistemplate AND datname NOT IN ('postgres', '{Template}')")).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            (await PsqlAsync($"DROP DATABASE \"{name}\" WITH (FORCE)")).Expect(0);
        }

        await TakeAsync("shop", Template);
        foreach (var dump in Directory.GetFiles(Project.Folder, "*.dump"))
        {
            File.Delete(dump);
        }
    }

    /// <summary>By the image of the application.</summary>
    internal async Task MigrateAsync(string revision) => (await Database.Shop.ComposeAsync("run", "--rm", "--no-deps", "-T", "--entrypoint", "alembic", "app", "upgrade", revision)).Expect(0);

    /// <summary>A migration after the first, in the place of the one that renames a column.</summary>
    internal void Migration(string up, string down) =>
        Project.Write("migrations/versions/b2.py", $"from alembic import op\nimport sqlalchemy as sa\nrevision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    {up}\ndef downgrade():\n    {down}\n");

    /// <summary>Makes the database's copy of another, with nobody in either.</summary>
    private async Task TakeAsync(string name, string from) => (await PsqlAsync($"CREATE DATABASE {name} TEMPLATE {from}")).Expect(0);

    private Task<Finished> PsqlAsync(string sql) => Database.Shop.ComposeAsync("exec", "-T", "db", "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--dbname=postgres", $"--command={sql}");
}
