using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Docker;

/// <summary>The fake does what the real engine does.</summary>
public sealed class DockerAnswersHealthTests : DockerHealthContract
{
    protected override (string Set, string Usual, string Without, string Off) Names => ("set", "usual", "without", "off");

    protected override Task<IDocker> OpenAsync() => Task.FromResult<IDocker>(new DockerAnswers()
        .Container(Containers.WithHealth(Containers.Named("set"), startPeriod: 5, interval: 2, timeout: 3, retries: 4))
        .Container(Containers.WithHealth(Containers.Named("usual")))
        .Container(Containers.Named("without"))
        .Container(Containers.Named("off")));
}
