using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Engine.Tests.Audit;

public sealed class MemoryRunStoreTests : RunStoreContract
{
    protected override IRunStore Store { get; } = new MemoryRunStore();
}
