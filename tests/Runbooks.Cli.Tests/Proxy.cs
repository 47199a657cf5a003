using CliWrap;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A real nginx of its own, on a free port of 127.0.0.1, before an application; its files are in a project. Ended with the test.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _server;

    private Proxy(int health)
    {
        Health = health;
        Application = new Listener(request => request.Target == "/health" ? (Health, "health") : (200, "the shop"));
        Directory.CreateDirectory(Project.At("proxy/maintenance"));
        Project.Write("proxy/nginx.conf", $$"""
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log error.log notice;
            events {}
            http {
              access_log off;
              {{TemporaryPaths("")}}
              server {
                listen 127.0.0.1:{{Port}};
                include maintenance/*.conf;
                location / { proxy_pass http://127.0.0.1:{{Application.Port}}; }
              }
            }
            """);
        Project.Write("proxy/maintenance.rules", Rules);
        _server = CliWrap.Cli.Wrap(Program).WithArguments(Words).WithValidation(CommandResultValidation.None).ExecuteAsync(CancellationToken.None, _stop.Token);
    }

    internal Project Project { get; } = new();

    internal Listener Application { get; }

    internal int Port { get; } = Shop.FreePort();

    internal string Url => $"http://127.0.0.1:{Port}";

    /// <summary>What the application answers on /health.</summary>
    internal int Health { get; set; }

    internal string Switch => Project.At("proxy/maintenance/on.conf");

    /// <summary>Those of the page about the playbooks, so that nobody copies what does not work.</summary>
    internal static string Rules { get; } = File.ReadAllText(Repository.PathOf("playbooks", "README.md")).Split("```nginx\n")[1].Split("```")[0];

    private string[] Words => ["-p", Project.At("proxy"), "-e", "error.log", "-c", "nginx.conf"];

    /// <summary>How often it has read its configuration again.</summary>
    internal int Reloads => File.ReadAllText(Project.At("proxy/error.log")).Split("(SIGHUP) received").Length - 1;

    /// <summary>Where nginx keeps bodies, which would be in folders of the system else.</summary>
    internal static string TemporaryPaths(string folder) =>
        string.Join(' ', ((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {folder}temp_{kind};"));

    internal static void SkipWithoutNginx() => Assert.SkipWhen(!File.Exists(Program), "needs the Debian package nginx-light, or nginx");

    internal static async Task<Proxy> OpenAsync(int health = 200)
    {
        SkipWithoutNginx();
        var proxy = new Proxy(health);
        while ((await proxy.CurlAsync("/")).Exit != 0)
        {
            Assert.False(proxy._server.IsCompleted, "nginx ended before it answered");
            await Task.Delay(20, proxy.Project.Cancellation);
        }

        return proxy;
    }

    /// <summary>Head and body of the answer to a client, who comes from an address of this machine.</summary>
    internal Task<Finished> CurlAsync(string path, string from = "127.0.0.1") => Project.ProgramAsync("curl", "--silent", "--include", "--interface", from, $"{Url}{path}");

    /// <summary>The shipped playbook, asked as clients would.</summary>
    internal Task<Finished> ExecAsync(string playbook, params string[] values)
    {
        string[] usual =
        [
            $"url={Url}/", $"health_url={Url}/health", "patience=3s", "settle=500ms",
            $"proxy_test={string.Join(',', [Program, .. Words, "-t"])}", $"proxy_reload={string.Join(',', [Program, .. Words, "-s", "reload"])}",
        ];
        var given = values.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return Project.RunAsync(["exec", Repository.PathOf("playbooks", playbook), .. usual.Where(v => !given.Contains(NameOf(v))).Concat(values).SelectMany(v => (string[])["--var", v])]);
    }

    private static string NameOf(string value) => value[..value.IndexOf('=', StringComparison.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        // An interrupt is a quick end for nginx: the workers go too.
        await _stop.CancelAsync();
        try
        {
            await _server;
        }
        catch (OperationCanceledException)
        {
            // What CliWrap makes of an end that was asked for.
        }

        _stop.Dispose();
        Application.Dispose();
        Project.Dispose();
    }
}
