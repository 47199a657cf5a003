using Runbooks.Builtin.Readiness;
using Runbooks.Builtin.Readiness.Disk;
using Runbooks.Builtin.Readiness.Healthchecks;
using Runbooks.Builtin.Readiness.Playbooks;
using Runbooks.Builtin.Readiness.Tags;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Readiness;

/// <summary>What is offered to mend what is not ready: a patch where it is certain, else what to choose.</summary>
public sealed class FixTests
{
    [Theory]
    [InlineData("/usr/bin/curl", """["CMD", "curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:80/health?a=b"]""")]
    [InlineData("/bin/wget", """["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:80/health?a=b"]""")]
    [InlineData("/usr/local/bin/python3", """["CMD", "python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:80/health?a=b', timeout=4)"]""")]
    public async Task A_health_check_asks_the_address_from_inside_with_a_program_that_the_image_has(string program, string test)
    {
        var shop = new ReadyShop { Docker = new DockerAnswers().Container(ReadyShop.App).Image("sha256:aaa", "sha256:aaa").Has(ReadyShop.App.Id, program) };

        var report = await shop.ReportAsync([new HealthchecksItem()]);
        var (patch, problems) = ReadyPatches.Of(report, shop.Files);

        Assert.Empty(problems);
        Assert.Equal($"--- a/compose.yaml\n+++ b/compose.yaml\n@@ -1,4 +1,10 @@\n services:\n   app:\n     image: app:1\n+    healthcheck:\n+      test: {test}\n+      interval: 10s\n+      timeout: 5s\n+      retries: 3\n+      start_period: 30s\n     ports: [\"8080:80\"]\n", patch);
        Assert.Empty(shop.Files.Written);
    }

    [Fact]
    public async Task Where_the_program_the_port_or_the_place_is_not_certain_there_is_no_patch_and_something_to_paste()
    {
        var has = new DockerAnswers().Container(ReadyShop.App).Image("sha256:aaa", "sha256:aaa").Has(ReadyShop.App.Id, "/bin/wget");

        await PastesAsync(new ReadyShop(), "it has none of curl, wget, python3, node", "PROGRAM");
        await PastesAsync(new ReadyShop { Docker = has, Model = ReadyShop.Service("app:1") }, "the service publishes no port 8080", "PROGRAM");
        await PastesAsync(new ReadyShop { Docker = has, Project = "project: v1\nservices: { app: { kind: application, health: 'https://127.0.0.1:8080/' } }\n" }, "is not answered over http by the service itself", "PROGRAM");
        await PastesAsync(new ReadyShop { Docker = has, Project = "project: v1\nservices: { app: { kind: application, health: 'http://shop.example.org:8080/' } }\n" }, "is not an address of this machine", "PROGRAM");
        await PastesAsync(new ReadyShop { Docker = has, Compose = "services:\n  app: { image: 'app:1', ports: ['8080:80'] }\n" }, "do not stand on lines of their own", "wget");
        await PastesAsync(new ReadyShop { Docker = has, Compose = "services:\n  app:\n    image: app:1\n    environment:\n      DB_PASSWORD: hunter22\n" }, "may be a secret", "wget");
    }

    [Fact]
    public async Task A_health_check_is_that_of_the_Compose_file_or_of_the_image_unless_it_is_switched_off()
    {
        var brings = new DockerAnswers().Container(ReadyShop.App).Image(new ImageState("sha256:aaa", ["sha256:aaa"], [], 1, null) { HasHealthCheck = true });

        Assert.Equal(VerdictKind.Holds, (await new ReadyShop { Model = ReadyShop.Service("app:1", ""","healthcheck":{"test":["CMD","true"]}""") }.AskAsync(new HealthchecksItem())).Kind);
        Assert.Equal(VerdictKind.Holds, (await new ReadyShop { Docker = brings }.AskAsync(new HealthchecksItem())).Kind);
        Assert.Equal("the health check of app is switched off", (await new ReadyShop { Docker = brings, Model = ReadyShop.Service("app:1", ""","healthcheck":{"disable":true}""") }.AskAsync(new HealthchecksItem())).Summary);
        Assert.Equal("the health check of app is switched off", (await new ReadyShop { Docker = brings, Model = ReadyShop.Service("app:1", ""","healthcheck":{"test":["NONE"]}""") }.AskAsync(new HealthchecksItem())).Summary);
        Assert.Equal(VerdictKind.Unknown, (await new ReadyShop { Docker = new DockerAnswers { Problem = "no engine" } }.AskAsync(new HealthchecksItem())).Kind);
    }

    [Theory]
    [InlineData("app@sha256:dd", "app:1", "app@sha256:dd")]
    [InlineData("other@sha256:dd", "app:v7", "app:v7")]
    [InlineData("other@sha256:dd", "app:main", null)]
    public async Task A_tag_that_moves_becomes_the_digest_or_another_tag_of_what_runs(string digest, string tag, string? pinned)
    {
        var shop = new ReadyShop
        {
            Compose = "services:\n  app:\n    image: \"app:latest\"\n",
            Model = ReadyShop.Service("app:latest"),
            Docker = new DockerAnswers().Container(ReadyShop.App).Image(new ImageState("sha256:aaa", ["sha256:aaa", "app:latest", tag], [digest], 1, null)),
        };

        var report = await shop.ReportAsync([new TagsItem()]);
        var (patch, _) = ReadyPatches.Of(report, shop.Files);

        Assert.Equal(pinned is null ? "" : $"--- a/compose.yaml\n+++ b/compose.yaml\n@@ -1,3 +1,3 @@\n services:\n   app:\n-    image: \"app:latest\"\n+    image: \"{pinned}\"\n", patch);
        Assert.Equal(pinned is null ? "docker tag aaa app:VERSION" : "", Assert.Single(report.Items[0].Answer.Fixes).Command);
    }

    [Fact]
    public async Task A_value_that_comes_from_a_variable_is_left_alone()
    {
        var shop = new ReadyShop
        {
            Compose = "services:\n  app:\n    image: ${IMAGE}\n",
            Model = ReadyShop.Service("app:latest"),
            Docker = new DockerAnswers().Container(ReadyShop.App).Image("sha256:aaa", "sha256:aaa", "app@sha256:dd"),
        };

        await PastesAsync(shop, "${IMAGE}", "image: app@sha256:dd", new TagsItem());
    }

    [Theory]
    [InlineData(2L << 30, VerdictKind.Holds)]
    [InlineData(1L << 29, VerdictKind.DoesNotHold)]
    [InlineData(null, VerdictKind.Unknown)]
    public async Task A_disk_that_is_full_is_not_ready(long? free, VerdictKind kind) =>
        Assert.Equal(kind, (await new ReadyShop { Disk = free is { } bytes ? (bytes, 100L << 30) : null }.AskAsync(new DiskItem())).Kind);

    [Theory]
    [InlineData(null, VerdictKind.DoesNotHold)]
    [InlineData("runbook: v1\nname: a\nsteps:\n  - run: [x]\n", VerdictKind.Holds)]
    [InlineData("runbook: v1\nname: a\nsteps:\n  - runn: [x]\n", VerdictKind.DoesNotHold)]
    [InlineData("services: {}\n", VerdictKind.DoesNotHold)]
    public async Task Playbooks_are_there_and_have_no_mistakes(string? playbook, VerdictKind kind)
    {
        var shop = new ReadyShop();
        _ = playbook is null ? shop.Files : shop.Files.With($"{ReadyShop.Folder}/playbooks/a.yml", playbook);

        var answer = await shop.AskAsync(new PlaybooksItem());

        Assert.Equal(kind, answer.Kind);
        Assert.Equal(kind != VerdictKind.Holds, answer.Fixes.Any(f => f.Command.Length > 0));
    }

    private static async Task PastesAsync(ReadyShop shop, string why, string block, IReadyItem? item = null)
    {
        var report = await shop.ReportAsync([item ?? new HealthchecksItem()]);
        var fix = Assert.Single(report.Items[0].Answer.Fixes);

        Assert.Equal(VerdictKind.DoesNotHold, report.Verdict);
        Assert.Null(fix.Patch);
        Assert.Contains(why, fix.What, StringComparison.Ordinal);
        Assert.Contains(block, fix.Block, StringComparison.Ordinal);
        Assert.Equal("", ReadyPatches.Of(report, shop.Files).Patch);
    }
}
