using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;


namespace Runbooks.Advisor.Tests.Assessing;

/// <summary>What probes saw of a shop, as values: one whose good release is on record, and whose application was deployed with another image.</summary>
internal sealed record Seen
{
    public const string Url = "http://127.0.0.1:8080/health";

    public static DateTimeOffset Now { get; } = new(2026, 1, 2, 4, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Deployed { get; } = Now.AddMinutes(-5);

    public ImmutableArray<ContainerState> Containers { get; init; } =
    [
        Of("app") with { ImageReference = "myapp:v2", ImageId = "sha256:bbb", CreatedAt = Deployed, StartedAt = Deployed, PublishedPorts = [8080] },
        Of("worker") with { ImageReference = "myapp:v1", ImageId = "sha256:aaa", CreatedAt = Deployed.AddDays(-3), StartedAt = Deployed.AddDays(-3) },
        Of("db") with { ImageReference = "postgres:15", ImageId = "sha256:ddd", CreatedAt = Deployed.AddDays(-30), StartedAt = Deployed.AddDays(-30) },
    ];

    public ImmutableArray<Advisor.Assessing.Reading> More { get; init; } = [Http(500)];

    public ReleaseStanding Standing { get; init; } = ReleaseStanding.Good;

    public bool IsImageThere { get; init; } = true;

    /// <summary>Repository and digest that alone lead to the images of the good release; empty when their tags do.</summary>
    public string Untagged { get; init; } = "";

    public string Migrations { get; init; } = "";

    public ReleasedSchema? Schema { get; init; }

    public ImmutableArray<ServiceSnapshot> Then { get; init; } = [Snapshot("app", "myapp:v1", "sha256:aaa"), Snapshot("worker", "myapp:v1", "sha256:aaa"), Snapshot("db", "postgres:15", "sha256:ddd") with { Version = "PG_VERSION 15.4" }];

    public string ModelThen { get; init; } = """{"name":"shop","services":{"app":{"image":"myapp:v1"},"worker":{"image":"myapp:v1"},"db":{"image":"postgres:15"}}}""";

    public string ModelNow { get; init; } = """{"name":"shop","services":{"app":{"image":"myapp:v2"},"worker":{"image":"myapp:v1"},"db":{"image":"postgres:15"}}}""";

    public Func<string, string> Mask { get; init; } = text => text;

    public Assessment Assess()
    {
        var subject = new Subject("/srv/shop") { Name = "shop", Project = Project(), IsDeclared = true, ComposeFiles = ["docker-compose.yml"] };
        var release = new Release { Id = "r1", Project = "shop", Services = Then, Git = new GitState(new string('1', 40), false), Schema = Schema };
        var state = new ReleaseState(release, Deployed.AddDays(-3), new ReleaseAuthor("o", "h", "", ""), "")
        {
            Standing = Standing,
            LastHeldAt = Standing == ReleaseStanding.Candidate ? null : Deployed.AddDays(-3).AddMinutes(2),
            VerifiedAt = Standing == ReleaseStanding.Candidate ? null : Deployed.AddDays(-3).AddMinutes(2),
            LastVerified = Standing == ReleaseStanding.Candidate ? null : new ReleaseVerified { Release = "r1", By = new ReleaseAuthor("o", "h", "", ""), Verdict = VerdictKind.Holds, Checks = [] },
        };
        var models = ImmutableSortedDictionary<string, ComposeModel>.Empty;
        models = RecordedModel.Read(System.Text.Encoding.UTF8.GetBytes(ModelThen), "/srv/shop", "shop") is { } model ? models.Add("r1", model) : models;
        ImmutableArray<Advisor.Assessing.Reading> readings =
        [
            new ContainersReading("docker container inspect", Now, "shop", Containers),
            new RunningReading("docker container inspect", Now, new Release { Id = "now", Project = "shop", Services = [.. Containers.GroupBy(c => c.Labels["com.docker.compose.service"]).Select(g => Snapshot(g.Key, g.First().ImageReference, g.First().ImageId) with { Ports = g.First().PublishedPorts, Command = string.Join(' ', g.First().Command), IsMixed = g.Any(c => c.ImageId != g.First().ImageId), Version = g.Key == "db" ? $"PG_VERSION {g.First().ImageReference.Split(':')[1]}.4" : "" })] }),
            new ReleasesReading("runbook release list", Now, new ReleaseHistory([state])) { Models = models },
            new ImagesReading("docker image inspect", Now, "r1", [.. Then.Select(t => new ImageSight(t.Name, t.ImageId, t.Reference, IsImageThere, IsImageThere && Untagged.Length == 0 ? t.ImageId : "", "") { Digest = Untagged })]),
            new FilesReading("docker compose config", Now, new Release { Id = "now", Project = "shop", Services = [] }, RecordedModel.Read(System.Text.Encoding.UTF8.GetBytes(ModelNow), "/srv/shop", "shop")),
            .. More,
        ];
        return Assessor.Assess(subject, [new ProbeOutcome("all", "everything", [], Now) { Readings = readings, Elapsed = TimeSpan.FromSeconds(2.5) }], Mask);
    }

    public static ContainerState Of(string service) => Testing.Containers.OfService(service);

    /// <summary>A run of app-rollback, which saw that what it had put back was not well.</summary>
    public static PastRunsReading Tried(DateTimeOffset at, string version = "v1") => new("runbook runs list", Now, [])
    {
        Tries = [new PastTry("run-7", "app-rollback", TriedEnd.Undone, at, ImmutableSortedDictionary<string, string>.Empty.Add("version", version)) { Why = "status 500", SawItIll = true }],
    };

    public static HttpReading Http(int? status) => new($"GET {Url}", Now, "app", Url, IsDeclared: true)
    {
        Status = status,
        IsWell = status is { } answered ? answered == 200 : null,
        FirstLine = status == 500 ? "myapp v2: out of order" : "",
        Elapsed = TimeSpan.FromMilliseconds(12),
        Problem = status is null ? "connection refused" : "",
        IsDown = status is null,
    };


    private static ServiceSnapshot Snapshot(string name, string image, string id) => new() { Name = name, Containers = 1, Reference = image, ImageId = id, Ports = name == "app" ? [8080] : [] };

    private ProjectFile Project()
    {
        var read = ProjectReader.Read(new SourceText("runbook.yml", $"project: v1\nservices: {{ app: {{ kind: application, health: '{Url}' }}, worker: worker, db: database }}\n{Migrations}"));
        Assert.Empty(read.Diagnostics);
        return Assert.IsType<ProjectFile>(read.Value);
    }
}
