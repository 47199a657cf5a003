using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Runbooks.Host.Tests.Network;

/// <summary>A server on 127.0.0.1 that reads the head of a request and writes fixed bytes.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _open = [];

    /// <param name="answer">What every connection gets; null to keep it waiting.</param>
    /// <param name="keepOpen">Do not close after the answer.</param>
    public LoopbackServer(byte[]? answer, bool keepOpen = false)
    {
        _listener.Start();
        _ = AcceptAsync(answer, keepOpen);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/";

    /// <summary>The heads of the requests, in the order of their arrival.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public static byte[] Answer(int status, string body, string? location = null) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status} Whatever\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{(location is null ? "" : $"Location: {location}\r\n")}Connection: close\r\n\r\n{body}");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        foreach (var socket in _open)
        {
            socket.Dispose();
        }

        _stop.Dispose();
    }

    private async Task AcceptAsync(byte[]? answer, bool keepOpen)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _open.Add(socket);
                _ = AnswerAsync(socket, answer, keepOpen);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Socket socket, byte[]? answer, bool keepOpen)
    {
        try
        {
            var head = new StringBuilder();
            var buffer = new byte[4096];
            while (!head.ToString().Contains("\r\n\r\n"))
            {
                var read = await socket.ReceiveAsync(buffer, _stop.Token);
                if (read == 0)
                {
                    return;
                }

                head.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }

            Requests.Enqueue(head.ToString());
            if (answer is null)
            {
                return;
            }

            await socket.SendAsync(answer, _stop.Token);
            if (!keepOpen)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other side has gone, or the test is over.
        }
    }
}
