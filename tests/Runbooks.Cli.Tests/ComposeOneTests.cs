using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>The playbooks on a machine that has Compose 1.29 and no other, on a real engine: broken first, rolled back, validated, taken back.</summary>
public sealed class ComposeOneTests
{
    [Fact]
    public async Task App_rollback_gives_the_service_its_previous_image_and_an_undo_brings_the_failing_one_back()
    {
        await using var shop = await OpenAsync("environment: { APP_VERSION: x }");
        var (files, app, worker) = (shop.Project.Snapshot(), await shop.FactsAsync("app"), await shop.ContainerAsync("worker"));
        Assert.Contains($"/{shop.Name}_app_1 ", app, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, await ComposeOne.HealthAsync(shop));

        var plan = (await shop.RunbookAsync("plan", "app-rollback.yml", "--var", "version=good")).Expect(0).Out;
        (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good")).Expect(0);

        Assert.Contains($"docker-compose --project-name {shop.Name} --project-directory {shop.Project.Folder} -f {shop.Project.At("docker-compose.yml")} --env-file {shop.Project.At(".env")} up -d --no-build --no-deps app", plan, StringComparison.Ordinal);
        Assert.Contains("asks the engine whether the images are on this machine", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("docker compose", plan.Replace("The next 'docker compose up'", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Contains(" runbooks-test/app:good running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Equal(worker, await shop.ContainerAsync("worker"));
        shop.Project.Record().IsWhole();

        (await shop.Project.RunAsync("undo")).Expect(0);
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(app, await shop.FactsAsync("app"));
    }

    [Fact]
    public async Task App_rollback_fast_lays_the_image_over_the_files_and_one_that_fails_gives_back_what_was_laid_over_them_before()
    {
        await using var shop = await OpenAsync("environment: { APP_VERSION: x }");
        var files = shop.Project.Snapshot();

        (await shop.RunbookAsync("exec", "app-rollback-fast.yml", "--var", "version=good")).Expect(0);

        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());

        // What the files do not name is laid over them in the other direction too.
        (await shop.RunbookAsync("exec", "app-rollback-fast.yml", "--var", "version=bad2", "--var", "patience=2s")).Expect(4);
        Assert.Contains(" runbooks-test/app:good running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await ComposeOne.HealthAsync(shop));
    }

    [Fact]
    public async Task Env_rollback_sets_the_variable_that_the_container_then_has()
    {
        await using var shop = await OpenAsync("environment: { APP_HEALTH: '${HEALTH}' }", "HEALTH=500\n");
        var env = await File.ReadAllTextAsync(shop.Project.At(".env"), shop.Project.Cancellation);

        (await shop.Project.RunAsync("exec", Repository.PathOf("playbooks", "env-rollback.yml"), "--var", "name=APP_HEALTH", "--var", "value=200", "--var", "file=.env", "--var", "set_as=HEALTH", "--var", "env_file=.env", "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=1s")).Expect(0);

        Assert.Equal(env.Replace("500", "200", StringComparison.Ordinal), await File.ReadAllTextAsync(shop.Project.At(".env"), shop.Project.Cancellation));
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
    }

    [Fact]
    public async Task A_feature_flag_in_a_file_is_switched_back_and_the_service_reads_it()
    {
        await using var shop = await FeatureFlagRollbackTests.OpenAsync(ComposeOne.OpenNamelessAsync, "flags.json", FeatureFlagRollbackTests.On);
        Assert.Equal(HttpStatusCode.InternalServerError, await ComposeOne.HealthAsync(shop));

        (await FeatureFlagRollbackTests.ExecAsync(shop, "where=file", "file=flags.json", "flag=checkout.enabled")).Expect(0);

        Assert.Equal(FeatureFlagRollbackTests.Off, await File.ReadAllTextAsync(shop.Project.At("flags.json"), shop.Project.Cancellation));
        Assert.Equal(HttpStatusCode.OK, await ComposeOne.HealthAsync(shop));
    }

    [Fact]
    public async Task A_configuration_file_is_read_by_a_container_that_is_made_anew()
    {
        await using var shop = await ConfigFileRollbackTests.OpenAsync(open: ComposeOne.OpenNamelessAsync);

        (await shop.ExecAsync("config-file-rollback", "file=config/app.conf", "inside=/etc/app.conf")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await ComposeOne.HealthAsync(shop));
        Assert.Equal("# settings\nAPP_HEALTH=200\n", (await shop.ComposeAsync("exec", "-T", "app", "cat", "/etc/app.conf")).Expect(0).Out);
    }

    [Fact]
    public async Task A_release_that_does_not_even_start_is_taken_back_and_nothing_has_changed()
    {
        await using var shop = await OpenAsync("environment: { APP_VERSION: x }");
        var (files, app) = (shop.Project.Snapshot(), await shop.FactsAsync("app"));

        (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=unstartable")).Expect(4);

        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(app, await shop.FactsAsync("app"));
    }

    [Fact]
    public async Task Programs_run_in_services_and_an_image_that_is_missing_is_not_pulled()
    {
        await using var shop = await OpenAsync("environment: { APP_VERSION: it's $$HOME }");
        shop.Project.Set("GIVEN", "a 'b\" $HOME").Playbook("""
            vars: { given: { from_env: GIVEN } }
            steps:
              - { id: here, run: { argv: [sh, -c, 'pwd; echo "$APP_VERSION $SAID"; cat', x], stdin: "{{ given }}", in: { service: app, workdir: / } }, env: { SAID: "{{ given }}" }, effect: read }
              - { id: anew, run: { argv: [sh, -c, 'pwd; echo "$APP_VERSION $SAID"; cat', x], stdin: "{{ given }}", in: { service: app, one_off: true, workdir: / } }, env: { SAID: "{{ given }}" }, effect: read }
              - { id: kill, compose: { command: kill, services: [worker], signal: SIGTERM } }
              - { id: missing, compose: { command: up, services: [worker], images: { worker: 'runbooks-test/none:there' } }, on_failure: undo }
            validations:
              - smoke: { service: app, argv: ['true'] }
            """);
        var worker = await shop.FactsAsync("worker");

        var run = (await shop.Project.ExecAsync()).Expect(4);

        var said = "/\nit's $HOME a 'b\" $HOME\na 'b\" $HOME";
        Assert.Equal(said, System.Text.Encoding.UTF8.GetString(shop.Project.Record().OutputOf("here")));
        Assert.EndsWith(said, System.Text.Encoding.UTF8.GetString(shop.Project.Record().OutputOf("anew")), StringComparison.Ordinal);
        Assert.Contains("the image of service worker, runbooks-test/none:there, is not on this machine, and docker-compose would pull it", run.Said, StringComparison.Ordinal);
        Assert.Equal(worker, await shop.FactsAsync("worker"));
        Assert.DoesNotContain("could not be kept", run.Said, StringComparison.Ordinal);
        shop.Project.Record().IsWhole();
    }

    private static Task<Shop> OpenAsync(string more, string variables = "") => ComposeOne.OpenShopAsync(place =>
    [
        ("docker-compose.yml", $"""
            version: '3.8'
            services:
              app:
                image: runbooks-test/app:{(variables.Length > 0 ? "good" : "bad")}   # the release in production
                {more}
                ports: ["127.0.0.1:{place.Port}:8080"]
                depends_on: [worker]
                restart: always
                stop_grace_period: 1s
              worker:
                image: runbooks-test/app:bad
                command: [sh, -c, 'trap "exit 0" TERM; while :; do sleep 1 & wait; done']
            """),
        (".env", $"COMPOSE_PROJECT_NAME={place.Name}\n{variables}"),
    ]);
}
