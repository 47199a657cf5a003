using Runbooks.Engine.Ports;
using Runbooks.Host.Docker;
using Runbooks.Host.Tests.Network;

namespace Runbooks.Host.Tests.Docker;

/// <summary>What engines of several kinds and ages answer to the question about a registry: only what speaks of the image is a yes or a no.</summary>
public sealed class RegistryAnswerTests
{
    private const string Digest = "sha256:0000000000000000000000000000000000000000000000000000000000004014";
    private const string Name = $"registry.example/shop/app@{Digest}";

    [Theory]
    [InlineData(200, $$"""{"Descriptor":{"mediaType":"m","digest":"{{Digest}}","size":941},"Platforms":[]}""", true, false)]
    [InlineData(200, """{"Descriptor":{"digest":"sha256:ff"} }""", null, false)]
    [InlineData(200, "{}", null, false)]
    [InlineData(404, """{"message":"manifest unknown: manifest unknown"}""", false, false)]
    [InlineData(404, """{"message":"name unknown: repository name not known to registry"}""", false, false)]
    [InlineData(404, $$"""{"message":"registry.example/shop/app@{{Digest}}: not found"}""", false, false)]
    [InlineData(404, """{"message":"page not found"}""", null, false)]
    [InlineData(404, "Not Found", null, false)]
    [InlineData(401, """{"message":"unauthorized: authentication required"}""", null, true)]
    [InlineData(403, """{"message":"denied: requested access to the resource is denied"}""", null, true)]
    [InlineData(500, $$"""{"message":"Get \"https://registry.example/v2/shop/app/manifests/{{Digest}}\": no basic auth credentials"}""", null, true)]
    [InlineData(500, $$"""{"message":"Get \"https://registry.example/v2/shop/app/manifests/{{Digest}}\": dial tcp: no route to host"}""", null, false)]
    public async Task Only_what_speaks_of_the_image_decides(int status, string body, bool? hasIt, bool wantsCredentials)
    {
        using var engine = new LoopbackServer(LoopbackServer.Answer(status, body));
        using var docker = new HostDocker(TimeProvider.System, $"tcp://127.0.0.1:{engine.Port}");

        var answer = await docker.RegistryAsync(Name, TestContext.Current.CancellationToken);

        Assert.Null(answer.Problem);
        var said = Assert.IsType<RegistryAnswer>(answer.Value);
        Assert.Equal((hasIt, wantsCredentials, hasIt is null), (said.HasIt, said.WantsCredentials, said.Why.Length > 0));
    }
}
