using System.Collections.Immutable;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Text;
using Runbooks.Testing;
using ChangeKind = Runbooks.Advisor.Situations.ChangeKind;

namespace Runbooks.Advisor.Tests.Assessing;

/// <summary>What follows from what probes saw.</summary>
public sealed class AssessorTests
{
    private const string Digest = "registry.example/myapp@sha256:00";

    private const string Alembic = "migrations: { tool: alembic, folder: migrations, database: shop, service: db }\n";

    /// <summary>Each with what is expected of the facts, and the strategy that is advised.</summary>
    private static readonly ImmutableArray<(string Name, Seen Seen, Func<Facts, bool> Holds, string Strategy)> Deployments =
    [
        ("a bug", new Seen(), f => f is { SystemState: SystemState.Degraded, Traffic: Traffic.Production, CauseInRelease: Answer.Yes, TargetImagePresent: Answer.Yes } && Is(f, ChangeKind.Application), "application"),
        ("a crash loop", new Seen { Containers = With("app", c => c with { Status = "restarting", ExitCode = 1, RestartCount = 7, FinishedAt = Seen.Deployed.AddSeconds(4) }), More = [Seen.Http(null)] },
            f => f is { SystemState: SystemState.Crashed, Traffic: Traffic.Offline, FailureTime: FailureTime.PostDeployment, CauseInRelease: Answer.Yes }, "application"),
        ("a crash loop that answers well at this moment", new Seen { Containers = With("app", c => c with { RestartCount = 4, FinishedAt = Seen.Now.AddSeconds(-3), StartedAt = Seen.Now.AddSeconds(-2) }), More = [Seen.Http(200)] },
            f => f is { SystemState: SystemState.Degraded, Traffic: Traffic.Production, CauseInRelease: Answer.Yes }, "application"),
        ("a crash loop that is asked while it does not listen", new Seen { Containers = With("app", c => c with { RestartCount = 4, FinishedAt = Seen.Now.AddSeconds(-1), StartedAt = Seen.Now }), More = [Seen.Http(null)] },
            f => f is { SystemState: SystemState.Crashed, Traffic: Traffic.Offline }, "application"),
        ("restarts that it got over long ago", new Seen { Containers = With("app", c => c with { RestartCount = 4, CreatedAt = Seen.Now.AddDays(-9), FinishedAt = Seen.Now.AddHours(-3), StartedAt = Seen.Now.AddHours(-3) }), More = [Seen.Http(200)] },
            f => f is { SystemState: SystemState.FullyDeployed, CauseInRelease: Answer.Unknown }, "application"),
        ("a rollback that was tried", new Seen { More = [Seen.Http(500), Seen.Tried(Seen.Deployed.AddMinutes(1))] }, f => f is { CauseInRelease: Answer.Unknown, Tried: [{ Run: "run-7", Why: "status 500" }] }, "none"),
        ("a rollback that was tried in an earlier trouble", new Seen { More = [Seen.Http(500), Seen.Tried(Seen.Deployed.AddDays(-4))] }, f => f is { CauseInRelease: Answer.Yes, Tried: [] }, "application"),
        ("a rollback to another release that was tried", new Seen { More = [Seen.Http(500), Seen.Tried(Seen.Deployed.AddMinutes(1), "v0")] }, f => f is { Tried: [_] }, "application"),
        ("out of memory hours later", new Seen { Containers = With("app", c => c with { Status = "exited", ExitCode = 137, OomKilled = true, CreatedAt = Seen.Now.AddHours(-30), FinishedAt = Seen.Now.AddMinutes(-1) }), More = [Seen.Http(null)] },
            f => f is { SystemState: SystemState.Crashed, FailureTime: FailureTime.Gradual }, "application"),
        ("the previous image is gone", new Seen { IsImageThere = false }, f => f is { TargetImagePresent: Answer.No, PreviousReleaseAvailable: Answer.Yes }, "none"),
        ("the previous image is gone, and its registry has it", Pulled(true),
            f => f is { TargetImagePresent: Answer.No, TargetImagePullable: Answer.Yes } && f.Vars["fetch"] is [Digest] && f.Vars["version"] is ["v1"], "application"),
        ("the previous image is gone, and its registry does not have it", Pulled(false), f => f is { TargetImagePresent: Answer.No, TargetImagePullable: Answer.No }, "none"),
        ("the previous image is gone, and its registry says nothing", Pulled(null), f => f is { TargetImagePresent: Answer.No, TargetImagePullable: Answer.Unknown } && f.Vars["fetch"] is [Digest], "none"),
        ("the previous images are gone, and a registry has the one that goes back", Pulled(true) with { Containers = With("worker", c => c with { ImageReference = "myapp:v2", ImageId = "sha256:bbb" }), ModelNow = new Seen().ModelNow.Replace("\"worker\":{\"image\":\"myapp:v1\"", "\"worker\":{\"image\":\"myapp:v2\"", StringComparison.Ordinal) },
            f => f.TargetImagePullable == Answer.Yes && f.Components.Length == 2, "none"),
        ("the previous image has no tag any more", new Seen { Untagged = Digest },
            f => f.TargetImagePresent == Answer.Yes && f.Vars["image"] is ["registry.example/myapp"] && f.Vars["version"] is ["v1@sha256:00"], "application"),
        ("nothing was ever verified", new Seen { Standing = ReleaseStanding.Candidate }, f => f is { Changes: null, PreviousReleaseAvailable: Answer.Unknown }, "inconclusive"),
        ("nothing changed", new Seen { Containers = With("app", c => c with { ImageReference = "myapp:v1", ImageId = "sha256:aaa" }), ModelNow = new Seen().ModelThen }, f => f.Changes is { IsEmpty: true } && f.PreviousReleaseAvailable == Answer.Yes, "none"),
        ("what was deployed is taken down", new Seen { Containers = [], More = [Seen.Http(null)] }, f => f is { Deployed: Answer.Yes, SystemState: SystemState.Crashed } && Is(f, ChangeKind.Application), "application"),
        ("a file that did not reach its container", new Seen
            {
                Containers = With("app", c => c with { ImageReference = "myapp:v1", ImageId = "sha256:aaa" }), ModelNow = new Seen().ModelThen,
                More = [Seen.Http(500), new MountedReading("docker exec cat", Seen.Now, "app", "app.conf", "/etc/app.conf", IsSame: false), new MountedReading("docker exec cat", Seen.Now, "app", "other.conf", "/etc/other.conf", IsSame: true)],
            }, f => Is(f, ChangeKind.Configuration) && f.Configuration is [{ File: "app.conf", Inside: "/etc/app.conf" }], "configuration"),
        ("another name of the image that was well", new Seen { Containers = With("app", c => c with { ImageReference = "myapp:v1@sha256:ccc", ImageId = "sha256:aaa" }), ModelNow = new Seen().ModelThen.Replace("\"image\":\"myapp:v1\"},\"worker\"", "\"image\":\"myapp:v1@sha256:ccc\"},\"worker\"", StringComparison.Ordinal) },
            f => f.Changes is { IsEmpty: true }, "none"),
        ("a tag that moved", new Seen { Containers = With("app", c => c with { ImageReference = "myapp:v1" }), ModelNow = new Seen().ModelThen }, f => Is(f, ChangeKind.Application), "application"),
        ("a container that was never started", new Seen { Containers = With("app", c => c with { Status = "created", StartedAt = null, Error = "port is already allocated" }), More = [Seen.Http(null)] },
            f => f is { SystemState: SystemState.PartiallyDeployed, FailureTime: FailureTime.DuringDeployment }, "application"),
        ("several services", new Seen { Containers = With("worker", c => c with { ImageReference = "myapp:v2", ImageId = "sha256:bbb" }), ModelNow = new Seen().ModelNow.Replace("\"worker\":{\"image\":\"myapp:v1\"", "\"worker\":{\"image\":\"myapp:v2\"", StringComparison.Ordinal) },
            f => f.Components.Length == 2 && f.Vars["version"][0] == "v1", "sequential"),
        ("half deployed", new Seen { ModelNow = new Seen().ModelNow.Replace("\"worker\":{\"image\":\"myapp:v1\"", "\"worker\":{\"image\":\"myapp:v2\"", StringComparison.Ordinal) }, f => f.SystemState == SystemState.PartiallyDeployed, "sequential"),
        ("a limit that came", new Seen { Containers = With("app", c => c with { ImageReference = "myapp:v1", ImageId = "sha256:aaa" }), ModelNow = new Seen().ModelThen.Replace("\"image\":\"myapp:v1\"},\"worker\"", "\"image\":\"myapp:v1\",\"mem_limit\":\"16777216\"},\"worker\"", StringComparison.Ordinal) },
            f => Is(f, ChangeKind.Infrastructure), "infrastructure"),
        ("a dependency that was down before", new Seen { Containers = With("db", c => c with { Status = "exited", ExitCode = 1, FinishedAt = Seen.Deployed.AddHours(-1) }) }, f => f.CauseInRelease == Answer.No, "none"),
        ("a dependency that went down too", new Seen { Containers = With("db", c => c with { Status = "exited", ExitCode = 1, FinishedAt = Seen.Deployed.AddMinutes(1) }) }, f => f.CauseInRelease == Answer.Unknown, "application"),
        ("a health check that cannot run", new Seen { Containers = With("app", c => c with { Health = "unhealthy", HealthOutput = "exit -1: OCI runtime exec failed: exec: \"curl\": executable file not found in $PATH" }), More = [Seen.Http(200)] },
            f => f.ProbeBroken == Answer.Yes, "none"),
        ("a health check that cannot run, of an application that is ill", new Seen { Containers = With("app", c => c with { Health = "unhealthy", HealthOutput = "exit -1: exec: \"curl\": executable file not found in $PATH" }) },
            f => f.ProbeBroken == Answer.Unknown, "application"),
        ("a full disk", new Seen { More = [Seen.Http(500), new SpaceReading("df /srv/shop", Seen.Now, "/srv/shop", "the project", 3 << 20, 100L << 30)] }, f => f.DiskFull == Answer.Yes, "none"),
        ("only one disk is known", new Seen { More = [Seen.Http(500), new SpaceReading("df /srv/shop", Seen.Now, "/srv/shop", "the project", 30L << 30, 100L << 30)] }, f => f.DiskFull == Answer.Unknown, "application"),
        ("watchtower", new Seen { More = [Seen.Http(500), new ActorsReading("docker ps", Seen.Now, ["container w runs containrrr/watchtower"])] }, f => f.OtherActors == Answer.Yes, "application"),
        ("a proxy that lets nobody in", new Seen { More = [Seen.Http(500), new HttpReading("GET http://127.0.0.1/", Seen.Now, "proxy", "http://127.0.0.1/", true) { Status = 503, IsClosed = true }] }, f => f is { Traffic: Traffic.Maintenance, SystemState: SystemState.Degraded }, "application"),
        ("traffic that was stopped", new Seen { More = [Seen.Http(500), new MaintenanceReading("runbook runs show r7", Seen.Now, "r7", Seen.Deployed, "proxy/maintenance/on.conf")] }, f => f.Traffic == Traffic.Maintenance && f.Evidence.Any(e => e.Value.StartsWith("traffic was stopped by run r7 at ", StringComparison.Ordinal)), "application"),
        ("nobody was found", new Seen { More = [Seen.Http(500), new ActorsReading("docker ps", Seen.Now, [])] }, f => f.OtherActors == Answer.Unknown, "application"),
        ("a migration that adds", Migrated("    op.add_column('orders', sa.Column('hint', sa.Text(), nullable=True))", "    op.drop_column('orders', 'hint')"),
            f => f is { SchemaCompatible: Answer.Yes, Migrations: [{ Id: "b2", Reversible: Answer.Yes }] } && Is(f, ChangeKind.Application, ChangeKind.Database), "application"),
        ("a migration that takes away and can be taken back", Migrated("    op.drop_column('orders', 'note')", "    op.add_column('orders', sa.Column('note', sa.Text(), nullable=True))"),
            f => f is { SchemaCompatible: Answer.Unknown, Migrations: [{ Reversible: Answer.Yes, DataLoss: not DataLoss.None }] } && f.Vars["head"][0] == "a1" && f.Vars["from"][0] == "b2", "database"),
        ("a session in its way", InTheWay(new SessionSight("session 7 of shop idle in transaction for 00:04:10", "it holds its locks until somebody ends it: psql"), hidden: 0), f => f.DatabaseBusy == Answer.Yes, "database"),
        ("nobody in its way", InTheWay(null, hidden: 0), f => f.DatabaseBusy == Answer.No, "database"),
        ("sessions that cannot be seen", InTheWay(null, hidden: 2), f => f.DatabaseBusy == Answer.Unknown && f.Evidence.Any(e => e.Value.StartsWith("what 2 sessions do cannot be seen", StringComparison.Ordinal)), "database"),
        ("a session in nobody's way", new Seen { Migrations = Alembic, Schema = At("a1"), More = [Seen.Http(500), new SchemaReading("the migration table of the database 'shop'", Seen.Now, At("a1")), Sessions(new SessionSight("session 7 of shop idle", ""), hidden: 0)] }, f => f.DatabaseBusy == Answer.Unknown, "application"),
        ("a migration that cannot be taken back", Migrated("    op.drop_column('orders', 'note')", "    raise NotImplementedError('gone')"), f => f.Migrations is [{ Reversible: Answer.No }], "inconclusive"),
        ("a migration without its file", Migrated(null, null), f => f.Migrations is [{ Id: "b2", Reversible: Answer.Unknown }] && f.SchemaCompatible == Answer.Unknown, "inconclusive"),
        ("a database that does not say where it is", new Seen { Migrations = Alembic, Schema = At("a1") }, f => f.Changes is null && f.Migrations is null, "inconclusive"),
        ("a database that does not say where it is, and no file that differs", new Seen { Migrations = Alembic, Schema = At("a1"), More = [Seen.Http(500), new GitReading("git", Seen.Now, new string('2', 40)) { MigrationsDiffer = ImmutableSortedDictionary<string, bool?>.Empty.Add(new string('1', 40), false) }] },
            f => f.Migrations is { IsEmpty: true } && Is(f, ChangeKind.Application), "application"),
        ("a server of a newer major version", new Seen
        {
            Containers = With("db", c => c with { ImageReference = "postgres:16", ImageId = "sha256:eee" }),
            ModelNow = new Seen().ModelNow.Replace("postgres:15", "postgres:16", StringComparison.Ordinal),
        }, f => f.VolumeNewerThanEngine != Answer.No && f.Changes is { } kinds && kinds.Contains(ChangeKind.Database), "inconclusive"),
    ];

    public static TheoryData<string> Names => [.. Deployments.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Facts_follow_and_advice_from_them(string name)
    {
        var (_, seen, holds, strategy) = Deployments.Single(d => d.Name == name);

        var assessment = seen.Assess();

        Assert.True(holds(assessment.Facts), AssessmentJson.Write(assessment));
        Assert.Equal(strategy, new Adviser(BuiltinStrategies.All).Advise(assessment.Facts).Strategy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_printed_as_json_is_read_as_the_same_facts(string name)
    {
        var assessment = Deployments.Single(d => d.Name == name).Seen.Assess();

        var read = FactsReader.Read(new SourceText("facts.json", AssessmentJson.Write(assessment)));

        Assert.Empty(read.Diagnostics);
        Assert.Equal(AdviceJson.Write(new Adviser(BuiltinStrategies.All).Advise(assessment.Facts)), AdviceJson.Write(new Adviser(BuiltinStrategies.All).Advise(Assert.IsType<Facts>(read.Value))));
    }

    [Fact]
    public void One_that_ends_again_and_again_and_answers_in_between_is_no_contradiction() =>
        Assert.Empty(new Seen { Containers = With("app", c => c with { RestartCount = 4, StartedAt = Seen.Now.AddSeconds(-2) }), More = [Seen.Http(200)] }.Assess().Contradictions);

    [Fact]
    public void The_forms_are_as_they_were_read_and_found_good()
    {
        var seen = new Seen
        {
            Containers = With("worker", c => c with { Status = "exited", ExitCode = 1, FinishedAt = Seen.Deployed.AddMinutes(2), Error = "\e[31mred\nand more" }),
            More =
            [
                Seen.Http(500),
                new LogsReading("docker logs shop-app-1", Seen.Now, "app", "shop-app-1") { Lines = 120, Errors = 12, FirstErrors = ["ERROR relation \"orders\" | has no column *currency*"], FirstErrorAt = Seen.Deployed.AddSeconds(20) },
                new UsageReading("docker stats shop-app-1", Seen.Now, "app", "shop-app-1: CPU 3%, memory 95%", IsMuch: true),
                new ActorsReading("docker ps", Seen.Now, ["container w runs containrrr/watchtower"]),
            ],
        };

        var assessment = seen.Assess();

        Golden.Verify(AssessmentText.Write(assessment), "advice/assessment.txt.golden");
        Golden.Verify(AssessmentMarkdown.Write(assessment), "advice/assessment.md.golden");
        Golden.Verify(AssessmentJson.Write(assessment), "advice/assessment.json.golden");
    }

    private static bool Is(Facts facts, params ChangeKind[] kinds) => facts.Changes is { } changes && changes.SequenceEqual(kinds);

    private static ImmutableArray<ContainerState> With(string service, Func<ContainerState, ContainerState> change) =>
        [.. new Seen().Containers.Select(c => c.Labels["com.docker.compose.service"] == service ? change(c) : c)];

    private static ReleasedSchema At(string head) => new("alembic", "shop", [head], []);

    private static Seen Migrated(string? forward, string? back)
    {
        const string Head = "from alembic import op\nimport sqlalchemy as sa\n";
        MigrationText[] files =
        [
            new("migrations/a1.py", $"{Head}revision = 'a1'\ndown_revision = None\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n"),
            .. forward is null ? Array.Empty<MigrationText>() : [new("migrations/b2.py", $"{Head}revision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n{forward}\ndef downgrade():\n{back}\n")],
        ];
        return new Seen
        {
            Migrations = Alembic,
            Schema = At("a1"),
            More = [Seen.Http(500), new SchemaReading("the migration table of the database 'shop'", Seen.Now, At("b2")), new MigrationFilesReading("the files in migrations", Seen.Now, "migrations", MigrationReading.Read(MigrationTool.Alembic, files))],
        };
    }

    private static Seen InTheWay(SessionSight? session, int hidden) =>
        Migrated("    op.drop_column('orders', 'note')", "    op.add_column('orders', sa.Column('note', sa.Text(), nullable=True))") is var seen ? seen with { More = seen.More.Add(Sessions(session, hidden)) } : seen;

    private static SessionsReading Sessions(SessionSight? session, int hidden) => new("pg_stat_activity of 'shop'", Seen.Now, "shop", session is null ? [] : [session], hidden);

    /// <summary>The image to go back to is not here, and this is what its registry says.</summary>
    private static Seen Pulled(bool? hasIt) => new() { IsImageThere = false, More = [Seen.Http(500), new RegistryReading("the registry", Seen.Now, "sha256:aaa", Digest, hasIt, hasIt is null ? "no route to host" : "")] };
}
