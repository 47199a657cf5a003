using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A shop with a verified release, which a test breaks as deployments do; each test finds it as the good release left it.</summary>
public abstract class BrokenShop : IAsyncLifetime
{
    private readonly Dictionary<string, string> _ignored = new(StringComparer.Ordinal);
    private readonly string _records = Directory.CreateTempSubdirectory("runbook-e2e-").FullName;
    private ReleaseShop? _shop;
    private string _commit = "";

    internal ReleaseShop Release => _shop ?? throw new InvalidOperationException("it is opened before the first test");

    internal Shop Shop => Release.Shop;

    internal Project Project => Release.Project;

    /// <summary>The commit of the good release.</summary>
    internal string Commit => _commit;

    public async ValueTask InitializeAsync()
    {
        _shop = await OpenAsync();
        await Release.GoodAsync();
        _commit = (await Release.GitAsync("rev-parse", "HEAD")).Trim();
        Copy(Project.At(Project.Store), _records);
        foreach (var path in (await Release.GitAsync("ls-files", "--others", "--ignored", "--exclude-standard")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith(".runbook", StringComparison.Ordinal)))
        {
            _ignored[path] = await File.ReadAllTextAsync(Project.At(path), Project.Cancellation);
        }
    }

    internal abstract Task<ReleaseShop> OpenAsync();

    /// <summary>What a test has left is taken away: files, containers, and what is on record of its releases and runs.</summary>
    internal virtual async Task AsItWasAsync()
    {
        Project.Restart();
        await Release.GitAsync("reset", "--hard", "--quiet", _commit);
        await Release.GitAsync("clean", "--force", "--quiet", "-d");
        foreach (var (path, text) in _ignored)
        {
            Project.Write(path, text);
        }

        Directory.Delete(Project.At(Project.Store), recursive: true);
        Copy(_records, Project.At(Project.Store));
        (await Shop.ComposeAsync("up", "-d", "--timeout", "1", "--remove-orphans")).Expect(0);
    }

    /// <summary>What is deployed now becomes the last verified release, for this test.</summary>
    internal Task<string> AnotherGoodAsync() => Release.GoodAsync();

    internal void Edit(string file, string from, string to)
    {
        var text = File.ReadAllText(Project.At(file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        Project.Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Deploys what the files say, whether it comes up or not.</summary>
    internal Task<Finished> UpAsync(params string[] more) => Shop.ComposeAsync(["up", "-d", "--timeout", "1", .. more]);

    /// <summary>Commits the files and deploys what they say.</summary>
    internal async Task DeployAsync(params string[] more)
    {
        await Release.CommitAsync("the failed release");
        (await UpAsync(more)).Expect(0);
    }

    /// <summary>Another image under a name of the application, which is taken away with the shop.</summary>
    /// <param name="change">What is changed of the good one, as in a Dockerfile.</param>
    /// <param name="repository">Of its own when it is null.</param>
    /// <param name="folder">Of the project, which the image has at its top; null for none.</param>
    /// <returns>Its name.</returns>
    internal async Task<string> ImageAsync(string tag, string change, string? repository = null, string? folder = null)
    {
        var name = $"{repository ?? $"{Shop.Name}/app"}:{tag}";
        var made = (await Shop.DockerAsync("create", "runbooks-test/app:good")).Expect(0).Out.Trim();
        if (folder is not null)
        {
            (await Shop.DockerAsync("cp", Project.At(folder), $"{made}:/")).Expect(0);
        }

        (await Shop.DockerAsync("commit", "--change", change, made, name)).Expect(0);
        (await Shop.DockerAsync("rm", made)).Expect(0);
        Shop.AtTheEnd("rmi", name);
        return name;
    }

    /// <summary>What the application answers when it is asked whether it is well.</summary>
    internal virtual Task<HttpStatusCode> HealthAsync() => Shop.HealthAsync();

    /// <summary>The assessment as JSON, kept in <c>facts.json</c>.</summary>
    internal async Task<JsonElement> AssessAsync()
    {
        await StartedAsync();
        var ended = (await Project.RunAsync("assess", "--format", "json")).Expect(0);
        Project.Write(".runbook/facts.json", ended.Out);
        using var document = JsonDocument.Parse(ended.Out);
        return document.RootElement.Clone();
    }

    /// <summary>An application that runs is asked until it answers, well or not: one that is just beginning to listen is no broken one.</summary>
    private async Task StartedAsync()
    {
        while ((await Shop.DockerAsync("inspect", "--format", "{{.State.Status}} {{.RestartCount}}", Shop.ContainerOf("app"))).Out.Trim() == "running 0")
        {
            if (await TryHealthAsync() is not null)
            {
                return;
            }

            await Task.Delay(50, Project.Cancellation);
        }
    }

    /// <returns>Null when nobody answers.</returns>
    private async Task<HttpStatusCode?> TryHealthAsync()
    {
        try
        {
            return await HealthAsync();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The assessment, in which these facts are as they are given.</summary>
    internal async Task<JsonElement> SeenAsync(string facts)
    {
        var seen = await AssessAsync();
        Seen.Is(seen, facts);
        return seen;
    }

    /// <summary>A list of the last assessment is emptied by hand.</summary>
    internal async Task ForgetAsync(string fact)
    {
        var facts = Assert.IsType<JsonObject>(JsonNode.Parse(await File.ReadAllTextAsync(Project.At(".runbook/facts.json"), Project.Cancellation)));
        facts[fact] = new JsonArray();
        Project.Write(".runbook/facts.json", facts.ToJsonString());
    }

    /// <summary>Of the last assessment.</summary>
    internal async Task<JsonElement> AdviseAsync()
    {
        using var document = JsonDocument.Parse((await Project.RunAsync("advise", "--facts", ".runbook/facts.json", "--format", "json")).Out);
        return document.RootElement.Clone();
    }

    /// <summary>Nothing is rolled back, for this reason; no command is handed over.</summary>
    /// <param name="strategy"><c>none</c> or <c>inconclusive</c>.</param>
    internal async Task<JsonElement> NotRolledBackAsync(string strategy, string why)
    {
        var advice = await AdviseAsync();
        Assert.Equal(strategy, Seen.Value(advice, "strategy"));
        Assert.Equal(JsonValueKind.Null, advice.GetProperty("command").ValueKind);
        Assert.Contains(why, Seen.Text(advice), StringComparison.Ordinal);
        return advice;
    }

    /// <summary>The advice is this playbook; its command is run as it was handed over, the application is well, and nothing differs from the good release any more.</summary>
    /// <param name="more">Words that the command is run with besides: approvals, values that only a person knows.</param>
    internal async Task<JsonElement> TakenBackAsync(string strategy, string playbook, params string[] more)
    {
        var advice = await AdviseAsync();
        Assert.True(strategy == Seen.Value(advice, "strategy"), Seen.Text(advice));
        Assert.StartsWith($"runbook exec playbooks/{playbook}.yml ", Seen.Value(advice, "command"), StringComparison.Ordinal);
        (await ExecAsync(advice, more)).Expect(0);
        Assert.Equal(HttpStatusCode.OK, await HealthAsync());
        return advice;
    }

    /// <summary>What a person pastes, with the shipped playbooks in their place and no longer waits than a test needs.</summary>
    internal Task<Finished> ExecAsync(JsonElement advice, params string[] more) => Project.ProgramAsync("bash", Pasted(advice, "exec", more));

    /// <summary>Its plan, with these words more.</summary>
    internal Task<Finished> PlanAsync(JsonElement advice, params string[] more) => Project.ProgramAsync("bash", Pasted(advice, "plan", more));

    /// <summary>The same as <see cref="ExecAsync"/>, while it runs.</summary>
    internal LiveRun Start(JsonElement advice, params string[] more) => Project.StartProgram("bash", Pasted(advice, "exec", more));

    private static string[] Pasted(JsonElement advice, string verb, string[] more)
    {
        var line = Seen.Value(advice, "command").Replace("runbook exec playbooks/", $"'{Project.Binary}' {verb} {Repository.PathOf("playbooks")}/", StringComparison.Ordinal);
        var watch = line.Contains("/app-rollback.yml", StringComparison.Ordinal) ? " --var watch=1s" : "";
        return ["-c", $"exec {line} --var settle=500ms{watch} \"$@\"", "bash", .. more];
    }

    /// <summary>Nothing differs from the good release, and it is well.</summary>
    internal Task<JsonElement> IsWellAsync() => SeenAsync("""{"changes":[],"system_state":"fully-deployed","traffic":"production"}""");

    /// <summary>Waits until the container of a service was started again at least twice.</summary>
    internal async Task RestartsAsync(string service)
    {
        while (await InspectAsync(service, "{{.RestartCount}}") is "0" or "1")
        {
            await Task.Delay(50, Project.Cancellation);
        }
    }

    /// <summary>Waits until the application answers as it should.</summary>
    internal async Task AnswersAsync()
    {
        while (await TryHealthAsync() is not HttpStatusCode.OK)
        {
            await Task.Delay(50, Project.Cancellation);
        }
    }

    /// <summary>Waits until what the engine says of a service's container is this.</summary>
    internal async Task IsAsync(string service, string format, string wanted)
    {
        while (await InspectAsync(service, format) != wanted)
        {
            await Task.Delay(50, Project.Cancellation);
        }
    }

    /// <summary>A command, as it stands in a Compose file, that runs out of memory when <see cref="RunOutOfMemoryAsync"/> says so.</summary>
    internal const string Hungry = """[sh, -c, 'trap "tail /dev/zero" USR2; trap "exit 137" USR1; echo ready; while :; do sleep 1 & wait; done']""";

    /// <summary>The engine hears of it only when it has begun to listen, and forgets it when the container ends first: so it is told when to begin, and when to end.</summary>
    internal async Task RunOutOfMemoryAsync(string service)
    {
        while (!(await Shop.DockerAsync("logs", Shop.ContainerOf(service))).Out.Contains("ready", StringComparison.Ordinal))
        {
            await Task.Delay(50, Project.Cancellation);
        }

        var since = await InspectAsync(service, "{{.State.StartedAt}}");
        (await Shop.DockerAsync("kill", "--signal", "USR2", Shop.ContainerOf(service))).Expect(0);
        while ((await Shop.DockerAsync("events", "--since", since, "--until", DateTimeOffset.UtcNow.ToString("O"), "--filter", $"container={Shop.ContainerOf(service)}", "--filter", "event=oom", "--format", "{{.Action}}")).Expect(0).Out.Length == 0)
        {
            await Task.Delay(50, Project.Cancellation);
        }

        (await Shop.DockerAsync("kill", "--signal", "USR1", Shop.ContainerOf(service))).Expect(0);
        await IsAsync(service, "{{.State.Status}} {{.State.OOMKilled}}", "exited true");
    }

    internal async Task<string> InspectAsync(string service, string format) => (await Shop.DockerAsync("inspect", "--format", format, Shop.ContainerOf(service))).Expect(0).Out.Trim();

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, path)));
        }

        foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(path, Path.Combine(to, Path.GetRelativePath(from, path)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(_records, recursive: true);
        if (_shop is not null)
        {
            await _shop.DisposeAsync();
        }
    }
}
