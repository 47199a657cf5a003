using System.Collections.Immutable;

namespace Runbooks.Engine.Ports;

/// <summary>Requests, connections and the listeners of this machine.</summary>
public interface INetwork
{
    /// <summary>Sends one request; redirects are not followed unless asked, proxies of the environment are not used for loopback.</summary>
    Task<HttpAnswer> SendAsync(HttpSpec spec, CancellationToken cancel);

    /// <summary>Opens a connection and closes it.</summary>
    Task<ConnectAnswer> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancel);

    /// <summary>Who listens on a TCP port of this machine, found without connecting.</summary>
    ListenerAnswer Listeners(int port);
}

public sealed record HttpSpec(string Method, string Url)
{
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public bool FollowRedirects { get; init; }

    /// <summary>At most so many bytes of the answer's body are kept.</summary>
    public int BodyLimit { get; init; } = 1 << 20;
}

/// <summary>What came back, or why nothing did.</summary>
public sealed record HttpAnswer
{
    /// <summary>Null when there was no answer.</summary>
    public int? Status { get; init; }

    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    public bool BodyWasCut { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>Why there was no answer: "connection refused", "no answer within 10s", "no such host"; null when there was one.</summary>
    public string? Problem { get; init; }

    /// <summary>True when there was no answer and the other side is the reason; see <see cref="ConnectAnswer"/>. False: it cannot be told.</summary>
    public bool IsDown { get; init; }

    /// <summary>True when it is certain that no byte of the request left this machine, so that it had no effect; a time-out is not certain.</summary>
    public bool NeverSent { get; init; }
}

/// <summary>Whether a connection opened.</summary>
/// <param name="Problem">Why it did not open ("connection refused", "no such host", "no answer within 3s"); null when it did.</param>
/// <param name="IsDown">
/// True when the reason lies on the other side: nobody listens, the name does not exist, nothing came in time, the connection was cut. False when it cannot
/// be told from here: no route, a resolver that does not answer, a permission, a limit of this machine.
/// </param>
public readonly record struct ConnectAnswer(string? Problem, bool IsDown);

/// <param name="Listeners">Empty: the port is free.</param>
/// <param name="Problem">Why it could not be found out; null when it was.</param>
public readonly record struct ListenerAnswer(ImmutableArray<Listener> Listeners, string? Problem);

/// <param name="Address">The local address: 0.0.0.0, 127.0.0.1, ::</param>
/// <param name="Pid">Null when the owner may not be seen.</param>
public readonly record struct Listener(string Address, int? Pid, string? Program);
