using System.Net.Sockets;
using System.Security.Authentication;

namespace Runbooks.Host.Network;

/// <summary>Failures of connections as sentences, and on which side the reason lies.</summary>
internal static class NetworkProblems
{
    /// <summary>What an exception of the network means.</summary>
    public static (string Problem, bool IsDown) Of(Exception e) => Socket(e) is { } socket ? Of(socket) : e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => ("the name could not be resolved", false),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException =>
            ("no secure connection: the certificate is not trusted, or the other side does not speak TLS", true),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => ("the proxy refused the connection", false),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError } => ("the answer is not HTTP", true),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => ("the connection was closed without an answer", true),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => ("the headers of the answer are too large", true),
        HttpRequestException { InnerException: IOException } or IOException => ("the connection was cut before an answer came", true),
        _ => ("the request could not be sent", false),
    };

    /// <summary>True when the connection did not come about, so nothing of the request was sent.</summary>
    public static bool IsBeforeSending(Exception e) => e is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private static (string Problem, bool IsDown) Of(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => ("connection refused", true),
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => ("the connection was cut before an answer came", true),
        SocketError.TimedOut => ("no answer", true),
        SocketError.HostNotFound or SocketError.NoData => ("no such host", true),
        SocketError.TryAgain => ("the name could not be resolved: the resolver does not answer", false),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown => ("no route to the host", false),
        SocketError.AccessDenied => ("permission denied", false),
        SocketError.TooManyOpenSockets => ("too many files are open", false),
        SocketError.AddressNotAvailable => ("the address cannot be used from here", false),
        SocketError.AddressFamilyNotSupported => ("this machine does not speak that kind of address", false),
        _ => ($"the system reported socket error {(int)e.SocketErrorCode}", false),
    };

    private static SocketException? Socket(Exception? e)
    {
        while (e is not null and not SocketException)
        {
            e = e.InnerException;
        }

        return (SocketException?)e;
    }
}
