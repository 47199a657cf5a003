using System.Security.Cryptography;
using System.Text;
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
        Context("build", """{ "Name": "build", "Metadata": {}, "Endpoints": { "docker": { "Host": "unix:///run/build.sock" } } }""");

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

    [Theory]
    [InlineData("DOCKER_HOST", "tcp://10.0.0.1:2375", "tcp://10.0.0.1:2375")]
    [InlineData("DOCKER_HOST", "", "unix:///var/run/docker.sock")]
    [InlineData("DOCKER_CONTEXT", "default", "unix:///var/run/docker.sock")]
    public void The_environment_counts_more_than_the_configuration(string name, string value, string expected)
    {
        Assert.Equal(expected, Open((name, value)).Address);
    }

    [Fact]
    public void The_context_that_the_environment_names_counts_more_than_the_current_one()
    {
        File.WriteAllText(_folder.At("config.json"), """{ "currentContext": "other" }""");
        Context("build", """{ "Name": "build", "Endpoints": { "docker": { "Host": "unix:///run/build.sock" } } }""");

        Assert.Equal("unix:///run/build.sock", Open(("DOCKER_CONTEXT", "build")).Address);
    }

    [Fact]
    public void A_context_without_an_engine_is_a_problem()
    {
        Context("build", """{ "Name": "build", "Endpoints": { "kubernetes": null } }""");

        Assert.StartsWith("the current context cannot be read", Open(("DOCKER_CONTEXT", "build")).Problem);
    }

    [Theory]
    [InlineData("ssh://host", "over ssh")]
    [InlineData("npipe://./pipe/docker_engine", "named pipe")]
    [InlineData("gopher://host", "is not the address")]
    [InlineData("no address", "is not the address")]
    public void What_cannot_be_reached_from_here_is_said(string address, string said)
    {
        Assert.Null(Open(("DOCKER_HOST", address)).Client);
        Assert.Contains(said, Open(("DOCKER_HOST", address)).Problem, StringComparison.Ordinal);
    }

    private void Context(string name, string meta)
    {
        var folder = Directory.CreateDirectory(_folder.At($"contexts/meta/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}"));
        File.WriteAllText(Path.Combine(folder.FullName, "meta.json"), meta);
    }

    private EngineConnection Open(params (string Name, string Value)[] variables) =>
        EngineConnection.Open(null, name => name == "DOCKER_CONFIG" ? _folder.Path : variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault());
}
