using System.Net;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>What is mounted goes back to what git has, on a real engine; no volume is removed, and none is taken for another.</summary>
public sealed class VolumeRollbackTests
{
    [Fact]
    public async Task A_renamed_volume_is_mounted_again_byte_for_byte_and_the_other_one_stays_with_what_was_written_since()
    {
        await using var shop = await OpenAsync(Bad);
        var (volumes, data) = (await VolumesAsync(shop), await DigestAsync(shop, "data"));

        var run = (await shop.ExecAsync("volume-rollback")).Expect(0);

        Assert.Equal(Good(shop), shop.ComposeFile);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal("/data=data", await MountsAsync(shop, "app"));
        Assert.Equal(volumes, await VolumesAsync(shop));
        Assert.Equal(data, await DigestAsync(shop, "data"));
        Assert.Equal("sold since\n", await ReadAsync(shop, "sales", "since"));
        Assert.Contains($"service app at /data: now {shop.Name}_sales; after the rollback {shop.Name}_data", run.Said, StringComparison.Ordinal);
        Assert.Matches($@"volume {shop.Name}_data \(made .*\): 2 files, 22 bytes, last written 20", run.Said);
        Assert.Matches($@"volume {shop.Name}_sales \(made .*\): 1 file, 11 bytes, last written 20", run.Said);
        Assert.Matches(@"11 20\d\d-.* since", run.Said);
        Assert.Contains($"volume {shop.Name}_data, mounted by {shop.Name}-app-1: sha256 ", run.Said, StringComparison.Ordinal);
        shop.Project.Record().IsWhole();

        (await shop.Project.RunAsync("undo")).Expect(0);

        Assert.Equal(Bad(shop), shop.ComposeFile);
        Assert.Equal("/data=sales", await MountsAsync(shop, "app"));
        Assert.Equal((volumes, data), (await VolumesAsync(shop), await DigestAsync(shop, "data")));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData("ill", "answers 200, and keeps doing so")]
    [InlineData("unstartable", "step 'start'")]
    public async Task When_the_application_is_not_well_with_it_either_the_failing_release_has_its_own_volume_again(string revision, string said)
    {
        await using var shop = await OpenAsync(Bad);
        var (compose, volumes, data) = (shop.ComposeFile, await VolumesAsync(shop), await DigestAsync(shop, "data"));
        await using var watch = await EngineWatch.BeginAsync(shop);

        var run = (await shop.ExecAsync("volume-rollback", $"revision={revision}", "patience=3s")).Expect(4);

        Assert.Empty(await watch.RemovedAsync());
        Assert.Contains(said, run.Said, StringComparison.Ordinal);
        Assert.Equal(compose, shop.ComposeFile);
        Assert.Equal("/data=sales", await MountsAsync(shop, "app"));
        Assert.Equal((volumes, data), (await VolumesAsync(shop), await DigestAsync(shop, "data")));
        Assert.Equal("sold since\n", await ReadAsync(shop, "sales", "since"));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Fact]
    public async Task A_volume_that_somebody_writes_to_meanwhile_is_found_out_before_the_application_starts()
    {
        await using var shop = await OpenAsync(Bad);
        shop.InsteadOfDocker($$"""
            case " $* " in *" create --no-build "*) real run --rm --network none --volume {{shop.Name}}_data:/data runbooks-test/base:latest sh -c 'echo more >>/data/sales';; esac
            """);

        var run = (await shop.ExecAsync("volume-rollback")).Expect(4);

        Assert.Contains($"volume {shop.Name}_data is not what it was", run.Said, StringComparison.Ordinal);
        Assert.Equal("/data=sales", await MountsAsync(shop, "app"));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task A_volume_that_is_gone_would_be_made_anew_with_nothing_in_it_and_is_refused_before_anything_is_done()
    {
        await using var shop = await OpenAsync(Bad);
        var (container, volumes) = (await shop.ContainerAsync("app"), await VolumesAsync(shop));
        await shop.CommitAsync("elsewhere", Good(shop).Replace("data", "lost", StringComparison.Ordinal).Replace("/lost", "/data", StringComparison.Ordinal));
        await shop.CommitAsync("again", Bad(shop));

        var run = (await shop.ExecAsync("volume-rollback", "revision=elsewhere")).Expect(3);

        Assert.Contains($"service app: volume {shop.Name}_lost, which was mounted at /data, is not there and would be made anew", run.Said, StringComparison.Ordinal);
        Assert.Equal((container, volumes), (await shop.ContainerAsync("app"), await VolumesAsync(shop)));
        (await shop.ExecAsync("volume-rollback", "revision=elsewhere", $"new_volumes={shop.Name}_lost")).Expect(0);
        Assert.Equal("/data=lost", await MountsAsync(shop, "app"));
        Assert.Equal("sold since\n", await ReadAsync(shop, "sales", "since"));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_refused_and_not_made()
    {
        await using var shop = await OpenAsync(Bad);
        await shop.CommitAsync("folder", Good(shop).Replace("data:/data", "./uploads:/data", StringComparison.Ordinal));
        await shop.CommitAsync("again", Bad(shop));

        var run = (await shop.ExecAsync("volume-rollback", "revision=folder")).Expect(3);

        Assert.Contains($"service app: {shop.Project.At("uploads")}, which was mounted at /data, is not on this machine", run.Said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shop.Project.At("uploads")));
        Directory.CreateDirectory(shop.Project.At("uploads"));
        (await shop.ExecAsync("volume-rollback", "revision=folder")).Expect(0);
        Assert.Equal($"/data={shop.Project.At("uploads")}", await MountsAsync(shop, "app"));
    }

    [Fact]
    public async Task Services_that_share_the_volume_go_back_together()
    {
        await using var shop = await OpenAsync(s => With(Bad(s), "sales"), s => With(Good(s), "data"));

        Assert.Contains("what service worker has mounted differs at HEAD~1 too", (await shop.ExecAsync("volume-rollback")).Expect(3).Said, StringComparison.Ordinal);
        (await shop.ExecAsync("volume-rollback", "services=app,worker")).Expect(0);

        Assert.Equal("/data=data", await MountsAsync(shop, "app"));
        Assert.Equal("/data=data", await MountsAsync(shop, "worker"));

        static string With(string compose, string volume) => compose.Replace("volumes:\n  ", $"  worker:\n    image: runbooks-test/app:good\n    volumes: [\"{volume}:/data\"]\nvolumes:\n  ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_written_into_the_container_because_nothing_was_mounted_is_not_lost_unnoticed()
    {
        await using var shop = await OpenAsync(s => Bad(s).Replace("    volumes: [\"sales:/data\"]\n", "", StringComparison.Ordinal));
        var id = (await shop.ContainerAsync("app"))[..12];

        var run = (await shop.ExecAsync("volume-rollback")).Expect(3);

        Assert.Contains($"save it with 'docker cp {id}:/data .', and say lose=app:/data", run.Said, StringComparison.Ordinal);
        (await shop.DockerAsync("cp", $"{id}:/data", shop.Project.At("saved"))).Expect(0);
        (await shop.ExecAsync("volume-rollback", "lose=app:/data")).Expect(0);
        Assert.Equal("sold since\n", await File.ReadAllTextAsync(shop.Project.At("saved/since"), shop.Project.Cancellation));
        Assert.Equal("/data=data", await MountsAsync(shop, "app"));
    }

    [Fact]
    public async Task A_volume_without_a_name_is_not_left_behind_unnoticed()
    {
        await using var shop = await OpenAsync(s => Bad(s).Replace("sales:/data", "/data", StringComparison.Ordinal));
        var nameless = (await MountsAsync(shop, "app"))["/data=".Length..];
        Assert.Matches("^[0-9a-f]{64}$", nameless);
        await using var watch = await EngineWatch.BeginAsync(shop);

        var run = (await shop.ExecAsync("volume-rollback")).Expect(3);

        Assert.Contains($"service app has a volume without a name at /data, {nameless}: nothing would lead to it any more", run.Said, StringComparison.Ordinal);
        (await shop.ExecAsync("volume-rollback", $"leave={nameless}")).Expect(0);
        Assert.Equal("/data=data", await MountsAsync(shop, "app"));
        Assert.Empty(await watch.RemovedAsync());
        (await shop.DockerAsync("volume", "rm", nameless)).Expect(0);
        Assert.Equal([$"volume destroy {nameless}"], await watch.RemovedAsync());
    }

    [Fact]
    public async Task A_revision_at_which_the_same_was_mounted_is_no_way_back_and_neither_is_one_with_a_volume_without_a_name()
    {
        await using var shop = await OpenAsync(Bad);
        await shop.CommitAsync("same", Bad(shop) + "# no other\n");
        await shop.CommitAsync("nameless", Good(shop).Replace("data:/data", "/data", StringComparison.Ordinal));
        await shop.CommitAsync("again", Bad(shop));

        Assert.Contains("what is mounted at same is what is mounted now", (await shop.ExecAsync("volume-rollback", "revision=same")).Expect(3).Said, StringComparison.Ordinal);
        Assert.Contains("service app had a volume without a name at /data", (await shop.ExecAsync("volume-rollback", "revision=nameless")).Expect(3).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_files_another_project_name_and_a_volume_named_in_an_env_file_elsewhere_go_back_together()
    {
        var project = $"rbvol{Guid.NewGuid():N}"[..16];
        await using var shop = await Shop.OpenAsync(
            place =>
            [
                ("deploy/base.yml", """
                    services:
                      app:
                        image: runbooks-test/app:good
                        volumes: ["data:/data"]
                    volumes:
                      data: { name: "${VOLUME}" }
                    """),
                ("deploy/prod.yml", """
                    services:
                      app:
                        ports: ["127.0.0.1:${PORT}:8080"]
                    """),
                ("settings/prod.env", $"VOLUME={place.Name}_old\nPORT={place.Port}\n"),
            ],
            "-p", project, "-f", "deploy/base.yml", "-f", "deploy/prod.yml", "--env-file", "settings/prod.env");
        (await shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "echo sold >/data/sales")).Expect(0);
        await shop.CommitAsync("good");
        shop.AtTheEnd("volume", "rm", $"{shop.Name}_new");
        shop.Project.Write("settings/prod.env", $"VOLUME={shop.Name}_new\nPORT={shop.Port}\n");
        await shop.CommitAsync("bad");
        // Compose by itself does not see that the volume has another name now.
        (await shop.ComposeAsync("up", "-d", "--force-recreate")).Expect(0);
        await shop.AnswersAsync(HttpStatusCode.OK);

        (await shop.ExecAsync("volume-rollback", "files=settings/prod.env", "compose=deploy/base.yml,deploy/prod.yml", $"compose_project={project}", "env_file=settings/prod.env")).Expect(0);

        Assert.Equal("sold\n", (await shop.ComposeAsync("exec", "-T", "app", "cat", "/data/sales")).Expect(0).Out);
        Assert.Equal(" M settings/prod.env\n", await shop.GitAsync("status", "--porcelain", "--", "deploy", "settings"));
        (await shop.DockerAsync("volume", "inspect", $"{shop.Name}_new")).Expect(0);
    }

    /// <summary>The good file was deployed and data written, then the bad one, and more was written.</summary>
    internal static async Task<Shop> OpenAsync(Func<Shop, string> bad, Func<Shop, string>? good = null)
    {
        var shop = await Shop.OpenAsync(place => [("docker-compose.yml", Good(place.Name, place.Port))]);
        (await shop.ComposeAsync("exec", "-T", "app", "sh", "-c", @"echo what was sold >/data/sales; mkdir /data/more; printf 'bytes\0\377\n' >/data/more/raw")).Expect(0);
        await shop.CommitAsync("ill", Good(shop).Replace("\"200\"", "\"503\"", StringComparison.Ordinal));
        await shop.CommitAsync("unstartable", Good(shop).Replace("app:good", "app:unstartable", StringComparison.Ordinal));
        await shop.CommitAsync("good", good?.Invoke(shop) ?? Good(shop));
        await shop.CommitAsync("bad", bad(shop));
        // Otherwise Compose would carry the volume with a name on to where the files want one without.
        (await shop.ComposeAsync("up", "-d", "--renew-anon-volumes")).Expect(0);
        (await shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "mkdir -p /data; echo sold since >/data/since")).Expect(0);
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
        return shop;
    }

    private static string Good(Shop shop) => Good(shop.Name, shop.Port);

    private static string Good(string name, int port) => $$"""
        name: {{name}}
        services:
          app:
            image: runbooks-test/app:good
            environment: { APP_HEALTH: "200" }
            ports: ["127.0.0.1:{{port}}:8080"]
            volumes: ["data:/data"]
        volumes:
          data: {}

        """;

    internal static string Bad(Shop shop) => Good(shop).Replace("app:good", "app:bad", StringComparison.Ordinal).Replace("\"200\"", "\"500\"", StringComparison.Ordinal)
        .Replace("data:/data", "sales:/data", StringComparison.Ordinal).Replace("  data: {}", "  sales: {}", StringComparison.Ordinal);

    /// <summary>A word for each mount: the folder inside, and what is there.</summary>
    internal static async Task<string> MountsAsync(Shop shop, string service)
    {
        var id = (await shop.ContainerAsync(service)).Split(' ')[0];
        var format = "{{range .Mounts}}{{.Destination}}={{if .Name}}{{.Name}}{{else}}{{.Source}}{{end}} {{end}}";
        return (await shop.DockerAsync("inspect", "--format", format, id)).Expect(0).Out.Trim().Replace($"{shop.Name}_", "", StringComparison.Ordinal);
    }

    internal static async Task<string> VolumesAsync(Shop shop) => (await shop.DockerAsync("volume", "ls", "--quiet", "--filter", $"label=com.docker.compose.project={shop.Name}")).Expect(0).Out;

    internal static async Task<string> ReadAsync(Shop shop, string volume, string file) =>
        (await shop.DockerAsync("run", "--rm", "--network", "none", "--volume", $"{shop.Name}_{volume}:/volume:ro", "runbooks-test/base:latest", "cat", $"/volume/{file}")).Expect(0).Out;

    /// <summary>Of every file in a volume, with its name.</summary>
    internal static async Task<string> DigestAsync(Shop shop, string volume) =>
        (await shop.DockerAsync("run", "--rm", "--network", "none", "--volume", $"{shop.Name}_{volume}:/volume:ro", "runbooks-test/base:latest", "sh", "-c", "cd /volume && find . -type f -exec sha256sum {} + | sort -k 2")).Expect(0).Out;
}
