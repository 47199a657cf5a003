using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Runbooks.Language.Editing;

/// <summary>Changes scalars in the bytes of a YAML, JSON or <c>.env</c> file and keeps every other byte: comments, quotes, anchors, line ends, byte order mark.</summary>
/// <remarks>
/// Pure. Either all edits are made or none is. Every result was read back: the wanted values stand at their paths, with the type they had, and everything else in
/// the file is what and where it was. Where that cannot be shown, the edit is refused with a reason.
/// </remarks>
public static class ScalarEditor
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Makes all edits or none.</summary>
    /// <param name="original">The whole file; UTF-8 with or without a byte order mark.</param>
    /// <param name="format">See <see cref="EditFormats.OfPath"/>.</param>
    /// <param name="edits">All are looked up in the original; none sees the effect of another.</param>
    public static EditResult Apply(ReadOnlySpan<byte> original, EditFormat format, IReadOnlyList<ScalarEdit> edits)
    {
        var mark = original.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (Decode(original[mark..]) is not { } text)
        {
            return new EditRefused([new EditRefusal(EditRefusalKind.Encoding, "", null, "the file is not UTF-8 text; save it as UTF-8")]);
        }

        if (EditTrees.Read(format, text, out var unreadable) is not { } tree)
        {
            // unreadable is set whenever there is no tree.
            return new EditRefused([unreadable!]);
        }

        var planned = edits.Select(e => EditPlanner.Plan(tree, format, e)).ToImmutableArray();
        var refusals = planned.Select(p => p.Refusal).OfType<EditRefusal>().Concat(Overlaps(planned)).ToImmutableArray();
        if (refusals.Length > 0)
        {
            return new EditRefused(refusals);
        }

        var edited = SelfCheck.Splice(text, [.. planned.Select(p => p.Replacement).OfType<Replacement>()]);
        var replacements = planned.Select(p => p.Replacement).OfType<Replacement>().Where(r => !r.IsNothing).ToImmutableArray();
        if (SelfCheck.Difference(tree, format, edited, replacements) is { } difference)
        {
            return new EditRefused([new EditRefusal(EditRefusalKind.NotRepresentable, "", null, $"the edits together would change more than they should: {difference}")]);
        }

        return new Edited(Bytes(original, mark, text, replacements), [.. planned.Select(p => p.Change).OfType<ScalarChange>()]);
    }

    private static IEnumerable<EditRefusal> Overlaps(ImmutableArray<PlannedEdit> planned)
    {
        var taken = new Dictionary<TreeScalar, string>();
        foreach (var replacement in planned.Select(p => p.Replacement).OfType<Replacement>())
        {
            if (!taken.TryAdd(replacement.Scalar, replacement.Path))
            {
                yield return new EditRefusal(EditRefusalKind.Overlap, replacement.Path, null, $"'{replacement.Path}' and '{taken[replacement.Scalar]}' change the same value; join them into one");
            }
        }
    }

    /// <summary>Copies the original's own bytes around the new slices.</summary>
    private static ImmutableArray<byte> Bytes(ReadOnlySpan<byte> original, int mark, string text, ImmutableArray<Replacement> replacements)
    {
        using var result = new MemoryStream(original.Length + 64);
        var (bytesDone, charactersDone) = (mark, 0);
        result.Write(original[..mark]);
        foreach (var replacement in replacements.OrderBy(r => r.Span.Start))
        {
            var before = Strict.GetByteCount(text.AsSpan(charactersDone, replacement.Span.Start - charactersDone));
            result.Write(original.Slice(bytesDone, before));
            result.Write(Strict.GetBytes(replacement.NewSource));
            bytesDone += before + Strict.GetByteCount(text.AsSpan(replacement.Span.Start, replacement.Span.Length));
            charactersDone = replacement.Span.End;
        }

        result.Write(original[bytesDone..]);
        return ImmutableCollectionsMarshal.AsImmutableArray(result.ToArray());
    }

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            return text.Contains('\0') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
