using System.Collections.Immutable;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Tests.Changes;

/// <summary>What a difference of two revisions means.</summary>
public sealed class ChangeComparisonTests
{
    [Theory]
    [InlineData("\"image\": \"app:1\"", "\"image\": \"app:2\"", ChangeKind.Application, "image", "app:1 → app:2")]
    [InlineData("\"image\": \"app@sha256:11\"", "\"image\": \"app@sha256:22\"", ChangeKind.Application, "image", "app@sha256:11 → app@sha256:22")]
    [InlineData("\"build\": {\"context\": \".\", \"args\": {\"V\": \"hmac:1\"}}", "\"build\": {\"context\": \".\", \"args\": {\"V\": \"hmac:2\"}}", ChangeKind.Application, "build", "build argument V changed")]
    [InlineData("\"environment\": {\"LOG_LEVEL\": \"hmac:1\"}", "\"environment\": {\"LOG_LEVEL\": \"hmac:2\"}", ChangeKind.Configuration, "env", "LOG_LEVEL changed")]
    [InlineData("\"environment\": {}", "\"environment\": {\"A\": \"hmac:2\"}", ChangeKind.Configuration, "env", "A added")]
    [InlineData("\"environment\": {\"A\": \"hmac:2\"}", "\"environment\": null", ChangeKind.Configuration, "env", "A removed")]
    [InlineData("\"environment\": {\"FEATURE_CART\": \"hmac:1\"}", "\"environment\": {\"FEATURE_CART\": \"hmac:2\"}", ChangeKind.FeatureFlag, "env", "FEATURE_CART changed")]
    [InlineData("\"command\": [\"hmac:1\"]", "\"command\": [\"hmac:2\"]", ChangeKind.Configuration, "command", "command changed")]
    [InlineData("\"command\": [\"hmac:1\", \"hmac:2\"]", "\"command\": [\"hmac:2\", \"hmac:1\"]", ChangeKind.Configuration, "command", "command changed")]
    [InlineData("\"ports\": [{\"target\": 80, \"published\": \"8080\"}]", "\"ports\": [{\"target\": 80, \"published\": \"8081\"}]", ChangeKind.Infrastructure, "port", "8081:80/tcp added")]
    [InlineData("\"networks\": {\"a\": null}", "\"networks\": {\"b\": null}", ChangeKind.Infrastructure, "network", "b added")]
    [InlineData("\"volumes\": [{\"type\": \"volume\", \"source\": \"a\", \"target\": \"/d\"}]", "\"volumes\": [{\"type\": \"volume\", \"source\": \"b\", \"target\": \"/d\"}]", ChangeKind.Infrastructure, "volume", "mount at /d changed: volume a → volume b")]
    [InlineData("\"mem_limit\": \"1\"", "\"mem_limit\": \"2\"", ChangeKind.Infrastructure, "limit", "mem_limit changed: 1 → 2")]
    [InlineData("\"deploy\": {\"resources\": {\"limits\": {\"cpus\": 1}}}", "\"deploy\": {\"resources\": {\"limits\": {\"cpus\": 2}}}", ChangeKind.Infrastructure, "limit", "deploy.resources.limits.cpus changed: 1 → 2")]
    [InlineData("\"restart\": \"no\"", "\"restart\": \"always\"", ChangeKind.Infrastructure, "service", "restart changed: no → always")]
    [InlineData("\"depends_on\": {}", "\"depends_on\": {\"db\": {\"condition\": \"service_started\", \"required\": true}}", ChangeKind.Infrastructure, "service", "depends_on.db added")]
    public void A_difference_of_a_service_has_a_kind_and_is_named(string was, string now, ChangeKind kind, string area, string text)
    {
        var report = ChangeComparison.Between(Revision.Of($"\"app\": {{{was}}}"), Revision.Of($"\"app\": {{{now}}}"));

        Assert.Contains(report.Changes, c => c.Kind == kind && c.Area == area && c.Subject == "app" && c.Text == text);
        Assert.All(report.Changes, c => Assert.Equal(kind, c.Kind));
        Assert.Empty(report.Unknown);
    }

    [Fact]
    public void A_service_that_came_or_went_is_a_change_of_the_infrastructure()
    {
        var report = ChangeComparison.Between(Revision.Of("\"old\": {\"image\": \"a:1\"}"), Revision.Of("\"new\": {\"image\": \"a:1\"}"));

        Assert.Equal([("new", "added, with image a:1"), ("old", "removed")], report.Changes.Select(c => (c.Subject, c.Text)));
        Assert.All(report.Changes, c => Assert.Equal(InfrastructureKind.Compose, c.Infrastructure));
    }

    [Theory]
    [InlineData("postgres:15.2", "postgres:16.1", ChangeKind.Database)]
    [InlineData("postgres:15.2", "postgres:15.4", ChangeKind.Infrastructure)]
    [InlineData("postgres:15.2", "postgres:alpine", ChangeKind.Database)]
    public void Another_major_version_of_what_keeps_data_is_a_migration_without_a_file(string was, string now, ChangeKind kind)
    {
        var databases = ImmutableSortedSet.Create("db");
        var report = ChangeComparison.Between(Revision.Of($"\"db\": {{\"image\": \"{was}\"}}") with { Databases = databases }, Revision.Of($"\"db\": {{\"image\": \"{now}\"}}") with { Databases = databases });

        Assert.Equal(kind, Assert.Single(report.Changes).Kind);
        Assert.Equal(kind == ChangeKind.Database, ChangesJson.Write(report).Contains($"\"id\": \"db: {was} → {now}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_behind_a_mount_is_configuration_of_each_service_that_has_it()
    {
        const string Services = "\"a\": {\"volumes\": [{\"type\": \"bind\", \"source\": \"./conf\", \"target\": \"/etc/conf\"}]}, \"b\": {\"volumes\": [{\"type\": \"bind\", \"source\": \"./conf/x\", \"target\": \"/x\", \"read_only\": true}]}";
        var report = ChangeComparison.Between(Revision.Of(Services, "", ("conf/x", "1"), ("README.md", "1")), Revision.Of(Services, "", ("conf/x", "2"), ("README.md", "2")));

        Assert.Equal([("a", "conf/x")], report.Changes.Where(c => c.Inside == "/etc/conf/x").Select(c => (c.Subject, c.Item)));
        Assert.All(report.Changes, c => Assert.Equal((ChangeKind.Configuration, "config"), (c.Kind, c.Area)));
        Assert.Equal(("config", "conf/x", "changed"), report.Files.Select(f => (f.Role, f.Path, f.Text)).Single());
    }

    [Fact]
    public void A_file_that_an_image_is_built_from_makes_another_image_and_a_file_about_the_project_does_not()
    {
        const string Services = "\"app\": {\"build\": {\"context\": \".\"}}";
        var report = ChangeComparison.Between(Revision.Of(Services, "", ("src/a.py", "1"), ("README.md", "1"), ("compose.yaml", "1")) with { ComposeFiles = ["compose.yaml"] },
            Revision.Of(Services, "", ("src/a.py", "2"), ("README.md", "2"), ("compose.yaml", "2")) with { ComposeFiles = ["compose.yaml"] });

        Assert.Equal((ChangeKind.Application, "1 of the files that it is built from changed: src/a.py"), report.Changes.Select(c => (c.Kind, c.Text)).Single());
    }

    [Fact]
    public void What_hangs_on_something_that_is_in_no_file_is_unknown_and_never_no_change()
    {
        var open = Revision.Of("\"app\": {\"image\": \"app:x\", \"environment\": {\"A\": \"hmac:1\"}}");
        open = open with { Model = open.Model is { } model ? model with { Unresolved = [new UnresolvedValue("app", "image", "TAG is set in no file of the revision")] } : null };
        var report = ChangeComparison.Between(open, Revision.Of("\"app\": {\"image\": \"app:2\", \"environment\": {\"A\": \"hmac:1\"}}"));

        Assert.Empty(report.Changes);
        Assert.Equal(["image of app: TAG is set in no file of the revision"], report.Unknown.Select(g => g.Why));
        Assert.False(report.AreKindsComplete);
        Assert.Contains("\"changes\": null", ChangesJson.Write(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app", true)]
    [InlineData("app:latest", true)]
    [InlineData("registry:5000/app", true)]
    [InlineData("app:latest@sha256:11", false)]
    [InlineData("app:1.2", false)]
    public void An_image_whose_name_moves_may_be_another_though_its_name_is_the_same(string image, bool isUnknown)
    {
        var report = ChangeComparison.Between(Revision.Of($"\"app\": {{\"image\": \"{image}\"}}"), Revision.Of($"\"app\": {{\"image\": \"{image}\"}}"));

        Assert.Equal(isUnknown, report.Unknown.Any(g => g.Could is [ChangeKind.Application]));
        Assert.Empty(report.Changes);
    }

    [Fact]
    public void Each_migration_that_came_has_a_kind_and_the_statement_that_makes_it_so()
    {
        var was = Revision.Of("").WithMigrations(("m/1_a.up.sql", "CREATE TABLE a (x int);"), ("m/1_a.down.sql", "DROP TABLE a;"));
        var now = Revision.Of("").WithMigrations(
            ("m/1_a.up.sql", "CREATE TABLE a (x int);"), ("m/1_a.down.sql", "DROP TABLE a;"),
            ("m/2_b.up.sql", "ALTER TABLE a ADD COLUMN y int;"), ("m/2_b.down.sql", "ALTER TABLE a DROP COLUMN y;"),
            ("m/3_c.up.sql", "-- all of it\nALTER TABLE a DROP COLUMN x;"), ("m/3_c.down.sql", "ALTER TABLE a ADD COLUMN x int;"),
            ("m/4_d.up.sql", "CREATE TABLE d (x int);"),
            ("m/5_e.up.sql", "FROBNICATE TABLE a;"), ("m/5_e.down.sql", "FROBNICATE TABLE b;"));

        var report = ChangeComparison.Between(was, now);

        Assert.Equal([MigrationImpact.Additive, MigrationImpact.Destructive, MigrationImpact.Irreversible, MigrationImpact.Unknown], report.Migrations.Select(m => m.Kind));
        Assert.Equal(("m/3_c.up.sql", 2, "ALTER TABLE a DROP COLUMN x"), report.Migrations.Where(m => m.Kind == MigrationImpact.Destructive).Select(m => (m.Because?.File, m.Because?.Line, m.Because?.Text?.TrimEnd(';'))).Single());
        Assert.Equal([ChangeKind.Database], report.Kinds);
    }

    [Fact]
    public void A_migration_that_says_something_else_than_before_is_unknown_and_one_with_another_comment_is_not()
    {
        var was = Revision.Of("").WithMigrations(("m/1_a.up.sql", "CREATE TABLE a (x int);"), ("m/1_a.down.sql", "DROP TABLE a;"));
        var comment = Revision.Of("").WithMigrations(("m/1_a.up.sql", "-- said\nCREATE TABLE a (x int);"), ("m/1_a.down.sql", "DROP TABLE a;"));
        var other = Revision.Of("").WithMigrations(("m/1_a.up.sql", "CREATE TABLE a (x text);"), ("m/1_a.down.sql", "DROP TABLE a;"));

        Assert.Empty(ChangeComparison.Between(was, comment).Unknown);
        Assert.Contains("something else", Assert.Single(ChangeComparison.Between(was, other).Unknown).Why, StringComparison.Ordinal);
        Assert.Contains("is gone", Assert.Single(ChangeComparison.Between(was, Revision.Of("").WithMigrations()).Unknown).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FEATURE_CART", true)]
    [InlineData("ENABLE_BETA", true)]
    [InlineData("FF_CART", true)]
    [InlineData("FLAGD_IMAGE", false)]
    [InlineData("FEATURE_FLAG_SERVICE_PORT", false)]
    [InlineData("FLAGD_PORT", false)]
    [InlineData("LOG_LEVEL", false)]
    public void A_variable_is_a_flag_by_its_name_and_names_mislead(string name, bool isFlag) => Assert.Equal(isFlag, FlagNames.IsOne(name));
}
