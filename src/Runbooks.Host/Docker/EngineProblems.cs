using System.Net.Sockets;
using System.Text.Json;

namespace Runbooks.Host.Docker;

/// <summary>Why an engine did not answer, as a sentence that says where it was looked for and what to do.</summary>
internal static class EngineProblems
{
    /// <returns>Null when the exception is none of those that an unreachable engine causes, and so a bug.</returns>
    public static string? Of(Exception e, string address)
    {
        if (e is HttpRequestException { StatusCode: { } status })
        {
            return $"the Docker Engine at {address} refused the question ({(int)status}): {MessageIn(e.Message)}";
        }

        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return Of(socket, address);
            }
        }

        return e switch
        {
            JsonException => $"the answer of the Docker Engine at {address} cannot be read: is it a Docker Engine?",
            HttpRequestException or IOException or TimeoutException => $"the connection to the Docker Engine at {address} broke: is the daemon running? (systemctl status docker)",
            _ => null,
        };
    }

    private static string Of(SocketException e, string address) => e.SocketErrorCode switch
    {
        // What the runtime makes of a socket file that is not there.
        SocketError.AddressNotAvailable => $"there is no Docker Engine at {address}: start it (systemctl start docker), or set DOCKER_HOST to where it is",
        SocketError.AccessDenied => $"permission denied at {address}: this user may not talk to the Docker Engine; join the group 'docker', or run as a user who may",
        SocketError.ConnectionRefused => $"the Docker daemon of {address} is not running{(address.StartsWith("unix:", StringComparison.Ordinal) ? ", though its socket is there" : "")}: start it (systemctl start docker)",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"the host of the Docker Engine at {address} is not known: check DOCKER_HOST",
        _ => $"the Docker Engine at {address} cannot be reached (socket error {(int)e.SocketErrorCode}): start it, or set DOCKER_HOST to where it is",
    };

    /// <summary>What an answer of the engine says of why it refused a question.</summary>
    public static string MessageIn(string? body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return "it did not say why";
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("message", out var message) && message.GetString() is { } text)
            {
                return text.Trim();
            }
        }
        catch (JsonException)
        {
            // A proxy's page, for example: shown as it is.
        }

        return body.Length <= 200 ? body.Trim() : body[..200];
    }
}
