using Runbooks.Engine.Ports;
using Runbooks.Host.Files;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Files;

public sealed class HostFilesContractTests : FilesContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override IFiles Files { get; } = new HostFiles();

    protected override string Folder => _folder.Path;

    public void Dispose() => _folder.Dispose();
}
