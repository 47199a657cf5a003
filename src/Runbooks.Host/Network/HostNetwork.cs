using System.Net.Sockets;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Network;

/// <summary>The network as this machine sees it.</summary>
public sealed class HostNetwork(TimeProvider time) : INetwork
{
    private const int Chunk = 16 << 10;

    /// <inheritdoc/>
    public async Task<HttpAnswer> SendAsync(HttpSpec spec, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var (request, mistake) = HttpRequests.Create(spec);
        if (request is null)
        {
            return new HttpAnswer { Problem = mistake, NeverSent = true };
        }

        using var timeout = new CancellationTokenSource(spec.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        using (request)
        {
            try
            {
                // A client per request: a connection kept from before would hide that new ones are refused by now.
                using var client = new HttpClient(HttpRequests.Handler(request, spec)) { Timeout = Timeout.InfiniteTimeSpan };
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                var (body, wasCut) = await BodyAsync(response, spec.BodyLimit, timeout, cancel);
                return new HttpAnswer
                {
                    Status = (int)response.StatusCode,
                    Headers = [.. response.Headers.Concat(response.Content.Headers).SelectMany(h => h.Value.Select(v => KeyValuePair.Create(h.Key, v)))],
                    Body = body,
                    BodyWasCut = wasCut,
                    Elapsed = time.GetElapsedTime(started),
                };
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                return new HttpAnswer { Problem = NoAnswerWithin(spec.Timeout), IsDown = true, Elapsed = time.GetElapsedTime(started) };
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !cancel.IsCancellationRequested)
            {
                var (problem, isDown) = NetworkProblems.Of(e);
                return new HttpAnswer
                {
                    Problem = problem,
                    IsDown = isDown,

                    // After a redirect the first request was sent, whatever became of the second.
                    NeverSent = !spec.FollowRedirects && NetworkProblems.IsBeforeSending(e),
                    Elapsed = time.GetElapsedTime(started),
                };
            }
        }
    }

    /// <inheritdoc/>
    public async Task<ConnectAnswer> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancel)
    {
        using var ending = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, cancel);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, either.Token);
            return new ConnectAnswer(null, false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return new ConnectAnswer(NoAnswerWithin(timeout), true);
        }
        catch (SocketException e) when (!cancel.IsCancellationRequested)
        {
            var (problem, isDown) = NetworkProblems.Of(e);
            return new ConnectAnswer(problem, isDown);
        }
        catch (ArgumentException)
        {
            return new ConnectAnswer($"'{host}' is not the name of a host", false);
        }
    }

    /// <inheritdoc/>
    public ListenerAnswer Listeners(int port) => OperatingSystem.IsLinux() ? LinuxListeners.On(port) : BindAttempt.On(port);

    /// <summary>What came of the body in time: the head of the answer counts even when its body never ends.</summary>
    private static async Task<(byte[] Body, bool WasCut)> BodyAsync(HttpResponseMessage response, int limit, CancellationTokenSource timeout, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        using var kept = new MemoryStream();
        var buffer = new byte[Chunk];
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            while (true)
            {
                var read = await stream.ReadAsync(buffer, either.Token);
                if (read == 0)
                {
                    return (kept.ToArray(), false);
                }

                var room = limit - (int)kept.Length;
                kept.Write(buffer, 0, Math.Min(read, room));
                if (read > room)
                {
                    return (kept.ToArray(), true);
                }
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return (kept.ToArray(), true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !cancel.IsCancellationRequested)
        {
            // The connection was cut in the middle of the body.
            return (kept.ToArray(), true);
        }
    }

    private static string NoAnswerWithin(TimeSpan timeout) => $"no answer within {Language.Fields.Durations.Format(timeout)}";
}
