using System.Net;
using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>A migration that cannot be taken back, in a real PostgreSQL, and the dump from before it that a run has put on record.</summary>
public sealed class AssessBackupTests
{
    private const string Plain = "down_revision = None\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n";

    [Fact]
    public async Task The_dump_from_before_is_found_and_restored_by_the_command_that_is_advised()
    {
        await using var shop = await DatabaseShop.OpenAsync("migrations", ("alembic.ini", "[alembic]\nscript_location = .\n"), ("versions/a1.py", $"revision = 'a1'\n{Plain}"));
        shop.Project.Write("docker-compose.yml", shop.Shop.ComposeFile.Replace("app:bad   # the release in production", "app:good", StringComparison.Ordinal).Replace("app:bad", "app:good", StringComparison.Ordinal));
        shop.Project.Write("runbook.yml", $"project: v1\nservices: {{ app: {{ kind: application, health: '{shop.Url}' }}, worker: worker, db: database }}\nmigrations: {{ tool: alembic, folder: migrations, database: shop, service: db, user: postgres }}\nverify: {{ within: 10s, for: 200ms }}\n");
        shop.Project.Write("playbooks/db-restore.yml", File.ReadAllText(Testing.Repository.PathOf("playbooks", "db-restore.yml")));
        (await shop.Shop.ComposeAsync("up", "-d", "--timeout", "1")).Expect(0);
        await shop.SqlAsync("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('a1')");
        shop.Project.Write(".gitignore", ".runbook\n");
        foreach (var words in (string[][])[["init", "--quiet"], ["add", "."], ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "good"]])
        {
            (await shop.Project.ProgramAsync("git", words)).Expect(0);
        }

        (await shop.Project.RunAsync("release", "record")).Expect(0);
        (await shop.Project.RunAsync("release", "verify")).Expect(0);
        await ForgetAtTheEndAsync(shop);
        shop.Project.Playbook("steps: [ { id: save, backup: { postgres: { database: shop, service: db, user: postgres } } } ]\n", "save.yml");
        (await shop.Project.RunAsync("exec", "save.yml")).Expect(0);
        var before = await shop.RowsAsync();

        shop.Project.Write("migrations/versions/c3.py", $"from alembic import op\nrevision = 'c3'\n{Plain.Replace("None", "'a1'", StringComparison.Ordinal).Replace("pass\ndef downgrade():\n    pass", "op.drop_column('orders', 'total')\ndef downgrade():\n    raise NotImplementedError('gone')", StringComparison.Ordinal)}");
        await shop.SqlAsync("ALTER TABLE orders DROP COLUMN total; UPDATE alembic_version SET version_num = 'c3'");
        // It does not help, and is the newer one.
        (await shop.Project.RunAsync("exec", "save.yml")).Expect(0);
        var files = shop.Project.Snapshot();

        var seen = (await shop.Project.RunAsync("assess", "--format", "json")).Expect(0).Out;

        var dump = $".runbook/runs/{shop.Project.Records()[0].Id}/backups/0001-save.dump";
        using var facts = JsonDocument.Parse(seen);
        Assert.True(facts.RootElement.GetProperty("backup_available").GetBoolean(), seen);
        Assert.Equal(dump, facts.RootElement.GetProperty("vars").GetProperty("dump").GetString());
        Assert.Contains("1 migration was applied: c3; a verified backup from before is on record", seen, StringComparison.Ordinal);
        Assert.Matches("c3 takes 'total' away, which the source of release [^ ]+ names: answer:4", seen);
        Assert.Equal(files, shop.Project.Snapshot());

        shop.Project.Write("facts.json", seen);
        var advised = (await shop.Project.RunAsync("advise", "--facts", "facts.json")).Expect(0).Out;
        var command = advised.Split('\n').First(l => l.Contains("runbook exec ", StringComparison.Ordinal)).Trim().Split(' ');
        Assert.Equal(["runbook", "exec", "playbooks/db-restore.yml", "--var", $"dump={dump}", "--var", "database=shop"], command[..7]);
        (await shop.Project.RunAsync([.. command[1..], "--var", "settle=500ms", "--approve", "gate=alice"])).Expect(0);
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        Assert.Equal(before, await shop.RowsAsync());

        // The migration comes again, and what was saved is not what it was.
        await shop.SqlAsync("ALTER TABLE orders DROP COLUMN total; UPDATE alembic_version SET version_num = 'c3'");
        await File.AppendAllTextAsync(shop.Project.At(dump), "x", shop.Project.Cancellation);
        using var spoilt = JsonDocument.Parse((await shop.Project.RunAsync("assess", "--format", "json")).Expect(0).Out);
        Assert.Equal(JsonValueKind.Null, spoilt.RootElement.GetProperty("backup_available").ValueKind);
        Assert.Contains("it is no backup any more", spoilt.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("this backup is not from before the migrations", spoilt.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task ForgetAtTheEndAsync(DatabaseShop shop)
    {
        foreach (var name in (await shop.Shop.DockerAsync("ps", "--all", "--format", "{{.Names}}", "--filter", $"name=runbook-anchor.{shop.Shop.Name}.")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            shop.Shop.AtTheEnd("rm", "-f", name);
        }

        foreach (var image in (await shop.Shop.DockerAsync("images", "--format", "{{.Repository}}:{{.Tag}}", $"runbook.local/{shop.Shop.Name}/*")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            shop.Shop.AtTheEnd("rmi", image);
        }
    }
}
