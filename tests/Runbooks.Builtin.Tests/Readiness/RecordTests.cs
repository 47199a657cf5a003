using System.Collections.Immutable;
using Runbooks.Builtin.Readiness.Images;
using Runbooks.Builtin.Readiness.Migrations;
using Runbooks.Builtin.Readiness.Previous;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Readiness;

/// <summary>What goes by the record of releases.</summary>
public sealed class RecordTests
{
    private const string Migrating = "project: v1\nservices: { app: application }\nmigrations: { tool: golang-migrate, folder: m, database: shop }\n";
    private static readonly ReleaseAuthor By = new("o", "h", "", "");

    [Fact]
    public async Task The_images_of_the_previous_release_are_asked_for_by_their_ids()
    {
        var shop = new ReadyShop { Docker = new DockerAnswers().Container(ReadyShop.App with { ImageId = "sha256:now" }).Image("app:1", "sha256:then") };
        Record(shop, Release("1", "sha256:then"), Release("2", "sha256:now"));

        Assert.Equal(VerdictKind.Holds, (await shop.AskAsync(new PreviousItem())).Kind);
        var answer = await shop.AskAsync(new ImagesItem());
        Assert.Equal((VerdictKind.Holds, "the image of release 1 is on this machine; one of them is kept by nothing"), (answer.Kind, answer.Summary));
        Assert.Equal("runbook release verify 1", Assert.Single(answer.Fixes).Command);

        var gone = new ReadyShop { Docker = new DockerAnswers().Container(ReadyShop.App with { ImageId = "sha256:now" }) };
        Record(gone, Release("1", "sha256:then"), Release("2", "sha256:now"));
        Assert.Equal(VerdictKind.DoesNotHold, (await gone.AskAsync(new ImagesItem())).Kind);
    }

    [Fact]
    public async Task A_record_that_was_altered_is_not_believed()
    {
        var shop = new ReadyShop();
        Record(shop, Release("1", "sha256:then"), Release("2", "sha256:now"));
        shop.Files.With(Journal, shop.Files.TextOf(Journal).Replace("sha256:then", "sha256:them", StringComparison.Ordinal));

        var answer = await shop.AskAsync(new PreviousItem());

        Assert.Equal(VerdictKind.DoesNotHold, answer.Kind);
        Assert.Contains("line 1", Assert.Single(answer.Seen).Value, StringComparison.Ordinal);
        Assert.Equal(VerdictKind.Unknown, (await shop.AskAsync(new ImagesItem())).Kind);
    }

    [Theory]
    [InlineData("2\u001f\0", "ALTER TABLE a RENAME COLUMN y TO x;", VerdictKind.Holds, "")]
    [InlineData("2\u001f\0", null, VerdictKind.DoesNotHold, "2 has no way back")]
    [InlineData("1\u001f\0", null, VerdictKind.DoesNotHold, "2 has no way back")]
    [InlineData("2\u001fhalf done (dirty)\0", "ALTER TABLE a RENAME COLUMN y TO x;", VerdictKind.Unknown, "2 is half done (dirty)")]
    [InlineData("", "ALTER TABLE a RENAME COLUMN y TO x;", VerdictKind.Unknown, "gave no answer")]
    [InlineData("9\u001f\0", "ALTER TABLE a RENAME COLUMN y TO x;", VerdictKind.Unknown, "no file brings migration 9")]
    public async Task The_database_is_asked_where_it_is_and_the_files_how_it_comes_back(string rows, string? down, VerdictKind kind, string said)
    {
        var shop = new ReadyShop { Project = Migrating, Database = rows, Docker = new DockerAnswers().Container(ReadyShop.App with { ImageId = "sha256:now" }) };
        shop.Files.With($"{ReadyShop.Folder}/m/1_a.up.sql", "CREATE TABLE a (x int);").With($"{ReadyShop.Folder}/m/1_a.down.sql", "DROP TABLE a;").With($"{ReadyShop.Folder}/m/2_b.up.sql", "ALTER TABLE a RENAME COLUMN x TO y;");
        _ = down is null ? shop.Files : shop.Files.With($"{ReadyShop.Folder}/m/2_b.down.sql", down);
        Record(shop, Release("1", "sha256:then") with { Schema = new ReleasedSchema("golang-migrate", "shop", ["1"], []) }, Release("2", "sha256:now"));

        var answer = await shop.AskAsync(new MigrationsItem());

        Assert.Equal(kind, answer.Kind);
        Assert.Contains(said, answer.Summary, StringComparison.Ordinal);
        Assert.True(kind == VerdictKind.Holds || answer.Fixes.Length > 0, "there is no fix");
    }

    [Fact]
    public async Task A_release_that_does_not_know_its_migration_leaves_it_open()
    {
        var shop = new ReadyShop { Project = Migrating, Docker = new DockerAnswers().Container(ReadyShop.App with { ImageId = "sha256:now" }) };
        shop.Files.With($"{ReadyShop.Folder}/m/1_a.up.sql", "CREATE TABLE a (x int);");
        Record(shop, Release("1", "sha256:then"), Release("2", "sha256:now"));

        Assert.Contains("is not on record", (await shop.AskAsync(new MigrationsItem())).Summary, StringComparison.Ordinal);
    }

    private static string Journal => $"{ReadyShop.Folder}/.runbook/{ReleaseFiles.Journal}";

    /// <summary>All but the last were verified to be well.</summary>
    private static void Record(ReadyShop shop, params Release[] releases)
    {
        var bytes = ImmutableArray.CreateBuilder<byte>();
        foreach (var release in releases)
        {
            Add(new ReleaseRecorded { Release = release.Id, By = By, Reason = "", State = release });
            if (release != releases[^1])
            {
                Add(new ReleaseVerified { Release = release.Id, By = By, Verdict = VerdictKind.Holds, Checks = [] });
            }
        }

        shop.Files.With(Journal, [.. bytes]);

        void Add(ReleaseEvent entry) => bytes.AddRange(ReleaseCodec.Next(ReleaseCodec.Read([.. bytes]), entry, DateTimeOffset.UnixEpoch));
    }

    private static Release Release(string id, string image) => new() { Id = id, Project = "shop", Services = [new ServiceSnapshot { Name = "app", Containers = 1, ImageId = image, Reference = $"app:{id}" }] };
}
