using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Files;

/// <summary>The fake does what the real files do.</summary>
public sealed class InMemoryFilesContractTests : FilesContract
{
    protected override IFiles Files { get; } = new InMemoryFiles().WithFolder("/work");

    protected override string Folder => "/work";
}
