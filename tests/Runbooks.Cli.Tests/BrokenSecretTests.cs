namespace Runbooks.Cli.Tests;

/// <summary>A broken deployment whose containers have a secret in their environment and shout it into their log, failed release and good one alike: it is in nothing that the way back leaves or says.</summary>
public sealed class BrokenSecretTests(AssessedShop shop) : IClassFixture<AssessedShop>
{
    private const string Shouts = """CMD ["sh", "-c", "echo ERROR cannot log in as shop with $DB_PASSWORD >&2; trap 'exit 0' TERM; nc -ll -p 8080 -e /app/answer & wait"]""";

    [Fact]
    public async Task A_secret_of_the_environment_that_the_application_writes_into_its_log()
    {
        await shop.AsItWasAsync();
        var image = $"{shop.Shop.Name}/app";
        await shop.ImageAsync("v1", Shouts);
        await shop.ImageAsync("v2", $"ENV APP_HEALTH=500\n{Shouts}");
        await DeployAsync($"{image}:v1");
        await shop.AnotherGoodAsync();
        using var team = new Listener();
        shop.Edit("runbook.yml", "project: v1\n", "project: v1\nwebhook_env: TEAM_WEBHOOK\n");
        shop.Project.Set("TEAM_WEBHOOK", team.Url);
        await DeployAsync($"{image}:v2");

        var seen = await shop.SeenAsync("""{"changes":["application"],"system_state":"degraded"}""");
        Assert.Contains("ERROR cannot log in as shop with ***", Seen.Text(seen), StringComparison.Ordinal);
        var advice = await shop.AdviseAsync();
        var plan = (await shop.PlanAsync(advice, "--probe")).Expect(0);
        (await shop.PlanAsync(advice, "-o", ".runbook/back.json")).Expect(0);
        // The good release shouts, too, and the playbook's last check is about errors in its log.
        var run = await shop.ExecAsync(advice);

        Assert.Equal(1, run.Exit);
        Assert.Contains("ERROR cannot log in as shop with", run.Said, StringComparison.Ordinal);
        string[] said = [Seen.Text(seen), Seen.Text(advice), plan.Said, run.Said, (await shop.Project.RunAsync("runs", "show", shop.Project.Records()[^1].Id)).Said, (await shop.Project.RunAsync("assess")).Said, .. team.Requests.Select(r => r.Text)];
        Assert.Equal(7, said.Length);
        Assert.All(said, text => Assert.DoesNotContain(ReleaseShop.Password, text, StringComparison.Ordinal));
        // The copy of the file from which the run could be taken back has every byte of it, and nobody else may read it.
        var holding = Directory.GetFiles(shop.Project.At(".runbook"), "*", SearchOption.AllDirectories).Where(f => File.ReadAllText(f).Contains(ReleaseShop.Password, StringComparison.Ordinal)).ToList();
        Assert.EndsWith("-.env", Assert.Single(holding), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(shop.Project.Records()[^1].Folder).UnixFileMode);
        shop.Project.Set("TEAM_WEBHOOK", null);
    }

    private async Task DeployAsync(string image)
    {
        shop.Project.Write(".env", ReleaseShop.EnvOf("good").Replace("runbooks-test/app:good", image, StringComparison.Ordinal));
        (await shop.UpAsync()).Expect(0);
        while (!(await shop.Shop.DockerAsync("logs", shop.Shop.ContainerOf("app"))).Error.Contains("cannot log in", StringComparison.Ordinal))
        {
            await Task.Delay(50, shop.Project.Cancellation);
        }
    }
}
