using System.Security.Cryptography;
using System.Text;
using Docker.DotNet;
using Runbooks.Host.Docker;
using Runbooks.Host.Tests.Files;

namespace Runbooks.Host.Tests.Docker;

/// <summary>Where the engine is looked for when nobody says it: where the docker command would.</summary>
public sealed class EngineConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_current_context_of_the_docker_command_counts()
    {
        File.WriteAllText(_folder.At("config.json"), """{ "currentContext": "build" }""");
        var meta = Directory.CreateDirectory(_folder.At($"contexts/meta/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("build")))}"));
        File.WriteAllText(Path.Combine(meta.FullName, "meta.json"), """{ "Name": "build", "Metadata": {}, "Endpoints": { "docker": { "Host": "unix:///run/build.sock" } } }""");

        using var connection = Open().Client;
        Assert.NotNull(connection);
        Assert.StartsWith("unix:", Open().Address);
        Assert.EndsWith("/run/build.sock", Open().Address);
    }

    [Fact]
    public void Without_a_configuration_it_is_the_usual_socket() => Assert.EndsWith("/var/run/docker.sock", Open().Address);

    [Theory]
    [InlineData("{ broken")]
    [InlineData("""{ "currentContext": "gone" }""")]
    public void A_configuration_that_leads_nowhere_is_a_problem_and_not_an_exception(string config)
    {
        File.WriteAllText(_folder.At("config.json"), config);

        Assert.Null(Open().Client);
        Assert.StartsWith("the current context cannot be read", Open().Problem);
    }

    private EngineConnection Open() => EngineConnection.Open(null, new DockerConfig(new Settings(_folder.Path)));

    private sealed class Settings(string folder) : IDockerCliSettings
    {
        public string DockerConfig => folder;

        public string DockerHost => "";

        public string DockerTlsVerify => "";

        public string DockerContext => "";
    }
}
