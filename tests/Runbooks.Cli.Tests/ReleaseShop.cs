using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>A Compose project with a project file on the real engine, whose image, variables and configuration a test changes as deployments do.</summary>
internal sealed class ReleaseShop : IAsyncDisposable
{
    internal const string Password = "Kanari-Rel3ase-geheim";

    private readonly string[] _services;

    private ReleaseShop(Shop shop, string[] services) => (Shop, _services) = (shop, services);

    public Shop Shop { get; }

    public Project Project => Shop.Project;

    /// <summary>Of the last release that was verified.</summary>
    public string GoodId { get; private set; } = "";

    /// <summary>With the good image deployed; the git repository has everything but the variables.</summary>
    public static Task<ReleaseShop> OpenAsync() => OpenAsync(Files, "app", "worker");

    /// <summary>A project with these files, deployed and committed; git does not have what <c>.gitignore</c> names.</summary>
    /// <param name="services">Those whose images are kept with a release.</param>
    public static async Task<ReleaseShop> OpenAsync(Func<ShopPlace, IEnumerable<(string Path, string Text)>> files, params string[] services)
    {
        return await OfAsync(await Shop.OpenAsync(files), services);
    }

    /// <summary>A shop that is deployed becomes one whose files are committed.</summary>
    public static async Task<ReleaseShop> OfAsync(Shop shop, params string[] services)
    {
        var release = new ReleaseShop(shop, services);
        await release.GitAsync("init", "-q");
        await release.CommitAsync("first");
        return release;
    }

    private static (string Path, string Text)[] Files(ShopPlace place) =>
    [
        (".env", EnvOf("good")),
        (".gitignore", ".env\n.runbook\n"),
        ("config/app.conf", "colour = blue\n"),
        ("docker-compose.yml", $$"""
            name: {{place.Name}}
            services:
              app:
                image: ${IMAGE}
                ports: ["127.0.0.1:{{place.Port}}:8080"]
                environment:
                  COLOUR: ${COLOUR:-blue}
                  DB_PASSWORD: ${DB_PASSWORD}
                volumes: ["./config/app.conf:/etc/app.conf:ro", "orders:/orders"]
              worker:
                image: runbooks-test/app:good
                command: [sh, -c, 'trap "exit 0" TERM; while :; do sleep 1 & wait; done']
            volumes:
              orders:
            """),
        ("runbook.yml", $$"""
            project: v1
            services:
              app: { kind: application, health: "http://127.0.0.1:{{place.Port}}/health" }
              worker: worker
            config: [config/app.conf]
            verify: { within: 5s, for: 500ms }
            """),
    ];

    /// <summary>The image that the variables name, and what else they say.</summary>
    public static string EnvOf(string tag, string more = "") => $"IMAGE=runbooks-test/app:{tag}\nDB_PASSWORD={Password}\n{more}";

    public async Task DeployAsync(string tag, string more = "")
    {
        Project.Write(".env", EnvOf(tag, more));
        (await Shop.ComposeAsync("up", "-d", "--force-recreate", "--timeout", "1")).Expect(0);
    }

    public async Task CommitAsync(string message)
    {
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "-q", "-m", message);
    }

    /// <returns>The id.</returns>
    public async Task<string> RecordAsync(params string[] more)
    {
        var id = Text(await JsonAsync(["release", "record", "--json", .. more]), "release");
        TakeAnchorsAway(id);
        return id;
    }

    /// <summary>Records what is deployed and verifies it.</summary>
    /// <returns>The id.</returns>
    public async Task<string> GoodAsync()
    {
        var id = await RecordAsync();
        (await RunAsync("verify")).Expect(0);
        return GoodId = id;
    }

    /// <summary>Runs a verb of releases.</summary>
    public Task<Finished> RunAsync(params string[] words) => Project.RunAsync(["release", .. words]);

    public async Task<JsonElement> JsonAsync(params string[] words)
    {
        using var document = JsonDocument.Parse((await Project.RunAsync(words)).Expect(0).Out);
        return document.RootElement.Clone();
    }

    public async Task<string> GitAsync(params string[] words) => (await Project.ProgramAsync("git", words)).Expect(0).Out;

    internal static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    public ValueTask DisposeAsync() => Shop.DisposeAsync();

    /// <summary>What keeps the images of a release goes with the test.</summary>
    private void TakeAnchorsAway(string id)
    {
        foreach (var service in _services)
        {
            Shop.AtTheEnd("rm", "-f", $"runbook-anchor.{Shop.Name}.{service}.{id}");
            Shop.AtTheEnd("rmi", $"runbook.local/{Shop.Name}/{service}:{id}");
        }
    }
}
