using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Docker;

/// <summary>The fake does what the real engine does.</summary>
public sealed class DockerAnswersUsageTests : DockerUsageContract
{
    protected override (string Running, string Ended) Names => ("running", "ended");

    protected override Task<IDocker> OpenAsync()
    {
        var running = Containers.Named("running") with { CpuLimit = 0.5, MemoryLimit = 64 << 20 };
        return Task.FromResult<IDocker>(new DockerAnswers().Container(running).Written(running.Id, 100_000).Container(Containers.Named("ended") with { Status = "exited" }).Has(running.Id, "/bin/sh").Has(Containers.Named("ended").Id, "/bin/sh"));
    }
}
