using System.Net;
using System.Net.Sockets;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A Compose project with a web application and a worker on the real engine, deployed with the release that answers 500.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private const string Variable = "RUNBOOKS_TEST_DOCKER_HOST";

    private readonly Project _project = new();
    private readonly string _name = $"rbshop{Guid.NewGuid():N}"[..16];

    private readonly string[] _compose;
    private readonly List<string[]> _atTheEnd = [];

    private Shop(int port, Func<ShopPlace, IEnumerable<(string Path, string Text)>>? files, string[] compose)
    {
        (Port, _compose) = (port, compose);
        _project.Set("DOCKER_HOST", System.Environment.GetEnvironmentVariable(Variable));
        foreach (var (path, text) in files?.Invoke(new ShopPlace(_name, port)) ?? [("docker-compose.yml", Usual())])
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(_project.At(folder));
            }

            _project.Write(path, text);
        }
    }

    private string Usual() => $"""
            # The shop: a web application and its background worker.
            name: {_name}
            services:
              app:
                image: runbooks-test/app:bad   # the release in production
                ports:
                  - "127.0.0.1:{Port}:8080"
                restart: always
              worker:
                image: runbooks-test/app:bad
                command: [sh, -c, 'trap "exit 0" TERM; while :; do sleep 1 & wait; done']
            """;

    public int Port { get; }

    /// <summary>Of the Compose project, unless the options say another.</summary>
    public string Name => _name;

    public Project Project => _project;

    /// <summary>The first of a service, as the Compose of this shop names it.</summary>
    public string ContainerOf(string service) => HasComposeOne ? $"{_name}_{service}_1" : $"{_name}-{service}-1";

    /// <summary>A Compose file as the Compose of this shop takes it: 1.29 knows no <c>name:</c>.</summary>
    public string Taken(string compose) => HasComposeOne ? compose.Replace($"name: {_name}\n", "", StringComparison.Ordinal) : compose;

    public string ComposeFile => File.ReadAllText(_project.At("docker-compose.yml"));

    /// <summary>Skips, with the reason, where no test engine was started; fails where it was started and does not answer.</summary>
    /// <param name="files">Other files than the usual Compose file.</param>
    /// <param name="options">Options with which Docker Compose finds the project among them.</param>
    public static Task<Shop> OpenAsync(Func<ShopPlace, IEnumerable<(string Path, string Text)>>? files = null, params string[] options) =>
        OpenAsync(files, [Project.Find("docker"), "compose", .. options], _ => { });

    /// <summary>One that nothing finds by itself: who works on it needs <see cref="ElsewhereValues"/>.</summary>
    /// <param name="variables">Lines for its file of variables.</param>
    public static async Task<Shop> OpenElsewhereAsync(Func<ShopPlace, IEnumerable<(string Path, string Text)>> files, string variables = "")
    {
        var elsewhere = new Elsewhere($"rbelse{Guid.NewGuid():N}"[..16]);
        var shop = await OpenAsync(place => [.. files(place), .. Cli.Tests.Elsewhere.Files(variables)], elsewhere.Options);
        shop.Elsewhere = elsewhere;
        return shop;
    }

    /// <summary>Where it is, when nothing finds it by itself; else null.</summary>
    public Elsewhere? Elsewhere { get; private set; }

    /// <summary>What a playbook has to be told to find it: nothing, unless it is elsewhere.</summary>
    public string[] ElsewhereValues => Elsewhere?.Values ?? [];

    /// <summary>The same as words of a command.</summary>
    public string[] ElsewhereWords => [.. ElsewhereValues.SelectMany(v => (string[])["--var", v])];

    /// <summary>The label that only its second file gives, and only with its file of variables.</summary>
    public async Task<string> WhereAsync(string service) => (await DockerAsync(["inspect", "--format", """{{index .Config.Labels "where"}}""", .. await IdsAsync(service)])).Expect(0).Out.Trim();

    /// <param name="compose">Docker Compose with its options.</param>
    /// <param name="change">Changes the project before anything is started.</param>
    internal static async Task<Shop> OpenAsync(Func<ShopPlace, IEnumerable<(string Path, string Text)>>? files, string[] compose, Action<Project> change)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable(Variable)), "needs a Docker Engine: ./test.sh starts one and names it in RUNBOOKS_TEST_DOCKER_HOST");
        var shop = new Shop(FreePort(), files, compose);
        change(shop._project);
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        return shop;
    }

    /// <summary>Runs a shipped playbook against the shop.</summary>
    public Task<Finished> RunbookAsync(string verb, string playbook, params string[] more) => _project.RunAsync(
    [
        verb, Repository.PathOf("playbooks", playbook), "--var", "image=runbooks-test/app", "--var", $"port={Port}", "--var", $"url=http://127.0.0.1:{Port}/health", "--var", "settle=1s",
        .. playbook == "app-rollback.yml" && !more.Any(m => m.StartsWith("watch=", StringComparison.Ordinal)) ? (string[])["--var", "watch=1s"] : [], .. more,
    ]);

    public Task<Finished> ComposeAsync(params string[] args) => _project.ProgramAsync(_compose[0], [.. _compose[1..], .. args]);

    /// <summary>Id, image and state of a service's container.</summary>
    public async Task<string> ContainerAsync(string service) =>
        (await DockerAsync(["inspect", "--format", "{{.Id}} {{.Config.Image}} {{.State.Status}}", .. await IdsAsync(service)])).Expect(0).Out.Trim();

    /// <summary>What a rollback that is taken back has to leave of a service: image, state, and of which Compose files it was made.</summary>
    public async Task<string> FactsAsync(string service) =>
        (await DockerAsync(["inspect", "--format", """{{.Name}} {{.Config.Image}} {{.Image}} {{.State.Status}} {{index .Config.Labels "com.docker.compose.project.config_files"}} {{.Config.Env}} {{.HostConfig.PortBindings}}""", .. await IdsAsync(service)])).Expect(0).Out;

    private async Task<string[]> IdsAsync(string service) => Lines(HasComposeOne
        ? await DockerAsync("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={_name}", "--filter", $"label=com.docker.compose.service={service}")
        : await ComposeAsync("ps", "--all", "--quiet", service));

    private static string[] Lines(Finished finished) => finished.Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Task<Finished> DockerAsync(params string[] args) => _project.ProgramAsync(Project.Find("docker"), args);

    public async Task<HttpStatusCode> HealthAsync()
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}/health"), _project.Cancellation);
        return answer.StatusCode;
    }

    /// <summary>Words for docker that take away what a test has put beside the project, once that is down.</summary>
    public void AtTheEnd(params string[] words) => _atTheEnd.Add(words);

    /// <summary>It takes a second to do anything: what docker can do is not left to it.</summary>
    private bool HasComposeOne => _compose[0] == "docker-compose";

    public async ValueTask DisposeAsync()
    {
        if (HasComposeOne)
        {
            await DockerAsync(["rm", "--force", "--volumes", .. Lines(await DockerAsync("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={_name}"))]);
        }
        else
        {
            await ComposeAsync("down", "--volumes", "--remove-orphans", "--timeout", "1");
        }

        foreach (var words in _atTheEnd)
        {
            await DockerAsync(words);
        }

        // Compose leaves what is not in its files at this moment.
        foreach (var thing in (string[])["network", "volume"])
        {
            var left = (await DockerAsync(thing, "ls", "--quiet", "--filter", $"label=com.docker.compose.project={_name}")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await DockerAsync([thing, "rm", .. left]);
        }

        _project.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <param name="Name">Of the Compose project; no other test has it.</param>
/// <param name="Port">Of this machine, on which the shop answers.</param>
internal sealed record ShopPlace(string Name, int Port);
