using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="IDocker"/> says of what registries have. The real adapter and the fake both inherit it.</summary>
public abstract class DockerRegistryContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An engine, and references by digest: of an image that its registry has, of one that it has not, and of one whose registry does not answer.</summary>
    protected abstract Task<(IDocker Docker, string Has, string HasNot, string Gone)> OpenAsync();

    [Fact]
    public async Task A_registry_has_an_image_or_has_it_not_and_one_that_does_not_answer_says_neither()
    {
        var (docker, has, hasNot, gone) = await OpenAsync();

        Assert.Equal(new RegistryAnswer(true, "", WantsCredentials: false), (await docker.RegistryAsync(has, Cancel)).Value);
        Assert.Equal(new RegistryAnswer(false, "", WantsCredentials: false), (await docker.RegistryAsync(hasNot, Cancel)).Value);
        var silent = await docker.RegistryAsync(gone, Cancel);
        Assert.Null(silent.Problem);
        Assert.Null(silent.Value?.HasIt);
        Assert.Contains("connection refused", silent.Value?.Why, StringComparison.Ordinal);
    }
}
