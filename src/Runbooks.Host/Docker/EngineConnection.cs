using System.Text.Json;

namespace Runbooks.Host.Docker;

/// <summary>A way to one engine, or why there is none.</summary>
internal sealed record EngineConnection(string Address, EngineApi? Client, string Problem)
{
    /// <summary>Finds the engine and prepares the client; connects nowhere yet.</summary>
    /// <param name="endpoint">The address; null for the one that the environment names.</param>
    /// <param name="variable">The environment; null for the own.</param>
    public static EngineConnection Open(string? endpoint, Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        var given = endpoint;
        if (given is null)
        {
            try
            {
                given = new EngineEndpoint(variable).Find();
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                return None("the docker command's configuration", "the current context cannot be read from the configuration of the docker command (~/.docker): see 'docker context ls', or set DOCKER_HOST");
            }
        }

        if (!Uri.TryCreate(given, UriKind.Absolute, out var address))
        {
            return None(given, $"'{given}' is not the address of a Docker Engine: for example unix:///var/run/docker.sock");
        }

        return address.Scheme switch
        {
            "ssh" => None(given, $"the Docker Engine at {given} is reached over ssh, which is not possible from here: forward its socket (ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST) and set DOCKER_HOST=unix:///tmp/docker.sock"),
            "tcp" or "http" when variable("DOCKER_TLS_VERIFY") is { Length: > 0 } =>
                None(given, $"the Docker Engine at {given} wants client certificates (DOCKER_TLS_VERIFY), which is not possible from here: use its socket"),
            "npipe" => None(given, $"the Docker Engine at {given} is reached over a named pipe of Windows, which is not possible from here: set DOCKER_HOST to a socket or to tcp://HOST:PORT"),
            "unix" or "tcp" or "http" => new EngineConnection(given, new EngineApi(address), ""),
            _ => None(given, $"'{given}' is not the address of a Docker Engine: for example unix:///var/run/docker.sock"),
        };
    }

    private static EngineConnection None(string address, string problem) => new(address, null, problem);
}
