namespace Runbooks.Cli.Tests;

/// <summary>Deployments that a change of networks, volumes, ports, limits or services broke, on a real engine: what is seen of each, what is advised, and that the advised command mends it.</summary>
public sealed class BrokenInfrastructureTests(BrokenInfrastructureShop shop) : IClassFixture<BrokenInfrastructureShop>
{
    [Fact]
    public async Task A_service_on_another_network_is_not_reached()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "    expose: [\"8080\"]\n    networks: [back]", "    expose: [\"8080\"]\n    networks: [edge]");
        shop.Edit("docker-compose.yml", "  back: {}\n", "  back: {}\n  edge: {}\n");
        await shop.DeployAsync();

        await shop.SeenAsync("""{"changes":["infrastructure"],"infrastructure":["network"],"system_state":"degraded","traffic":"production"}""");

        var advice = await shop.TakenBackAsync("infrastructure", "network-rollback");
        Assert.Contains($"--var reach=app/store:8080 ", Seen.Value(advice, "command"), StringComparison.Ordinal);
        Assert.Contains($"--var gone={shop.Shop.Name}_edge ", Seen.Value(advice, "command"), StringComparison.Ordinal);
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_volume_under_another_name_is_empty()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "data:/data", "orders:/data");
        shop.Edit("docker-compose.yml", "  data: {}", "  orders: {}");
        await shop.DeployAsync();

        var seen = await shop.SeenAsync("""{"changes":["infrastructure"],"infrastructure":["volume"],"system_state":"degraded"}""");
        Assert.Contains("ERROR there are no orders", Seen.Text(seen), StringComparison.Ordinal);

        await shop.TakenBackAsync("infrastructure", "volume-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_limit_that_is_too_low()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "    depends_on: [store]\n", $"    depends_on: [store]\n    mem_limit: 8m\n    command: {BrokenShop.Hungry}\n");
        await shop.DeployAsync();
        await shop.RunOutOfMemoryAsync("app");

        var seen = await shop.SeenAsync("""{"changes":["configuration","infrastructure"],"system_state":"crashed","failure_time":"post-deployment","traffic":"offline","cause_in_release":true}""");
        Assert.Contains("killed because it was out of memory", Seen.Text(seen), StringComparison.Ordinal);

        await shop.TakenBackAsync("sequential", "compose-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_service_under_another_name_leaves_the_old_one_behind()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "  store:\n", "  ledger:\n");
        shop.Edit("docker-compose.yml", "depends_on: [store]", "depends_on: [ledger]");
        await shop.DeployAsync("--remove-orphans");

        await shop.SeenAsync("""{"changes":["infrastructure"],"infrastructure":["compose"],"traffic":"production"}""");

        await shop.TakenBackAsync("infrastructure", "compose-rollback", "--var", "remove_gone=after");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_port_that_somebody_else_holds()
    {
        await shop.AsItWasAsync();
        using var other = new Listener(_ => (200, "other"));
        shop.Edit("docker-compose.yml", $"{shop.Shop.Port}:8080", $"{other.Port}:8080");
        await shop.Release.CommitAsync("the failed release");
        Assert.NotEqual(0, (await shop.UpAsync()).Exit);

        await shop.SeenAsync("""{"changes":["infrastructure"],"infrastructure":["compose"],"system_state":"partially-deployed","failure_time":"during-deployment","traffic":"offline"}""");

        await shop.TakenBackAsync("infrastructure", "compose-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_subnet_that_another_network_has()
    {
        await shop.AsItWasAsync();
        var subnet = $"10.{100 + (shop.Shop.Port % 100)}.{shop.Shop.Port % 250}";
        (await shop.Shop.DockerAsync("network", "create", "--subnet", $"{subnet}.0/25", $"{shop.Shop.Name}other")).Expect(0);
        try
        {
            shop.Edit("docker-compose.yml", "  back: {}\n", $"  back: {{ ipam: {{ config: [{{ subnet: {subnet}.0/24 }}] }} }}\n");
            await shop.Release.CommitAsync("the failed release");
            // Compose gives a network that is there no other subnet: who wants it takes everything down before.
            (await shop.Shop.ComposeAsync("down", "--timeout", "1")).Expect(0);
            var up = await shop.UpAsync();
            Assert.Contains("Pool overlaps", up.Said, StringComparison.Ordinal);

            await shop.SeenAsync("""{"changes":["infrastructure"],"infrastructure":["network"],"deployed":true,"system_state":"crashed","traffic":"offline"}""");

            await shop.TakenBackAsync("infrastructure", "network-rollback");
            await shop.IsWellAsync();
        }
        finally
        {
            await shop.Shop.DockerAsync("network", "rm", $"{shop.Shop.Name}other");
        }
    }

    [Fact]
    public async Task An_image_and_the_files_around_it_that_changed_together()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "    image: runbooks-test/app:good\n    depends_on: [store]\n", "    image: runbooks-test/app:bad\n    depends_on: [store]\n    restart: always\n");
        shop.Edit("docker-compose.yml", "\"./answer:/app/answer:ro\", ", "");
        await shop.DeployAsync();

        await shop.SeenAsync("""{"changes":["application","infrastructure"],"system_state":"degraded","cause_in_release":true}""");

        await shop.TakenBackAsync("sequential", "sequential-rollback", "--approve", "gate_infrastructure=alice");
        await shop.IsWellAsync();
    }
}
