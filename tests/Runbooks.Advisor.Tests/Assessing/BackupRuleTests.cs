using System.Collections.Immutable;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Tests.Assessing;

/// <summary>Whether there is a backup from before the migrations, by what the dumps on record say.</summary>
public sealed class BackupRuleTests
{
    private const string Dump = ".runbook/runs/1/backups/shop.dump";

    private static BackupSight Whole { get; } = new("1", Seen.Deployed.AddHours(-1), Dump, "3 tables and 20 entries in all, read to its end by pg_restore");

    /// <summary>Each with what is on record, and what is said of it.</summary>
    private static readonly ImmutableArray<(string Name, ImmutableArray<BackupSight> Backups, Answer Is, string Said)> Cases =
    [
        ("the database in it is where the good release had it", [Whole with { Heads = ["a1"] }], Answer.Yes, "it is from before the migrations; what was written since then is not in it"),
        ("a newer one is from after the migration", [Whole with { Run = "2", Path = "after.dump", Heads = ["b2"] }, Whole with { Heads = ["a1"] }], Answer.Yes, Dump),
        ("it is from after the migration", [Whole with { Heads = ["b2"] }], Answer.Unknown, "this backup is not from before the migrations"),
        ("it is from another time altogether", [Whole with { Heads = ["0z"] }], Answer.Unknown, "this backup is not from before the migrations"),
        ("the file is gone", [Whole with { Problem = "the file is gone" }], Answer.Unknown, "the file is gone, it is no backup any more"),
        ("the file is gone, and somebody read its table before", [Whole with { Problem = "the file is gone", Heads = ["a1"] }], Answer.Unknown, "it is no backup any more"),
        ("whether it is whole cannot be told", [Whole with { Doubt = "permission denied", Heads = ["a1"] }], Answer.Unknown, "whether it is whole cannot be told: permission denied"),
        ("its table cannot be read, and it was made in between", [Whole with { WhyNoHeads = "pg_restore took too long" }], Answer.Unknown, "it may be from before the migrations, unless somebody migrated earlier; at which migration the database in it is could not be read: pg_restore took too long"),
        ("its table cannot be read, and it was made afterwards", [Whole with { At = Seen.Now.AddMinutes(-1), WhyNoHeads = "x" }], Answer.Unknown, "it is hardly from before the migrations"),
        ("its table cannot be read, and it is old", [Whole with { At = Seen.Deployed.AddDays(-9), WhyNoHeads = "x" }], Answer.Unknown, "before release r1 was verified"),
        ("there is none", [], Answer.Unknown, "no verified backup of 'shop' is on record here; there may be one elsewhere"),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_the_dump_itself_says_that_it_is_from_before(string name)
    {
        var (_, backups, expected, said) = Cases.Single(c => c.Name == name);

        var assessment = With(backups).Assess();

        Assert.Equal(expected, assessment.Facts.BackupAvailable);
        Assert.Equal(expected == Answer.Yes, assessment.Facts.Vars.ContainsKey("dump"));
        Assert.Contains(assessment.Facts.Evidence, e => e.Fact == FactKeys.BackupAvailable && $"{e.Value}, {e.Means}".Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_migration_that_cannot_be_taken_back_is_gone_back_from_by_the_dump_that_is_from_before()
    {
        var unchanged = new Seen();
        ImmutableArray<BackupSight> backups = [Whole with { Heads = ["a1"] }];
        var onlyTheDatabase = With(backups) with { Containers = [.. unchanged.Containers.Select(c => c with { ImageReference = c.ImageReference.Replace("v2", "v1", StringComparison.Ordinal), ImageId = c.ImageId.Replace("bbb", "aaa", StringComparison.Ordinal) })], ModelNow = unchanged.ModelThen };

        var (alone, both, without) = (Advise(onlyTheDatabase), Advise(With(backups)), Advise(onlyTheDatabase with { More = [.. onlyTheDatabase.More.Where(r => r is not BackupsReading)] }));

        Assert.Equal("database", alone.Strategy);
        Assert.Contains($"playbooks/db-restore.yml --var dump={Dump} --var database=shop --var services=app,worker", alone.CommandLine, StringComparison.Ordinal);
        Assert.Contains(both.Way.Order, o => o.Contains($"restore the backup {Dump} into a new database", StringComparison.Ordinal));
        Assert.Equal("none", without.Strategy);
    }

    [Fact]
    public void Where_it_cannot_be_compared_nothing_is_promised()
    {
        ImmutableArray<BackupSight> backups = [Whole with { Heads = ["a1"] }];
        var newer = new Seen();

        Assert.Equal(Answer.Unknown, (With(backups) with { Schema = null }).Assess().Facts.BackupAvailable);
        Assert.Equal(Answer.Unknown, (With(backups) with { Standing = ReleaseStanding.Candidate }).Assess().Facts.BackupAvailable);
        Assert.Equal(Answer.Unknown, (With(backups) with { Schema = new ReleasedSchema("alembic", "other", ["a1"], []) }).Assess().Facts.BackupAvailable);
        Assert.Equal(Answer.Unknown, (With(backups) with
        {
            Containers = [.. newer.Containers.Select(c => c.ImageReference == "postgres:15" ? c with { ImageReference = "postgres:16", ImageId = "sha256:eee" } : c)],
            ModelNow = newer.ModelNow.Replace("postgres:15", "postgres:16", StringComparison.Ordinal),
        }).Assess().Facts.BackupAvailable);
    }

    [Fact]
    public void Where_nothing_was_migrated_backups_are_no_matter()
    {
        var seen = With([Whole with { Heads = ["a1"] }]);

        var assessment = (seen with { More = [.. seen.More.Select(r => r is SchemaReading s ? s with { Schema = At("a1") } : r)] }).Assess();

        Assert.Equal(Answer.Unknown, assessment.Facts.BackupAvailable);
        Assert.DoesNotContain(assessment.Facts.Evidence, e => e.Fact == FactKeys.BackupAvailable);
    }

    private static Advice Advise(Seen seen) => new Adviser(BuiltinStrategies.All).Advise(seen.Assess().Facts);

    private static ReleasedSchema At(string head) => new("alembic", "shop", [head], []);

    /// <summary>A migration was applied that takes a column away and cannot be taken back.</summary>
    internal static Seen With(ImmutableArray<BackupSight> backups, string forward = "op.drop_column('orders', 'note')", string back = "raise NotImplementedError('gone')") => new()
    {
        Migrations = "migrations: { tool: alembic, folder: migrations, database: shop, service: db }\n",
        Schema = At("a1"),
        More =
        [
            Seen.Http(500),
            new SchemaReading("the migration table of the database 'shop'", Seen.Now, At("b2")),
            new MigrationFilesReading("the files in migrations", Seen.Now, "migrations", MigrationReading.Read(MigrationTool.Alembic,
            [
                new("migrations/a1.py", "revision = 'a1'\ndown_revision = None\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n"),
                new("migrations/b2.py", $"from alembic import op\nimport sqlalchemy as sa\nrevision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    {forward}\ndef downgrade():\n    {back}\n"),
            ])),
            new BackupsReading("the runs on record", Seen.Now, "shop", backups) { Tool = "alembic" },
        ],
    };
}
