using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Runbooks.Host.Tests.Files;
using Runbooks.Host.Tests.Network;

namespace Runbooks.Host.Tests.Checks;

/// <summary>A Prometheus of its own: on a free port of 127.0.0.1, below a path and behind a password, with a history of an hour and two targets, one of which is down.</summary>
public sealed class PrometheusServer : IAsyncLifetime
{
    private const string Program = "/usr/bin/prometheus";

    /// <summary>Of the word below, by a cheap round of bcrypt.</summary>
    private const string Hash = "$2b$04$TLm/iQB0xJHcsZ3KHGQDMeJoEqC0T8x9asvawlkFOhKe91ecB2fUK";

    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private TemporaryFolder? _folder;
    private LoopbackServer? _target;
    private Task _server = Task.CompletedTask;

    /// <summary>For a header of a check.</summary>
    internal static string Credentials => $"Basic {Convert.ToBase64String("alice:open-sesame"u8)}";

    /// <summary>Its address, without the path below which it is.</summary>
    internal string Root { get; private set; } = "";

    internal string Url => $"{Root}/prom";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            return;
        }

        _folder = new TemporaryFolder();
        _target = new LoopbackServer(LoopbackServer.Answer(200, "queue_length{queue=\"mail\"} 7\nqueue_length{queue=\"print\"} 4\n"));
        File.WriteAllText(_folder.At("web.yml"), $"basic_auth_users: {{ alice: '{Hash}' }}\n");
        File.WriteAllText(_folder.At("prometheus.yml"), $$"""
            global: { scrape_interval: 200ms, scrape_timeout: 200ms }
            scrape_configs:
              - job_name: shop
                static_configs: [{ targets: ['127.0.0.1:{{_target.Port}}'] }]
              - job_name: gone
                static_configs: [{ targets: ['127.0.0.1:{{LoopbackServer.FreePort()}}'] }]
            """);
        await WriteHistoryAsync();
        // Port 0: it takes a free one, and says which.
        _server = Cli.Wrap(Program)
            .WithArguments([
                $"--config.file={_folder.At("prometheus.yml")}", $"--web.config.file={_folder.At("web.yml")}", $"--storage.tsdb.path={_folder.At("data")}",
                "--web.listen-address=127.0.0.1:0", "--web.route-prefix=/prom",
            ])
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line =>
            {
                if (line.Contains("msg=\"Listening on\"", StringComparison.Ordinal))
                {
                    _address.TrySetResult(line[(line.LastIndexOf('=') + 1)..]);
                }
            }))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(CancellationToken.None, _stop.Token);
        Assert.True(await Task.WhenAny(_address.Task, _server) == _address.Task, "it ended before it listened");
        Root = $"http://{await _address.Task}";
    }

    public async ValueTask DisposeAsync()
    {
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
        _target?.Dispose();
        _folder?.Dispose();
    }

    /// <summary>A queue that was 10 long an hour ago, and for some minutes on either side of it.</summary>
    private async Task WriteHistoryAsync()
    {
        var folder = _folder ?? throw new InvalidOperationException("there is no folder yet");
        var hourBefore = DateTimeOffset.UtcNow.AddHours(-1);
        var samples = new StringBuilder("# TYPE queue_length gauge\n");
        for (var minute = -10; minute <= 10; minute++)
        {
            samples.Append(FormattableString.Invariant($"queue_length{{queue=\"mail\"}} 10 {hourBefore.AddMinutes(minute).ToUnixTimeSeconds()}\n"));
        }

        File.WriteAllText(folder.At("history.txt"), samples.Append("# EOF\n").ToString());
        // Buffered: it dies when nobody hears what it says.
        await Cli.Wrap("promtool").WithArguments(["tsdb", "create-blocks-from", "openmetrics", folder.At("history.txt"), folder.At("data")]).ExecuteBufferedAsync();
    }
}
