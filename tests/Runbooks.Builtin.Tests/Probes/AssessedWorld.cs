using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Runbooks.Advisor.Assessing;
using Runbooks.Builtin.Probes;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>A shop of which everything can be asked, and nothing is real: its previous release was good, and the one that runs answers 500.</summary>
internal sealed record AssessedWorld
{
    public const string Folder = "/srv/shop";
    public const string Store = "/srv/shop/.runbook";
    public const string Url = "http://127.0.0.1:8080/health";
    public const string Password = "Kanari-geheim-77";

    private const string Commit = "98ac1e27b48169795450099fcd26eaa5f241365d";

    private static readonly byte[] Model = Encoding.UTF8.GetBytes("""{"name":"shop","services":{"app":{"image":"myapp:v1"},"db":{"image":"postgres:15"} } }""");

    public AssessedWorld()
    {
        Files = new InMemoryFiles()
            .With($"{Folder}/runbook.yml", $"project: v1\ncompose: {{ project: shop }}\nservices: {{ app: {{ kind: application, health: '{Url}' }}, db: database }}\nmigrations: {{ tool: alembic, folder: migrations, database: shop, service: db }}\n")
            .With($"{Folder}/docker-compose.yml", "services: { app: { image: 'myapp:v2' }, db: { image: 'postgres:15' } }")
            .With($"{Folder}/.env", $"DB_PASSWORD={Password}\n")
            .With($"{Folder}/migrations/versions/a1.py", "revision = 'a1'\ndown_revision = None\ndef upgrade():\n    op.create_table('orders')\ndef downgrade():\n    op.drop_table('orders')\n")
            .With($"{Store}/{ReleaseFiles.KeyFile}", new string('a', 64))
            .With($"{Store}/{ReleaseFiles.Journal}", Journal([]))
            .With($"{Store}/{ReleaseFiles.KeptFile(Sha256.Hex(Model))}", Model)
            .WithFolder("/var/lib/docker");
        Docker = new DockerAnswers()
            .Container(Testing.Containers.OfService("app") with { ImageReference = "myapp:v2", ImageId = "sha256:bbb", PublishedPorts = [8080], Environment = Variables })
            .Container(Testing.Containers.OfService("db") with { ImageReference = "postgres:15", ImageId = "sha256:ddd" })
            .Image("myapp:v1", "sha256:aaa").Image("myapp:v2", "sha256:bbb").Image("postgres:15", "sha256:ddd")
            .Log("id-of-shop-app-1", Now, $"ERROR cannot log in with {Password}");
        Network = new NetworkAnswers().Answer(Url, 500, $"out of order: {Password}\n");
        Processes = new ScriptedProcesses(Answer);
    }

    public static DateTimeOffset Now { get; } = new(2026, 1, 2, 4, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(Now);

    public InMemoryFiles Files { get; init; }

    public IDocker Docker { get; init; }

    public INetwork Network { get; init; }

    public IProcesses Processes { get; init; }

    public IRunStore Runs { get; init; } = new RecordedStore(new Dictionary<string, byte[]>());

    public Subject Subject => Read().Subject;

    public Sight Sight()
    {
        var (subject, playbook) = Read();
        var ports = UnusedPorts.All with { Docker = Docker, Files = Files, Network = Network, Processes = Processes, Machine = new FixedMachine(), Time = Time };
        return new Sight(ports, subject, playbook, Store, CancellationToken.None) { Runs = Runs };
    }

    /// <summary>With another file.</summary>
    public AssessedWorld With(string path, string text)
    {
        Files.With(path, text);
        return this;
    }

    /// <summary>Somebody has changed the record of releases: what was the bad image is called good.</summary>
    public AssessedWorld Altered() => With($"{Store}/{ReleaseFiles.Journal}", Files.TextOf($"{Store}/{ReleaseFiles.Journal}").Replace("sha256:aaa", "sha256:bbb", StringComparison.Ordinal));

    private static ImmutableSortedDictionary<string, string> Variables => ImmutableSortedDictionary<string, string>.Empty.Add("DB_PASSWORD", Password);

    private (Subject Subject, ProjectPlaybook? Playbook) Read() => new SubjectReading(Folder, Files, new Planner(Files, BuiltinKinds.Steps, BuiltinKinds.Checks), _ => null, "1.0.0").Read();

    private static ScriptedEnd Answer(ProcessSpec spec) => string.Join(' ', spec.Argv) switch
    {
        var git when git.Contains("rev-parse", StringComparison.Ordinal) => new ScriptedEnd(0, $"{Commit}\n"),
        var compose when compose.Contains("--format json", StringComparison.Ordinal) => new ScriptedEnd(0, """{"name":"shop","services":{"app":{"image":"myapp:v2"},"db":{"image":"postgres:15"} } }"""),
        var psql when psql.Contains("psql", StringComparison.Ordinal) && Encoding.UTF8.GetString(spec.StandardInput.Span).Contains("pg_stat_activity", StringComparison.Ordinal) => new ScriptedEnd(0),
        var psql when psql.Contains("psql", StringComparison.Ordinal) => new ScriptedEnd(0, "a1\u001f\0"),
        _ => new ScriptedEnd(0),
    };

    /// <summary>The good release had these variables in its application.</summary>
    public AssessedWorld WithThen(params (string Name, string Value)[] variables)
    {
        Files.With($"{Store}/{ReleaseFiles.Journal}", Journal(variables));
        return this;
    }

    /// <summary>The image of the good release had these names in registries when it was recorded.</summary>
    public AssessedWorld WithDigests(params string[] digests) => With($"{Store}/{ReleaseFiles.Journal}", Encoding.UTF8.GetString(Journal([], digests)));

    private static byte[] Journal((string Name, string Value)[] variables, params string[] digests)
    {
        var by = new ReleaseAuthor("operator", "build-1", "", "");
        var key = new KeyedHash(Convert.FromHexString(new string('a', 64)));
        ServiceSnapshot Of(string name, string image, string id) => new() { Name = name, Containers = 1, Reference = image, ImageId = id, Command = key.Of(""), Digests = name == "app" ? [.. digests] : [], Environment = name == "app" ? variables.ToImmutableSortedDictionary(v => v.Name, v => key.Of(v.Value)) : ImmutableSortedDictionary<string, string>.Empty };
        var state = new Release { Id = "r1", Project = "shop", Services = [Of("app", "myapp:v1", "sha256:aaa"), Of("db", "postgres:15", "sha256:ddd")], Model = new RenderedModel(Sha256.Hex(Model)), Files = variables.Length == 0 ? [] : [new ReleasedFile("docker-compose.yml", null, IsKept: false, "")], EnvFiles = variables.Length == 0 ? [] : [new ReleasedEnvFile(".env", null)], Git = new GitState(Commit, false), Schema = new ReleasedSchema("alembic", "shop", ["a1"], []) };
        var content = ReleaseCodec.Read([]);
        var bytes = new List<byte>();
        foreach (var entry in (ReleaseEvent[])[new ReleaseRecorded { Release = "r1", By = by, State = state }, new ReleaseVerified { Release = "r1", By = by, Verdict = Engine.Kinds.VerdictKind.Holds, Checks = [] }])
        {
            bytes.AddRange(ReleaseCodec.Next(content, entry, Now.AddHours(-2)));
            content = ReleaseCodec.Read([.. bytes]);
        }

        return [.. bytes];
    }
}
