using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>A shop with a verified release, which a test breaks as deployments do; each test finds it as the good release left it.</summary>
public sealed class AssessedShop : IAsyncLifetime
{
    private ReleaseShop? _shop;
    private string _commit = "";

    internal ReleaseShop Release => _shop ?? throw new InvalidOperationException("it is opened before the first test");

    internal Shop Shop => Release.Shop;

    internal Project Project => Release.Project;

    public async ValueTask InitializeAsync()
    {
        _shop = await ReleaseShop.OpenAsync();
        await Release.GoodAsync();
        _commit = (await Release.GitAsync("rev-parse", "HEAD")).Trim();
    }

    /// <summary>What a test has left is taken away: files, containers, records.</summary>
    internal async Task AsItWasAsync()
    {
        await Release.GitAsync("reset", "--hard", "--quiet", _commit);
        await Release.GitAsync("clean", "--force", "--quiet", "-d");
        Project.Write(".env", ReleaseShop.EnvOf("good"));
        (await Shop.ComposeAsync("up", "-d", "--timeout", "1", "--remove-orphans")).Expect(0);
    }

    internal void Edit(string file, string from, string to)
    {
        var text = File.ReadAllText(Project.At(file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        Project.Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Deploys what the files say, whether it comes up or not.</summary>
    internal Task<Finished> UpAsync(params string[] more) => Shop.ComposeAsync(["up", "-d", "--timeout", "1", .. more]);

    /// <summary>The assessment as JSON, kept in <c>facts.json</c>.</summary>
    internal async Task<JsonElement> AssessAsync()
    {
        var ended = (await Project.RunAsync("assess", "--format", "json")).Expect(0);
        Project.Write(".runbook/facts.json", ended.Out);
        using var document = JsonDocument.Parse(ended.Out);
        return document.RootElement.Clone();
    }

    internal async Task<JsonElement> AdviseAsync()
    {
        using var document = JsonDocument.Parse((await Project.RunAsync("advise", "--facts", ".runbook/facts.json", "--format", "json")).Out);
        return document.RootElement.Clone();
    }

    /// <summary>Waits until the container of a service was started again at least twice.</summary>
    internal async Task RestartsAsync(string service)
    {
        while (await InspectAsync(service, "{{.RestartCount}}") is "0" or "1")
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

    private async Task<string> InspectAsync(string service, string format) => (await Shop.DockerAsync("inspect", "--format", format, $"{Shop.Name}-{service}-1")).Expect(0).Out.Trim();

    public async ValueTask DisposeAsync()
    {
        if (_shop is not null)
        {
            await _shop.DisposeAsync();
        }
    }
}
