using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Probes;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>The registry is asked by digest, only of an image that is not here; and where it wants credentials, the docker command is asked, whose yes alone is believed.</summary>
public sealed class RegistryProbeTests
{
    private const string Name = "registry.example/shop/app@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly RegistryAnswer Refused = new(null, "no basic auth credentials", WantsCredentials: true);

    [Fact]
    public async Task An_image_that_is_here_is_not_asked_for()
    {
        var world = new AssessedWorld().WithDigests(Name);

        Assert.Empty((await AskAsync(world)).Readings);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(null, "dial tcp: connection refused")]
    public async Task What_the_registry_says_is_told(bool? hasIt, string why)
    {
        var docker = Gone().Registry(Name, new RegistryAnswer(hasIt, why, WantsCredentials: false));

        var reading = await OneAsync(new AssessedWorld { Docker = docker }.WithDigests(Name));

        Assert.Equal((Name, hasIt, why), (reading.Name, reading.HasIt, reading.Why));
    }

    [Fact]
    public async Task One_that_wants_credentials_is_asked_with_those_of_the_docker_command()
    {
        var asked = "";
        var processes = new ScriptedProcesses(spec =>
        {
            asked = string.Join(' ', spec.Argv);
            return new ScriptedEnd(0, "{}");
        });

        var reading = await OneAsync(new AssessedWorld { Docker = Gone().Registry(Name, Refused), Processes = processes }.WithDigests(Name));

        Assert.Equal((true, $"docker manifest inspect {Name}"), (reading.HasIt, reading.Source));
        Assert.Equal($"docker manifest inspect {Name}", asked);
    }

    [Fact]
    public async Task That_the_docker_command_does_not_find_it_either_means_nothing()
    {
        var reading = await OneAsync(new AssessedWorld { Docker = Gone().Registry(Name, Refused), Processes = new ScriptedProcesses(_ => new ScriptedEnd(1, "no such manifest")) }.WithDigests(Name));

        Assert.Null(reading.HasIt);
        Assert.Contains("'docker login' first", reading.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_without_a_repository_is_not_asked_for_and_its_own_repository_is_asked_first()
    {
        var (nameless, own) = ($"<none>@{Name.Split('@')[1]}", $"myapp@{Name.Split('@')[1]}");
        var docker = Gone().Registry(own, new RegistryAnswer(true, "", WantsCredentials: false));

        var answer = await AskAsync(new AssessedWorld { Docker = docker }.WithDigests(nameless, Name, own));

        Assert.Equal([(own, (bool?)true), (Name, false)], answer.Readings.OfType<RegistryReading>().Select(r => (r.Name, r.HasIt)));
    }

    [Fact]
    public async Task An_image_that_came_back_without_its_tag_is_found_by_its_digest()
    {
        var docker = new DockerAnswers().Image(Name, "sha256:aaa", Name);

        var answer = await new ImagesProbe().LookAsync(new AssessedWorld { Docker = docker }.WithDigests(Name).Sight(), TestContext.Current.CancellationToken);

        var sight = Assert.Single(answer.Readings.OfType<ImagesReading>()).Images.Single(i => i.Service == "app");
        Assert.Equal((true, "", Name), (sight.IsThere, sight.ReferenceId, sight.Digest));
    }

    /// <summary>An engine without the image of the good release.</summary>
    private static DockerAnswers Gone() => new();

    private static async Task<RegistryReading> OneAsync(AssessedWorld world) => Assert.IsType<RegistryReading>(Assert.Single((await AskAsync(world)).Readings));

    private static Task<ProbeAnswer> AskAsync(AssessedWorld world) => new RegistryProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);
}
