using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Runbooks.Testing;

/// <summary>Stands before the engine of the tests. It can be paused as a process is by SIGSTOP (connections are taken and stay open, and nothing is answered), and it can be gone.</summary>
public sealed class EngineRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isPaused;

    /// <param name="engine">Its address, of a socket in the file system.</param>
    public EngineRelay(string engine)
    {
        _listener.Start();
        _ = AcceptAsync(new UnixDomainSocketEndPoint(new Uri(engine).LocalPath));
    }

    public string Address => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Pause() => _isPaused = true;

    /// <summary>Whoever is connected is cut off, and nobody is answered from now on.</summary>
    public void Leave()
    {
        _stop.Cancel();
        _listener.Stop();
        foreach (var socket in _open)
        {
            socket.Dispose();
        }
    }

    public void Dispose()
    {
        Leave();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(EndPoint engine)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _open.Add(client);
                _open.Add(server);
                await server.ConnectAsync(engine, _stop.Token);
                _ = CopyAsync(client, server);
                _ = CopyAsync(server, client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                if (!_isPaused)
                {
                    await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has gone; the other notices by itself, or the test is over.
        }
    }
}
