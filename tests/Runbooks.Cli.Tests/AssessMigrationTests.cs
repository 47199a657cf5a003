using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>Migrations that came with a bad release, in a real PostgreSQL, as <c>runbook assess</c> sees them.</summary>
public sealed class AssessMigrationTests
{
    private const string Head = "from alembic import op\nimport sqlalchemy as sa\n";

    [Fact]
    public async Task What_only_adds_stays_and_what_cannot_be_taken_back_closes_the_way()
    {
        await using var shop = await DatabaseShop.OpenAsync("migrations", ("alembic.ini", "[alembic]\nscript_location = .\n"), ("versions/a1.py", "revision = 'a1'\ndown_revision = None\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n"));
        shop.Project.Write("docker-compose.yml", shop.Shop.ComposeFile.Replace("app:bad   # the release in production", "app:good", StringComparison.Ordinal).Replace("app:bad", "app:good", StringComparison.Ordinal));
        shop.Project.Write("runbook.yml", $"project: v1\nservices: {{ app: application, worker: worker, db: database }}\nmigrations: {{ tool: alembic, folder: migrations, database: shop, service: db, user: postgres }}\nverify: {{ within: 10s, for: 200ms }}\n");
        (await shop.Shop.ComposeAsync("up", "-d", "--timeout", "1")).Expect(0);
        await shop.SqlAsync("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('a1')");
        (await shop.Project.RunAsync("release", "record")).Expect(0);
        (await shop.Project.RunAsync("release", "verify")).Expect(0);
        foreach (var name in (await shop.Shop.DockerAsync("ps", "--all", "--format", "{{.Names}}", "--filter", $"name=runbook-anchor.{shop.Shop.Name}.")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            shop.Shop.AtTheEnd("rm", "-f", name);
        }

        foreach (var image in (await shop.Shop.DockerAsync("images", "--format", "{{.Repository}}:{{.Tag}}", $"runbook.local/{shop.Shop.Name}/*")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            shop.Shop.AtTheEnd("rmi", image);
        }

        shop.Project.Write("migrations/versions/b2.py", $"{Head}revision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    op.add_column('orders', sa.Column('hint', sa.Text(), nullable=True))\ndef downgrade():\n    op.drop_column('orders', 'hint')\n");
        await DeployBadAsync(shop, "b2");

        var (seen, strategy) = await AssessAsync(shop);

        Assert.Equal("b2", Assert.Single(seen.GetProperty("migrations").EnumerateArray()).GetProperty("id").GetString());
        Assert.True(seen.GetProperty("schema_compatible").GetBoolean());
        Assert.Equal(["application", "database"], seen.GetProperty("changes").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal("sequential", strategy);

        shop.Project.Write("migrations/versions/c3.py", $"{Head}revision = 'c3'\ndown_revision = 'b2'\ndef upgrade():\n    op.drop_column('orders', 'note')\ndef downgrade():\n    raise NotImplementedError('gone')\n");
        await DeployBadAsync(shop, "c3");

        (seen, strategy) = await AssessAsync(shop);

        Assert.Equal("""[{"id":"c3","reversible":false},{"id":"b2","reversible":true}]""", JsonSerializer.Serialize(seen.GetProperty("migrations").EnumerateArray().Select(m => new { id = m.GetProperty("id").GetString(), reversible = m.GetProperty("reversible").GetBoolean() })));
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("schema_compatible").ValueKind);
        Assert.Contains("c3 was applied: migrations/versions/c3.py:8: raise NotImplementedError", seen.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("inconclusive", strategy);
    }

    private static async Task DeployBadAsync(DatabaseShop shop, string head)
    {
        await shop.SqlAsync($"UPDATE alembic_version SET version_num = '{head}'");
        shop.Project.Write("docker-compose.yml", shop.Shop.ComposeFile.Replace("app:good", "app:bad", StringComparison.Ordinal));
        (await shop.Shop.ComposeAsync("up", "-d", "--timeout", "1")).Expect(0);
    }

    private static async Task<(JsonElement Seen, string Strategy)> AssessAsync(DatabaseShop shop)
    {
        var ended = (await shop.Project.RunAsync("assess", "--format", "json")).Expect(0);
        shop.Project.Write("facts.json", ended.Out);
        using var seen = JsonDocument.Parse(ended.Out);
        using var advice = JsonDocument.Parse((await shop.Project.RunAsync("advise", "--facts", "facts.json", "--format", "json")).Out);
        return (seen.RootElement.Clone(), advice.RootElement.GetProperty("strategy").GetString() ?? "");
    }
}
