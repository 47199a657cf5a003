using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Runbooks.Host.Docker;

/// <summary>Where the docker command would look for its engine (docs.docker.com/engine/manage-resources/contexts): <c>DOCKER_HOST</c>, <c>DOCKER_CONTEXT</c>, the current context of its configuration, the usual socket.</summary>
/// <param name="variable">The value of an environment variable; null when it is not set.</param>
internal sealed class EngineEndpoint(Func<string, string?> variable)
{
    private const string Usual = "unix:///var/run/docker.sock";

    /// <exception cref="JsonException">The configuration is not JSON, or says nothing of the context.</exception>
    /// <exception cref="IOException">It cannot be read, or there is no such context.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public string Find()
    {
        if (Said("DOCKER_HOST") is { } host)
        {
            return host;
        }

        var folder = Said("DOCKER_CONFIG") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        var context = Said("DOCKER_CONTEXT") ?? Read(Path.Combine(folder, "config.json"), EngineJson.Default.DockerCommandConfig)?.CurrentContext;
        if (context is null or "" or "default")
        {
            return Usual;
        }

        // The folder of a context has the hash of its name for a name.
        var meta = Path.Combine(folder, "contexts", "meta", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context))), "meta.json");
        var found = Read(meta, EngineJson.Default.DockerContext) ?? throw new FileNotFoundException($"there is no context '{context}'", meta);
        return found.Endpoints?.GetValueOrDefault("docker")?.Host is { Length: > 0 } named ? named : throw new JsonException($"the context '{context}' names no engine");
    }

    private string? Said(string name) => variable(name) is { Length: > 0 } value ? value : null;

    /// <returns>Null when there is no such file.</returns>
    private static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
