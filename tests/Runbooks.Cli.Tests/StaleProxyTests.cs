using System.Net;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>nginx as a Compose service goes on asking where the application was before its container was made anew.</summary>
public sealed class StaleProxyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_proxy_that_asks_at_the_old_address_is_found_and_mended_before_clients_are_let_in(bool maintenance)
    {
        await using var shop = await OpenAsync();
        if (maintenance)
        {
            (await ExecAsync(shop, "maintenance-on.yml")).Expect(0);
        }

        await MoveAsync(shop);
        Assert.Equal(HttpStatusCode.BadGateway, await shop.HealthAsync());

        var run = (await ExecAsync(shop, "maintenance-off.yml")).Expect(0);

        Assert.Contains("reached: 502", run.Out, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        var mended = shop.Project.Records()[^1].IsWhole();
        Assert.Equal(maintenance, !mended.OutputOf("state").AsSpan().StartsWith("off"u8));
    }

    [Fact]
    public async Task An_application_that_is_not_there_is_no_stale_address_and_the_run_says_what_nginx_says()
    {
        await using var shop = await OpenAsync();
        (await shop.ComposeAsync("rm", "--stop", "--force", "app")).Expect(0);

        var run = (await ExecAsync(shop, "maintenance-off.yml")).Expect(3);

        Assert.Contains("host not found in upstream \"app\"", run.Said, StringComparison.Ordinal);
    }

    /// <summary>The application is made anew and gets another address, because somebody else has its own meanwhile, as it happens when several services are made anew.</summary>
    internal static async Task MoveAsync(Shop shop)
    {
        (await shop.ComposeAsync("stop", "app")).Expect(0);
        (await shop.ComposeAsync("up", "-d", "other")).Expect(0);
        (await shop.ComposeAsync("up", "-d", "--force-recreate", "app")).Expect(0);
    }

    /// <param name="direct">The port of the application itself; null when it is reached through the proxy only.</param>
    internal static async Task<Shop> OpenAsync(int? direct = null)
    {
        Proxy.SkipWithoutNginx();
        var shop = await Shop.OpenAsync(place =>
        [
            ("proxy/maintenance.rules", Proxy.Rules),
            ("proxy/maintenance/README", "What ends in .conf is included.\n"),
            ("proxy/nginx.conf", $$"""
                user root;
                worker_processes 1;
                pid /tmp/nginx.pid;
                error_log /dev/stderr;
                events {}
                http {
                  access_log off;
                  {{Proxy.TemporaryPaths("/tmp/")}}
                  server {
                    listen 80;
                    include maintenance/*.conf;
                    location / { proxy_pass http://app:8080; }
                  }
                }
                """),
            ("docker-compose.yml", $$"""
                name: {{place.Name}}
                services:
                  app:
                    image: runbooks-test/app:good
                    ports: [{{(direct is { } port ? $"\"127.0.0.1:{port}:8080\"" : "")}}]
                  other:
                    image: runbooks-test/base:latest
                    command: [sleep, "600"]
                    stop_grace_period: 0s
                    profiles: [other]
                  proxy:
                    image: runbooks-test/base:latest
                    command: [/usr/sbin/nginx, -c, /proxy/nginx.conf, -g, daemon off;]
                    volumes: ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "/etc/passwd:/etc/passwd:ro", "/etc/group:/etc/group:ro", "./proxy:/proxy:ro"]
                    ports: ["127.0.0.1:{{place.Port}}:80"]
                    depends_on: [app]
                    stop_grace_period: 1s
                """),
        ]);
        while (true)
        {
            try
            {
                Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
                return shop;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, shop.Project.Cancellation);
            }
        }
    }

    internal static Task<Finished> ExecAsync(Shop shop, string playbook)
    {
        const string Inside = "docker,compose,exec,-T,proxy,/usr/sbin/nginx,-c,/proxy/nginx.conf";
        return shop.Project.RunAsync("exec", Repository.PathOf("playbooks", playbook), "--var", $"url=http://127.0.0.1:{shop.Port}/", "--var", $"health_url=http://127.0.0.1:{shop.Port}/health", "--var", "patience=5s", "--var", "settle=500ms", "--var", $"proxy_test={Inside},-t", "--var", $"proxy_reload={Inside},-s,reload");
    }
}
