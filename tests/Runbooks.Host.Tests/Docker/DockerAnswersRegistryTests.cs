using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Docker;

/// <summary>The fake does what the real engine does.</summary>
public sealed class DockerAnswersRegistryTests : DockerRegistryContract
{
    protected override Task<(IDocker Docker, string Has, string HasNot, string Gone)> OpenAsync() => Task.FromResult<(IDocker, string, string, string)>((
        new DockerAnswers().Registry("there/app@sha256:aa", new RegistryAnswer(true, "", WantsCredentials: false)).Registry("gone/app@sha256:aa", new RegistryAnswer(null, "dial tcp: connection refused", WantsCredentials: false)),
        "there/app@sha256:aa", "there/app@sha256:bb", "gone/app@sha256:aa"));
}
