using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Planning;

/// <summary>Files with the changes of the plan laid over them: two edits of one file see each other.</summary>
/// <param name="below">What is there without these changes.</param>
internal sealed class PlanFiles(Func<string, PlanFile> below) : IPlanFiles
{
    private readonly Dictionary<string, ImmutableArray<byte>> _written = new(StringComparer.Ordinal);

    /// <summary>Over the files of the machine.</summary>
    public PlanFiles(IFiles files)
        : this(path => Of(files.Read(path)))
    {
    }

    public PlanFile Read(string absolutePath) => _written.TryGetValue(absolutePath, out var bytes) ? new PlanFile(bytes.AsMemory(), null) : below(absolutePath);

    public void WillWrite(string absolutePath, ImmutableArray<byte> bytes) => _written[absolutePath] = bytes;

    // A null array would convert to an empty memory, not to none.
    private static PlanFile Of(FileRead read) => read.Bytes is { } found ? new PlanFile(found, null) : new PlanFile(null, read.Problem);
}
