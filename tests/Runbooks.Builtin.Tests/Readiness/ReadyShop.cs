using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Readiness;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Planning;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Readiness;

/// <summary>A project of which everything that is looked at is said by the test.</summary>
internal sealed class ReadyShop
{
    public const string Folder = "/srv/shop";

    public string Compose { get; init; } = "services:\n  app:\n    image: app:1\n    ports: [\"8080:80\"]\n";

    /// <summary>What Compose makes of the file, below 'services'.</summary>
    public string Model { get; init; } = """{"app":{"image":"app:1","ports":[{"target":80,"published":"8080","protocol":"tcp"}]}}""";

    public string Project { get; init; } = "project: v1\nservices:\n  app: { kind: application, health: \"http://127.0.0.1:8080/health?a=b\" }\n";

    /// <summary>What psql says; empty when there is no server.</summary>
    public string Database { get; init; } = "";

    public (long Free, long Total)? Disk { get; init; } = (50L << 30, 100L << 30);

    public DockerAnswers Docker { get; init; } = new DockerAnswers().Container(App).Image("sha256:aaa", "sha256:aaa");

    public static Engine.Ports.ContainerState App => Testing.Containers.OfService("app");

    /// <summary>The answer of one item.</summary>
    public async Task<ReadyAnswer> AskAsync(IReadyItem item) => (await ReportAsync([item])).Items[0].Answer;

    public Task<ReadyReport> ReportAsync(ImmutableArray<IReadyItem> items) => ReadyAsker.AskAsync(items, Inputs(), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    public ReadyInputs Inputs()
    {
        var read = ProjectReader.Read(new SourceText("runbook.yml", Project));
        Assert.Empty(read.Diagnostics);
        var project = Assert.IsType<ProjectFile>(read.Value);
        var (made, problems) = ProjectPlaybook.Make(project, Folder, TimeSpan.FromMinutes(1), new Planner(Files, BuiltinKinds.Steps, BuiltinKinds.Checks), _ => null, "1.0.0");
        Assert.Empty(problems);
        return new ReadyInputs
        {
            Ports = UnusedPorts.All with { Files = Files, Docker = Docker, Machine = new FixedMachine().With("DOCKER_HOST", "tcp://elsewhere:2375"), Processes = new ScriptedProcesses(spec => spec.Argv[0] == "psql" ? new ScriptedEnd(Database.Length > 0 ? 0 : 2, Database) : new ScriptedEnd(0, $$"""{"name":"shop","services":{{Model}} }""")) },
            Directory = Folder,
            Store = $"{Folder}/.runbook",
            Runs = new MemoryRunStore(),
            Project = project,
            Playbook = made,
        };
    }

    public InMemoryFiles Files => field ??= new InMemoryFiles { Disk = Disk }.With($"{Folder}/compose.yaml", Compose).With($"{Folder}/runbook.yml", Project);

    public static string Service(string image, string more = "") => $$$"""{"app":{"image":{{{JsonSerializer.Serialize(image)}}}{{{more}}} } }""";
}
