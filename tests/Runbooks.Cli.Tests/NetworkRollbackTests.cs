using System.Net;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>The networks of a project go back to what git has, on a real engine, with the containers on them, and whoever else was on them.</summary>
public sealed class NetworkRollbackTests
{
    [Fact]
    public async Task Networks_are_made_anew_as_they_were_and_the_services_reach_each_other_again()
    {
        await using var shop = await OpenAsync();
        Assert.NotEqual(0, (await shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "nc -w 3 store 8080 </dev/null")).Exit);
        (await shop.ComposeAsync("exec", "-T", "store", "sh", "-c", "echo sold >/data/sales; echo kept >/cache/page")).Expect(0);

        var (bad, networks) = (shop.ComposeFile, await NetworksAsync(shop));
        await using var watch = await EngineWatch.BeginAsync(shop);

        (await ExecAsync(shop)).Expect(0);

        Assert.Equal(Good(shop), shop.ComposeFile);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal(GoodNetworks(shop), await NetworksAsync(shop));
        Assert.Equal(("back,front", "back"), (await OnAsync(shop, "app"), await OnAsync(shop, "store")));
        Assert.Equal("sold\nkept\n", (await shop.ComposeAsync("exec", "-T", "store", "cat", "/data/sales", "/cache/page")).Expect(0).Out);
        shop.Project.Record().IsWhole();

        (await shop.Project.RunAsync("undo")).Expect(0);

        Assert.Equal((bad, networks), (shop.ComposeFile, await NetworksAsync(shop)));
        Assert.Equal(("back,front", "edge"), (await OnAsync(shop, "app"), await OnAsync(shop, "store")));
        Assert.Equal("sold\nkept\n", (await shop.ComposeAsync("exec", "-T", "store", "cat", "/data/sales", "/cache/page")).Expect(0).Out);
        Assert.Empty(await watch.RemovedAsync());
    }

    [Fact]
    public async Task What_would_be_made_anew_or_removed_must_be_named()
    {
        await using var shop = await OpenAsync();
        var (files, networks, app) = (shop.ComposeFile, await NetworksAsync(shop), await shop.ContainerAsync("app"));

        var none = (await shop.ExecAsync("network-rollback", "reach=app/store:8080")).Expect(3);
        var wrong = (await shop.ExecAsync("network-rollback", $"networks={shop.Name}_back,{shop.Name}_front,{shop.Name}_edge", $"gone={shop.Name}_back", "services=app", "reach=app:8080")).Expect(3);

        Assert.Contains($"network {shop.Name}_back is another one at HEAD~1: name it in 'networks'", none.Said, StringComparison.Ordinal);
        Assert.DoesNotContain($"network {shop.Name}_front", none.Said, StringComparison.Ordinal);
        Assert.Contains($"'networks' names {shop.Name}_front, which is the same at HEAD~1", wrong.Said, StringComparison.Ordinal);
        Assert.Contains($"'networks' names {shop.Name}_edge, which the files of HEAD~1 do not have: name it in 'gone'", wrong.Said, StringComparison.Ordinal);
        Assert.Contains($"'gone' names {shop.Name}_back, which is no network that the files have now and did not have", wrong.Said, StringComparison.Ordinal);
        Assert.Contains($"service store is on network {shop.Name}_edge: name it in 'services' too", wrong.Said, StringComparison.Ordinal);
        Assert.Contains("'reach' has app:8080", wrong.Said, StringComparison.Ordinal);
        Assert.Equal((files, networks, app), (shop.ComposeFile, await NetworksAsync(shop), await shop.ContainerAsync("app")));
    }

    [Fact]
    public async Task A_container_of_others_is_named_and_is_connected_again_with_its_names()
    {
        await using var shop = await OpenAsync();
        var stranger = await StrangerAsync(shop);

        var run = (await ExecAsync(shop)).Expect(3);

        Assert.Contains($"container {stranger} is on network {shop.Name}_back, which is made anew, and is no service of this project: name it in 'foreign'", run.Said, StringComparison.Ordinal);
        (await ExecAsync(shop, $"foreign={stranger}", "reach=app/store:8080,app/ledger:8080")).Expect(0);
        Assert.Equal(GoodNetworks(shop), await NetworksAsync(shop));
        Assert.Contains($"{stranger} ", await OnNetworkAsync(shop, "back"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_of_others_with_a_fixed_address_or_on_a_network_that_is_removed_is_for_a_person()
    {
        await using var shop = await OpenAsync();
        var stranger = await StrangerAsync(shop, "--ip", $"{Subnet(shop, 3)}.77");
        (await shop.DockerAsync("network", "connect", $"{shop.Name}_edge", stranger)).Expect(0);

        var run = (await ExecAsync(shop, $"foreign={stranger}")).Expect(3);

        Assert.Contains($"container {stranger} has the fixed address {Subnet(shop, 3)}.77 on network {shop.Name}_back", run.Said, StringComparison.Ordinal);
        Assert.Contains($"container {stranger} is on network {shop.Name}_edge, which would be removed", run.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subnet_that_another_network_has_is_found_before_anything_is_changed()
    {
        await using var shop = await OpenAsync();
        (await shop.DockerAsync("network", "create", "--label", $"com.docker.compose.project={shop.Name}", "--subnet", $"{Subnet(shop, 2)}.128/25", $"{shop.Name}other")).Expect(0);
        var (networks, app) = (await NetworksAsync(shop), await shop.ContainerAsync("app"));
        // A network that is listed, and is taken away by its owner before it is looked at.
        var gone = shop.Project.At("gone");
        shop.InsteadOfDocker($$"""
            if [ "$1 $2" = "network ls" ] && [ ! -e {{gone}} ]; then touch {{gone}}; echo rbgone; fi
            """);

        var run = (await ExecAsync(shop)).Expect(3);

        Assert.True(File.Exists(gone));
        Assert.Contains($"subnet {Subnet(shop, 2)}.0/24 of network {shop.Name}_back overlaps {Subnet(shop, 2)}.128/25, which is network {shop.Name}other", run.Said, StringComparison.Ordinal);
        Assert.Equal((networks, app), (await NetworksAsync(shop), await shop.ContainerAsync("app")));
    }

    [Theory]
    [InlineData("ill", "answers 200, and keeps doing so")]
    [InlineData("cut", "inside app, store:8080 is found by its name and answers")]
    public async Task Networks_with_which_it_is_not_well_either_are_taken_back_with_everybody_on_them(string revision, string said)
    {
        await using var shop = await OpenAsync();
        var stranger = await StrangerAsync(shop);
        var (files, networks) = (shop.ComposeFile, await NetworksAsync(shop));
        (await shop.ComposeAsync("exec", "-T", "store", "sh", "-c", "echo kept >/cache/page")).Expect(0);

        var run = (await ExecAsync(shop, $"foreign={stranger}", $"revision={revision}", "patience=3s")).Expect(4);

        Assert.Contains(said, run.Said, StringComparison.Ordinal);
        Assert.Equal((files, networks), (shop.ComposeFile, await NetworksAsync(shop)));
        Assert.Equal(("back,front", "edge"), (await OnAsync(shop, "app"), await OnAsync(shop, "store")));
        Assert.Contains($"{stranger} ", await OnNetworkAsync(shop, "back"), StringComparison.Ordinal);
        Assert.Equal("kept\n", (await shop.ComposeAsync("exec", "-T", "store", "cat", "/cache/page")).Expect(0).Out);
        (await shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "nc -w 3 ledger 8080 </dev/null")).Expect(0);
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Fact]
    public async Task A_network_that_cannot_be_removed_in_the_middle_leaves_everything_as_it_was()
    {
        await using var shop = await OpenAsync();
        var (files, networks) = (shop.ComposeFile, await NetworksAsync(shop));
        shop.InsteadOfDocker($$"""
            if [ "$*" = "network rm {{shop.Name}}_edge" ]; then echo "error while removing network: has active endpoints" >&2; exit 1; fi
            """);

        var run = (await ExecAsync(shop)).Expect(4);

        Assert.Contains("has active endpoints", run.Said, StringComparison.Ordinal);
        Assert.Equal((files, networks), (shop.ComposeFile, await NetworksAsync(shop)));
        Assert.Equal(("back,front", "edge"), (await OnAsync(shop, "app"), await OnAsync(shop, "store")));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Two_files_another_project_name_an_env_file_elsewhere_and_a_network_of_others_that_is_never_removed()
    {
        var project = $"rbnet{Guid.NewGuid():N}"[..16];
        await using var shop = await Shop.OpenAsync(
            place =>
            [
                ("deploy/base.yml", """
                    services:
                      app:
                        image: runbooks-test/app:good
                        networks: [back]
                    networks:
                      back:
                        ipam: { config: [{ subnet: "${SUBNET}" }] }
                    """),
                ("deploy/prod.yml", """
                    services:
                      app:
                        ports: ["127.0.0.1:${PORT}:8080"]
                    """),
                ("settings/prod.env", $"SUBNET={Subnet(place.Port, 2)}.0/24\nPORT={place.Port}\n"),
            ],
            "-p", project, "-f", "deploy/base.yml", "-f", "deploy/prod.yml", "--env-file", "settings/prod.env");
        var others = $"{shop.Name}others";
        (await shop.DockerAsync("network", "create", "--label", $"com.docker.compose.project={shop.Name}", others)).Expect(0);
        await shop.CommitAsync("good");
        shop.Project.Write("settings/prod.env", $"SUBNET={Subnet(shop.Port, 3)}.0/24\nPORT={shop.Port}\n");
        shop.Project.Write("deploy/prod.yml", $"services:\n  app:\n    ports: [\"127.0.0.1:${{PORT}}:8080\"]\n    networks: [others]\nnetworks:\n  others: {{ name: {others}, external: true }}\n");
        await shop.CommitAsync("bad");
        (await shop.ComposeAsync("down", "--timeout", "1")).Expect(0);
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        string[] place = ["files=deploy/prod.yml,settings/prod.env", "compose=deploy/base.yml,deploy/prod.yml", $"compose_project={project}", "env_file=settings/prod.env", $"networks={project}_back"];

        Assert.Contains($"network {others} is of others (external): it is never removed", (await shop.ExecAsync("network-rollback", [.. place, $"gone={others}", "reach=app/app:8080"])).Expect(3).Said, StringComparison.Ordinal);
        (await shop.ExecAsync("network-rollback", [.. place, "reach=app/app:8080"])).Expect(0);

        Assert.Equal($"{Subnet(shop.Port, 2)}.0/24", (await shop.DockerAsync("network", "inspect", "--format", "{{range .IPAM.Config}}{{.Subnet}}{{end}}", $"{project}_back")).Expect(0).Out.Trim());
        (await shop.DockerAsync("network", "inspect", others)).Expect(0);
    }

    /// <summary>The good file was deployed, then the bad one: 'back' has another subnet, and 'store' is on the new network 'edge' alone.</summary>
    internal static async Task<Shop> OpenAsync(Func<Func<ShopPlace, IEnumerable<(string Path, string Text)>>, Task<Shop>>? open = null)
    {
        var shop = await (open ?? (files => Shop.OpenAsync(files)))(place => [("docker-compose.yml", Good(place.Name, place.Port))]);
        await shop.CommitAsync("ill", Good(shop).Replace("\"200\"", "\"503\"", StringComparison.Ordinal));
        await shop.CommitAsync("cut", Good(shop).Replace("networks: [back]", "networks: [alone]", StringComparison.Ordinal).Replace("  front: {}", "  front: {}\n  alone: {}", StringComparison.Ordinal));
        await shop.CommitAsync("good", Good(shop));
        await shop.CommitAsync("bad", Good(shop).Replace("app:good", "app:bad", StringComparison.Ordinal).Replace("\"200\"", "\"500\"", StringComparison.Ordinal)
            .Replace("networks: [back]", "networks: [edge]", StringComparison.Ordinal).Replace("  front: {}", "  front: {}\n  edge: {}", StringComparison.Ordinal)
            .Replace($"{Subnet(shop, 2)}.0", $"{Subnet(shop, 3)}.0", StringComparison.Ordinal));
        // Compose does not change a network that is there: whoever deployed this had to.
        (await shop.ComposeAsync("down", "--volumes", "--timeout", "1")).Expect(0);
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        // It has no name, and once it went over to a new container 'down' does not take it away.
        var cache = (await shop.DockerAsync("inspect", "--format", "{{range .Mounts}}{{if eq .Destination \"/cache\"}}{{.Name}}{{end}}{{end}}", (await shop.ContainerAsync("store")).Split(' ')[0])).Expect(0).Out.Trim();
        shop.AtTheEnd("volume", "rm", cache);
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
        return shop;
    }

    /// <summary>A container that is nobody's service, on 'back' by the name 'ledger'.</summary>
    private static async Task<string> StrangerAsync(Shop shop, params string[] options)
    {
        var name = $"{shop.Name}stranger";
        (await shop.DockerAsync(["run", "--detach", "--rm", "--name", name, "--network", $"{shop.Name}_back", "--network-alias", "ledger", .. options, "runbooks-test/app:good"])).Expect(0);
        shop.AtTheEnd("rm", "--force", name);
        return name;
    }

    private static string Good(Shop shop) => shop.Taken(Good(shop.Name, shop.Port));

    private static string Good(string name, int port) => $$"""
        name: {{name}}
        services:
          app:
            image: runbooks-test/app:good
            environment: { APP_HEALTH: "200" }
            ports: ["127.0.0.1:{{port}}:8080"]
            networks: [front, back]
          store:
            image: runbooks-test/app:good
            networks: [back]
            volumes: ["data:/data", "/cache"]
        networks:
          front: {}
          back:
            ipam: { config: [{ subnet: {{Subnet(port, 2)}}.0/24 }] }
        volumes:
          data: {}

        """;

    private static string Subnet(Shop shop, int last) => Subnet(shop.Port, last);

    /// <summary>The first three parts of an address; no two tests at a time have the same.</summary>
    private static string Subnet(int port, int last) => $"10.{100 + (port / 240 % 100)}.{(port % 60 * 4) + last}";

    internal static string GoodNetworks(Shop shop) => $"back {Subnet(shop, 2)}.0/24\nfront";

    /// <summary>A line for each network of the project, with the subnet that a file gave it.</summary>
    internal static async Task<string> NetworksAsync(Shop shop)
    {
        var names = (await shop.DockerAsync("network", "ls", "--filter", $"label=com.docker.compose.project={shop.Name}", "--format", "{{.Name}}")).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var lines = (await shop.DockerAsync(["network", "inspect", "--format", "{{.Name}}{{range .IPAM.Config}} {{.Subnet}}{{end}}", .. names])).Expect(0).Out;
        return string.Join('\n', lines.Replace($"{shop.Name}_", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Contains($" {Subnet(shop, 2)}.", StringComparison.Ordinal) || l.Contains($" {Subnet(shop, 3)}.", StringComparison.Ordinal) ? l : l.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    /// <summary>The networks on which a service is.</summary>
    internal static async Task<string> OnAsync(Shop shop, string service)
    {
        var id = (await shop.ContainerAsync(service)).Split(' ')[0];
        var names = (await shop.DockerAsync("inspect", "--format", "{{range $name, $n := .NetworkSettings.Networks}}{{println $name}}{{end}}", id)).Expect(0).Out.Replace($"{shop.Name}_", "", StringComparison.Ordinal);
        return string.Join(',', names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private static async Task<string> OnNetworkAsync(Shop shop, string network) =>
        (await shop.DockerAsync("network", "inspect", "--format", "{{range .Containers}}{{.Name}} {{end}}", $"{shop.Name}_{network}")).Expect(0).Out;

    internal static Task<Finished> ExecAsync(Shop shop, params string[] values) => shop.ExecAsync("network-rollback",
    [
        $"networks={shop.Name}_back", $"gone={shop.Name}_edge", .. values.Any(v => v.StartsWith("reach=", StringComparison.Ordinal)) ? Array.Empty<string>() : ["reach=app/store:8080"], .. values,
    ]);
}
