using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="IDocker"/> says of how a container is made up. The real adapter and the fake both inherit it.</summary>
public abstract class DockerShapeContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// An engine with a container that was started with the words <c>sh -c …</c>, the variables <c>COLOUR=blue=green</c> and <c>EMPTY=</c>, a volume at <c>/data</c>, a folder of the machine
    /// read-only at <c>/etc/conf</c> and memory at <c>/scratch</c>, whose first health probe went well; one with nothing of that; and an image that declares a volume at <c>/own</c>.
    /// </summary>
    protected abstract Task<IDocker> OpenAsync();

    /// <summary>Names of the two containers and of the image, the name of the volume, and the folder.</summary>
    protected abstract (string Full, string Bare, string Image, string Volume, string Folder) Names { get; }

    [Fact]
    public async Task Variables_are_told_with_everything_after_the_first_equals_sign()
    {
        var environment = (await OneAsync(await OpenAsync(), Names.Full)).Environment;

        Assert.Equal("blue=green", environment["COLOUR"]);
        Assert.Equal("", environment["EMPTY"]);
    }

    [Fact]
    public async Task What_is_started_are_the_words_of_entry_point_and_command() =>
        Assert.Equal(["sh", "-c"], (await OneAsync(await OpenAsync(), Names.Full)).Command.Take(2));

    [Fact]
    public async Task Mounts_are_told_in_the_order_of_their_places()
    {
        var docker = await OpenAsync();

        Assert.Equal(
            [
                new ContainerMount("volume", Names.Volume, "/data", IsReadOnly: false),
                new ContainerMount("bind", Names.Folder, "/etc/conf", IsReadOnly: true),
                new ContainerMount("tmpfs", "", "/scratch", IsReadOnly: false),
            ],
            (await OneAsync(docker, Names.Full)).Mounts);
        Assert.Empty((await OneAsync(docker, Names.Bare)).Mounts);
    }

    [Fact]
    public async Task Networks_are_told_by_name() => Assert.Equal(["none"], (await OneAsync(await OpenAsync(), Names.Full)).Networks);

    [Fact]
    public async Task It_is_told_since_when_a_container_is_healthy()
    {
        var docker = await OpenAsync();
        var full = await OneAsync(docker, Names.Full);

        Assert.True(full.HealthySince >= full.StartedAt, $"{full.HealthySince:O} is before {full.StartedAt:O}");
        Assert.Null((await OneAsync(docker, Names.Bare)).HealthySince);
    }

    [Fact]
    public async Task The_volumes_that_an_image_declares_are_told() =>
        Assert.Equal(["/own"], (await (await OpenAsync()).ImageAsync(Names.Image, Cancel)).Value?.Volumes);

    private static async Task<ContainerState> OneAsync(IDocker docker, string name)
    {
        var answer = await docker.ContainersAsync(new ContainerFilter { Name = name }, Cancel);
        Assert.Null(answer.Problem);
        return Assert.Single(answer.Value);
    }
}
