using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Planning;

/// <summary>The files of the machine with the changes of the plan laid over them: two edits of one file see each other.</summary>
internal sealed class PlanFiles(IFiles files) : IPlanFiles
{
    private readonly Dictionary<string, ImmutableArray<byte>> _written = new(StringComparer.Ordinal);

    public PlanFile Read(string absolutePath)
    {
        if (_written.TryGetValue(absolutePath, out var bytes))
        {
            return new PlanFile(bytes.AsMemory(), null);
        }

        var read = files.Read(absolutePath);
        // A null array would convert to an empty memory, not to none.
        return read.Bytes is { } found ? new PlanFile(found, null) : new PlanFile(null, read.Problem);
    }

    public void WillWrite(string absolutePath, ImmutableArray<byte> bytes) => _written[absolutePath] = bytes;
}
