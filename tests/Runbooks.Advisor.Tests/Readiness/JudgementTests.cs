using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Readiness;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;

namespace Runbooks.Advisor.Tests.Readiness;

/// <summary>What is ready, not ready and unknown, by what was seen.</summary>
public sealed class JudgementTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly ReleaseAuthor By = new("o", "h", "", "");

    [Fact]
    public void One_part_that_is_not_ready_counts_more_than_one_that_is_unknown_and_nothing_is_not_ready()
    {
        Assert.Equal(VerdictKind.DoesNotHold, ReadyAnswer.Of([Part(VerdictKind.Unknown), Part(VerdictKind.DoesNotHold), Part(VerdictKind.Holds)], "all").Kind);
        Assert.Equal(VerdictKind.Unknown, ReadyAnswer.Of([Part(VerdictKind.Unknown), Part(VerdictKind.Holds)], "all").Kind);
        Assert.Equal((VerdictKind.Holds, "all"), (ReadyAnswer.Of([Part(VerdictKind.Holds)], "all").Kind, ReadyAnswer.Of([Part(VerdictKind.Holds)], "all").Summary));
        Assert.Equal("DoesNotHold", ReadyAnswer.Of([Part(VerdictKind.Unknown), Part(VerdictKind.DoesNotHold)], "all").Summary);
        Assert.Equal(VerdictKind.Unknown, new ReadyReport("p", "/p", "", Now, []).Verdict);

        static ReadyPart Part(VerdictKind kind) => new(kind, $"{kind}");
    }

    [Fact]
    public void The_release_to_go_back_to_is_the_previous_one_that_was_verified_and_is_still_well()
    {
        Assert.Equal((VerdictKind.DoesNotHold, "no release is on record"), Target(true));
        Assert.Equal((VerdictKind.DoesNotHold, "no release before what is deployed was verified"), Target(true, State("1")));
        Assert.Equal((VerdictKind.Holds, "release 1, verified 2026-01-02 00:00:00Z"), Target(true, State("1", VerdictKind.Holds), State("2")));
        Assert.Equal((VerdictKind.Unknown, "which release is deployed cannot be told: no engine"), Target(null, State("1", VerdictKind.Holds), State("2")));
        Assert.Equal((VerdictKind.Holds, "release 2, verified 2026-01-02 00:00:00Z"), Target(false, State("1", VerdictKind.Holds), State("2", VerdictKind.Holds)));
        Assert.Equal(VerdictKind.DoesNotHold, Target(true, State("1", VerdictKind.Holds) with { LastVerified = new ReleaseVerified { Release = "1", By = By, Verdict = VerdictKind.DoesNotHold, Checks = [] } }, State("2")).Kind);
    }

    [Fact]
    public void Before_a_deployment_it_is_what_is_deployed_that_would_be_gone_back_to()
    {
        var history = new ReleaseHistory([State("1", VerdictKind.Holds)]) { IsCurrentDeployed = true };

        Assert.Equal(VerdictKind.Holds, TargetJudgement.Of("j", history, "", "current").Answer.Kind);
        Assert.Equal("what is deployed is on no record: app runs another image", TargetJudgement.Of("j", history with { IsCurrentDeployed = false }, "app runs another image", "current").Answer.Summary);
        Assert.Equal("release 2 was never verified to be well", TargetJudgement.Of("j", new ReleaseHistory([State("2")]) { IsCurrentDeployed = true }, "", "current").Answer.Summary);
        Assert.Contains("there is no release 'x'", TargetJudgement.Of("j", history, "", "x").Answer.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "", VerdictKind.Holds, "")]
    [InlineData(true, "container a is gone", VerdictKind.Holds, "runbook release verify 1")]
    [InlineData(false, "", VerdictKind.DoesNotHold, "docker pull app@sha256:d")]
    [InlineData(null, "", VerdictKind.Unknown, "docker version")]
    public void An_image_that_is_gone_is_pulled_by_its_digest(bool? isHere, string notKept, VerdictKind kind, string command)
    {
        var answer = ImageJudgement.Of("1", "", [new TargetImage(Service("app"), isHere, "no engine", notKept)]);

        Assert.Equal(kind, answer.Kind);
        Assert.Equal(command, answer.Fixes.FirstOrDefault()?.Command ?? "");
    }

    [Theory]
    [InlineData("CREATE TABLE b (x int);", "DROP TABLE b;", VerdictKind.Holds, "can be lived with or taken back")]
    [InlineData("CREATE TABLE b (x int);", null, VerdictKind.DoesNotHold, "2 has no way back")]
    [InlineData("ALTER TABLE a RENAME COLUMN x TO y;", "ALTER TABLE a RENAME COLUMN y TO x;", VerdictKind.Holds, "taken back without losing a value")]
    [InlineData("ALTER TABLE a DROP COLUMN x;", "ALTER TABLE a ADD COLUMN x int;", VerdictKind.DoesNotHold, "taking it back loses values")]
    [InlineData("ALTER TABLE a RENAME COLUMN x TO y;", "SELECT put_it_back();", VerdictKind.Unknown, "was not understood")]
    public void A_migration_is_lived_with_or_taken_back_without_loss(string up, string? down, VerdictKind kind, string summary)
    {
        var answer = Migrated(up, down, ["2"], ["1"], "");

        Assert.Equal(kind, answer.Kind);
        Assert.Contains(summary, answer.Summary, StringComparison.Ordinal);
        Assert.True(kind == VerdictKind.Holds || answer.Fixes.Length > 0, "there is no fix");
    }

    [Fact]
    public void Migrations_that_are_only_in_the_files_count_and_where_the_database_is_must_be_known()
    {
        Assert.Equal(VerdictKind.DoesNotHold, Migrated("DROP TABLE a;", null, ["1"], ["1"], "").Kind);
        Assert.Equal(VerdictKind.Unknown, Migrated("CREATE TABLE b (x int);", "DROP TABLE b;", [], ["1"], "no server").Kind);
        Assert.Equal(VerdictKind.DoesNotHold, Migrated("DROP TABLE a;", null, [], ["1"], "no server").Kind);
        Assert.Contains("no file brings migration 7", Migrated("CREATE TABLE b (x int);", "DROP TABLE b;", ["7"], ["1"], "").Summary, StringComparison.Ordinal);
        Assert.Equal("no migration came after release 5", Migrated("CREATE TABLE b (x int);", "DROP TABLE b;", ["2"], ["2"], "").Summary);
    }

    [Theory]
    [InlineData(2, "", "", VerdictKind.Holds, "verified, made 2 hours ago by run r2")]
    [InlineData(25, "", "", VerdictKind.DoesNotHold, "the newest verified backup is 25 hours old, and may be 1d")]
    [InlineData(2, "the file is gone", "", VerdictKind.DoesNotHold, "no backup on record is whole: that of run r2: the file is gone")]
    [InlineData(2, "", "permission denied", VerdictKind.Unknown, "whether the backup of run r2 is whole cannot be told: permission denied")]
    public void A_backup_is_young_and_whole(int hours, string problem, string doubt, VerdictKind kind, string summary)
    {
        var answer = BackupJudgement.Of([new BackupOnRecord("r2", "save", Now.AddHours(-hours), "/b", "3 tables", problem, doubt)], [], Now, TimeSpan.FromDays(1), "runbook exec playbooks/save.yml");

        Assert.Equal((kind, summary), (answer.Kind, answer.Summary));
        Assert.Equal(kind == VerdictKind.Holds ? null : "runbook exec playbooks/save.yml", answer.Fixes.FirstOrDefault()?.Command);
    }

    [Fact]
    public void No_backup_at_all_is_told_and_so_is_a_run_that_is_not_believed()
    {
        var answer = BackupJudgement.Of([], [new Sighting("run r1", "its journal was altered")], Now, TimeSpan.FromDays(1), "");

        Assert.Equal((VerdictKind.DoesNotHold, "run r1"), (answer.Kind, Assert.Single(answer.Seen).Source));
    }

    [Theory]
    [InlineData(Conclusion.Succeeded, true, false, "s", VerdictKind.Holds, "back succeeded in run r1 of 2026-01-10 12:00:00Z")]
    [InlineData(Conclusion.Succeeded, true, false, "other", VerdictKind.Unknown, "back was changed since run r1")]
    [InlineData(Conclusion.Succeeded, true, true, "s", VerdictKind.Unknown, "back was only gone by hand")]
    [InlineData(Conclusion.Succeeded, false, false, "s", VerdictKind.Unknown, "has no end on record")]
    [InlineData(null, false, false, "s", VerdictKind.Unknown, "has no end on record")]
    [InlineData(Conclusion.Failed, true, false, "s", VerdictKind.DoesNotHold, "did not succeed")]
    [InlineData(Conclusion.Inconclusive, true, false, "s", VerdictKind.DoesNotHold, "did not succeed")]
    [InlineData(Conclusion.Refused, true, false, "s", VerdictKind.Unknown, "no run of back is on record")]
    public void A_rehearsal_is_a_run_of_the_playbook_as_it_is_that_succeeded(Conclusion? conclusion, bool isSealed, bool byHand, string sha256, VerdictKind kind, string summary)
    {
        var answer = RehearsalJudgement.Of([new WayBackPlaybook("back", "playbooks/back.yml", "s")], [new RunOnRecord("r1", "back", sha256, Now, conclusion, isSealed, byHand), new RunOnRecord("r0", "other", "s", Now, Conclusion.Succeeded, true, false)], []);

        Assert.Equal(kind, answer.Kind);
        Assert.Contains(summary, answer.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_way_back_nothing_was_rehearsed_and_the_last_run_counts()
    {
        Assert.Equal(VerdictKind.Unknown, RehearsalJudgement.Of([], [], []).Kind);
        RunOnRecord[] runs = [new("r1", "back", "s", Now, Conclusion.Succeeded, true, false), new("r2", "back", "s", Now.AddHours(1), Conclusion.Failed, true, false)];
        Assert.Contains("r2", RehearsalJudgement.Of([new WayBackPlaybook("back", "p", "s")], [.. runs], []).Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GitStanding.Committed, false, VerdictKind.Holds, "")]
    [InlineData(GitStanding.Changed, false, VerdictKind.DoesNotHold, "git diff -- 'a b.yml'")]
    [InlineData(GitStanding.Untracked, false, VerdictKind.DoesNotHold, "git add 'a b.yml' && git commit -m 'What is deployed' -- 'a b.yml'")]
    [InlineData(GitStanding.Ignored, false, VerdictKind.DoesNotHold, "git add --force 'a b.yml' && git commit -m 'What is deployed' -- 'a b.yml'")]
    [InlineData(GitStanding.Ignored, true, VerdictKind.Holds, "")]
    public void What_makes_the_project_is_in_git_but_for_what_may_hold_secrets(GitStanding standing, bool secret, VerdictKind kind, string command)
    {
        var answer = ConfigJudgement.Of([new FileInGit("a b.yml", standing, secret), new FileInGit("c", GitStanding.Committed, false)], "1", "", null);

        Assert.Equal((kind, command), (answer.Kind, answer.Fixes.FirstOrDefault()?.Command ?? ""));
    }

    [Theory]
    [InlineData(true, VerdictKind.Holds)]
    [InlineData(false, VerdictKind.DoesNotHold)]
    [InlineData(null, VerdictKind.Unknown)]
    public void The_commit_of_the_release_is_in_the_clone(bool? has, VerdictKind kind) =>
        Assert.Equal(kind, ConfigJudgement.Of([new FileInGit("c", GitStanding.Committed, false)], "1", "0123456789abcdef", has).Kind);

    [Theory]
    [InlineData(HealthSource.Compose, ServiceKind.Application, VerdictKind.Holds)]
    [InlineData(HealthSource.Image, ServiceKind.Database, VerdictKind.Holds)]
    [InlineData(HealthSource.None, ServiceKind.Application, VerdictKind.DoesNotHold)]
    [InlineData(HealthSource.None, ServiceKind.Worker, VerdictKind.Holds)]
    [InlineData(HealthSource.Disabled, ServiceKind.Proxy, VerdictKind.DoesNotHold)]
    [InlineData(HealthSource.Unknown, ServiceKind.Application, VerdictKind.Unknown)]
    public void What_has_to_answer_has_a_health_check(HealthSource source, ServiceKind kind, VerdictKind expected) =>
        Assert.Equal(expected, HealthJudgement.Of("runbook.yml", [new ServiceHealth(new ServiceDeclaration("a", kind, "http://127.0.0.1/", ["200"], default), source, "no engine", null)]).Kind);

    [Theory]
    [InlineData("app:1.2.3", VerdictKind.Holds)]
    [InlineData("app:latest@sha256:aa", VerdictKind.Holds)]
    [InlineData("registry:5000/app:1", VerdictKind.Holds)]
    [InlineData("app:latest", VerdictKind.DoesNotHold)]
    [InlineData("registry:5000/app", VerdictKind.DoesNotHold)]
    [InlineData("app:main", VerdictKind.DoesNotHold)]
    [InlineData("", VerdictKind.DoesNotHold)]
    public void A_tag_that_moves_is_no_name(string image, VerdictKind kind) => Assert.Equal(kind, TagJudgement.Of([new ServiceImage("app", image, null)]).Kind);

    private static (VerdictKind Kind, string Summary) Target(bool? isDeployed, params ReleaseState[] states)
    {
        var answer = TargetJudgement.Of("j", new ReleaseHistory([.. states]) { IsCurrentDeployed = isDeployed }, "no engine", "previous").Answer;
        return (answer.Kind, answer.Summary);
    }

    private static ReleaseState State(string id, VerdictKind? verified = null) => new(new Release { Id = id, Project = "shop", Services = [Service("app") with { ImageId = $"sha256:{id}" }] }, Now, By, "")
    {
        Standing = verified == VerdictKind.Holds ? ReleaseStanding.Good : ReleaseStanding.Candidate,
        VerifiedAt = verified == VerdictKind.Holds ? new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero) : null,
        LastVerified = verified is { } verdict ? new ReleaseVerified { Release = id, By = By, Verdict = verdict, Checks = [] } : null,
    };

    private static ServiceSnapshot Service(string name) => new() { Name = name, Containers = 1, ImageId = "sha256:a", Reference = "app:1", Digests = ["app@sha256:d"] };

    private static ReadyAnswer Migrated(string up, string? down, ImmutableArray<string> made, ImmutableArray<string> kept, string doubt)
    {
        List<MigrationText> files = [new("m/1_a.up.sql", "CREATE TABLE a (x int);"), new("m/1_a.down.sql", "DROP TABLE a;"), new("m/2_b.up.sql", up)];
        if (down is not null)
        {
            files.Add(new MigrationText("m/2_b.down.sql", down));
        }

        return MigrationJudgement.Of("5", MigrationReading.Read(MigrationTool.GolangMigrate, files), made, kept, "", doubt);
    }
}
