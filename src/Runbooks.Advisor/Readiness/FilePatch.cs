using System.Collections.Immutable;
using Runbooks.Language.Editing;

namespace Runbooks.Advisor.Readiness;

/// <summary>A change of one file that mends a finding: a block that is put in, or a value that is set; every other byte stays.</summary>
/// <param name="Path">Relative to the project's folder, with '/'.</param>
public sealed record FilePatch(string Path)
{
    /// <summary>Null when a value is set.</summary>
    public BlockEdit? Block { get; init; }

    /// <summary>Null when a block is put in.</summary>
    public ScalarEdit? Value { get; init; }

    /// <returns>The file with the change; or why it cannot be made, a sentence.</returns>
    public (ImmutableArray<byte>? Bytes, string Problem) Apply(ReadOnlySpan<byte> bytes)
    {
        if (Block is { } block)
        {
            return BlockEditor.Insert(bytes, block);
        }

        return Value is not { } value ? (null, "it says no change") : ScalarEditor.Apply(bytes, EditFormats.OfPath(Path) ?? EditFormat.Yaml, [value]) switch
        {
            Edited edited => (edited.Bytes, ""),
            EditRefused refused => (null, refused.Refusals[0].Sentence),
            _ => (null, "it cannot be made"),
        };
    }
}
