using System.Text.Json;
using Docker.DotNet;

namespace Runbooks.Host.Docker;

/// <summary>A way to one engine, or why there is none.</summary>
internal sealed record EngineConnection(string Address, DockerClient? Client, string Problem)
{
    /// <summary>Finds the engine and prepares the client; connects nowhere yet.</summary>
    /// <param name="endpoint">The address; null for the one that the environment names.</param>
    /// <param name="config">The configuration of the docker command; null for the user's own.</param>
    public static EngineConnection Open(string? endpoint, DockerConfig? config = null)
    {
        var given = endpoint ?? (config is null ? NotEmpty(Environment.GetEnvironmentVariable("DOCKER_HOST")) : null);
        if (given is null)
        {
            try
            {
                given = (config ?? DockerConfig.Instance).GetEndpoint().ToString();
            }
            catch (Exception e) when (e is DockerConfigurationException or JsonException or IOException or UnauthorizedAccessException or UriFormatException)
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
            "tcp" or "http" when NotEmpty(Environment.GetEnvironmentVariable("DOCKER_TLS_VERIFY")) is not null =>
                None(given, $"the Docker Engine at {given} wants client certificates (DOCKER_TLS_VERIFY), which is not possible from here: use its socket"),
            "unix" or "npipe" or "tcp" or "http" => new EngineConnection(given, new DockerClientBuilder().WithEndpoint(address).WithTimeout(Timeout.InfiniteTimeSpan).Build(), ""),
            _ => None(given, $"'{given}' is not the address of a Docker Engine: for example unix:///var/run/docker.sock"),
        };
    }

    private static EngineConnection None(string address, string problem) => new(address, null, problem);

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
