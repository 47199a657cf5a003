using System.Net;
using System.Net.Sockets;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Network;

/// <summary>Finds out whether somebody listens by trying to take the place for a moment; who it is stays unknown.</summary>
internal static class BindAttempt
{
    public static ListenerAnswer On(int port)
    {
        foreach (var address in (IPAddress[])[IPAddress.Any, IPAddress.Loopback, IPAddress.IPv6Any, IPAddress.IPv6Loopback])
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
            {
                continue;
            }

            try
            {
                using var listener = new TcpListener(address, port) { ExclusiveAddressUse = true };
                listener.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return new ListenerAnswer([new Listener(address.ToString(), null, null)], null);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
            {
                return new ListenerAnswer([], $"only a privileged user may try port {port}");
            }
            catch (SocketException e)
            {
                return new ListenerAnswer([], $"the system reported socket error {(int)e.SocketErrorCode}");
            }
        }

        return new ListenerAnswer([], null);
    }
}
