using System.Net;

namespace Runbooks.Cli.Tests;

/// <summary>Compose 1.29 of Debian 12 on a machine that has no other: the plugin of docker is hidden from the programs of a test, and from nobody else.</summary>
internal static class ComposeOne
{
    /// <summary>Names a folder with a <c>docker-compose</c> that is 1.29; why there is none, when it is not a folder.</summary>
    private const string Variable = "RUNBOOKS_TEST_COMPOSE_1";

    private static readonly string[] PluginFolders = ["/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins"];

    /// <summary>A shop that was deployed with it. Compose 1 knows no <c>name:</c> in a Compose file.</summary>
    internal static Task<Shop> OpenShopAsync(Func<ShopPlace, IEnumerable<(string Path, string Text)>> files) => Shop.OpenAsync(files, ["docker-compose"], Confine);

    /// <summary>A shop for other tests' files: without their <c>name:</c>, which goes into <c>.env</c>.</summary>
    internal static Task<Shop> OpenNamelessAsync(Func<ShopPlace, IEnumerable<(string Path, string Text)>> files) => OpenNamelessAsync(files, "version: '3.8'\n");

    /// <summary>The same without a version, so that it takes all that Compose files can say; see <see cref="Shop.Taken"/> for later ones.</summary>
    internal static Task<Shop> OpenVersionlessAsync(Func<ShopPlace, IEnumerable<(string Path, string Text)>> files) => OpenNamelessAsync(files, "");

    private static Task<Shop> OpenNamelessAsync(Func<ShopPlace, IEnumerable<(string Path, string Text)>> files, string version) => OpenShopAsync(place =>
    [
        .. files(place).Select(f => f.Path == "docker-compose.yml" ? (f.Path, f.Text.Replace($"name: {place.Name}\n", version, StringComparison.Ordinal)) : f),
        (".env", $"COMPOSE_PROJECT_NAME={place.Name}\n"),
    ]);

    /// <summary>The programs of the project see this Compose and no other; the test is skipped where there is none, and says why.</summary>
    internal static void Confine(Project project)
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"needs Compose 1.29: ./test.sh gets it on Debian 12 and names its folder in {Variable}");
        Assert.SkipUnless(Path.IsPathRooted(folder), folder);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "hiding the plugin of docker needs root on Linux");
        project.Within = ["unshare", "--mount", "bash", "-euc", $"for f in {string.Join(' ', PluginFolders.Where(Directory.Exists))}; do mount -t tmpfs tmpfs \"$f\"; done; exec \"$@\"", "bash"];
        // As Runbooks names it, so that a container says of both that it was made from the same files. A playbook says by itself which files are meant.
        project.Set("COMPOSE_FILE", project.At("docker-compose.yml"))
            .Set("PATH", $"{folder}:{Environment.GetEnvironmentVariable("PATH")}")
            .Set("DOCKER_CONFIG", project.At("no-docker-config"));
    }

    /// <summary>Once it answers.</summary>
    internal static async Task<HttpStatusCode> HealthAsync(Shop shop)
    {
        while (true)
        {
            try
            {
                return await shop.HealthAsync();
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, shop.Project.Cancellation);
            }
        }
    }
}
