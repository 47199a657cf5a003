using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Yaml;

/// <summary>Finds for each character of a decoded scalar where it stands in the file, through escapes, folded lines and indentation.</summary>
internal static class ScalarOffsets
{
    /// <summary>One offset for each character of the value, and one for its end; empty when the text could not be followed.</summary>
    /// <remarks>Every step is compared with the decoded value, so a place is right or it is not given.</remarks>
    public static ImmutableArray<int> Of(YamlScalar scalar, SourceText source)
    {
        var written = source.Slice(scalar.Span);
        var quoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
        var body = quoted ? (Start: 1, End: written.Length - 1) : (Start: 0, End: written.Length);
        if (scalar.Style == ScalarStyle.Block)
        {
            var header = written.IndexOf('\n');
            body = (header < 0 ? written.Length : header + 1, written.Length);
        }

        var offsets = ImmutableArray.CreateBuilder<int>(scalar.Value.Length + 1);
        var at = body.Start;
        if (scalar.Style == ScalarStyle.Block)
        {
            at = SkipIndent(scalar.Value, -1, written, at, body.End);
        }

        for (var i = 0; i < scalar.Value.Length; i++)
        {
            var next = Next(scalar.Value, ref i, written, at, body.End, scalar.Style, offsets, scalar.Span.Start);
            if (next < 0)
            {
                // The line ends that a block scalar has after its text may stand outside its span.
                if (scalar.Style == ScalarStyle.Block && scalar.Value.AsSpan(i).TrimStart('\n').IsEmpty)
                {
                    offsets.AddRange(Enumerable.Repeat(scalar.Span.End, scalar.Value.Length - i));
                    break;
                }

                return [];
            }

            at = next;
        }

        offsets.Add(scalar.Span.Start + Math.Min(at, body.End));
        return offsets.Count == scalar.Value.Length + 1 ? offsets.ToImmutable() : [];
    }

    /// <summary>Follows the character at <paramref name="i"/> (or the few that one escape or fold gives) and returns what comes after it; -1 when it is not there.</summary>
    private static int Next(string value, ref int i, string written, int at, int end, ScalarStyle style, ImmutableArray<int>.Builder offsets, int start)
    {
        if (style == ScalarStyle.Block && value[i] is not (' ' or '\n'))
        {
            // Of several line ends a folded text keeps all but one.
            while (at < end && written[at] is '\r' or '\n')
            {
                at = SkipBlanks(written, at + 1, end);
            }
        }

        while (style == ScalarStyle.DoubleQuoted && at + 1 < end && written[at] == '\\' && written[at + 1] is '\r' or '\n')
        {
            at = SkipBlanks(written, LineEnd(written, at + 1), end);
        }

        if (style == ScalarStyle.DoubleQuoted && at < end && written[at] == '\\')
        {
            var length = at + 1 >= end ? 1 : written[at + 1] switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
            offsets.Add(start + at);
            if (length == 10 && char.IsHighSurrogate(value[i]) && i + 1 < value.Length)
            {
                offsets.Add(start + at);
                i++;
            }

            return at + length <= end ? at + length : -1;
        }

        var fold = FoldAt(written, at, end, style);
        if (at < end && written[at] == value[i] && (style == ScalarStyle.Block || fold == at))
        {
            offsets.Add(start + at);
            return style == ScalarStyle.SingleQuoted && value[i] == '\'' ? at + 2 : value[i] == '\n' && style == ScalarStyle.Block ? SkipIndent(value, i, written, at + 1, end) : at + 1;
        }

        if (fold <= at || value[i] is not (' ' or '\n'))
        {
            return -1;
        }

        offsets.Add(start + at);
        if (style == ScalarStyle.Block)
        {
            // One line end of the text; "\r\n" is one, and more of them are followed one by one.
            return SkipIndent(value, i, written, LineEnd(written, at), end);
        }

        while (i + 1 < value.Length && value[i] == '\n' && value[i + 1] == '\n')
        {
            offsets.Add(start + at);
            i++;
        }

        return fold;
    }

    /// <summary>After the line breaks and blanks that begin here; <paramref name="at"/> itself when no line break does.</summary>
    private static int FoldAt(string written, int at, int end, ScalarStyle style)
    {
        var next = style == ScalarStyle.Block ? at : SkipBlanks(written, at, end);
        if (next >= end || written[next] is not ('\r' or '\n'))
        {
            return at;
        }

        while (next < end && written[next] is '\r' or '\n' or ' ' or '\t')
        {
            next++;
        }

        return Math.Min(next, end);
    }

    /// <summary>The indentation of a block scalar's line is what its value does not have.</summary>
    private static int SkipIndent(string value, int i, string written, int at, int end)
    {
        var kept = 0;
        while (i + 1 + kept < value.Length && value[i + 1 + kept] == ' ')
        {
            kept++;
        }

        var blanks = SkipBlanks(written, at, end) - at;
        return at + Math.Max(0, blanks - kept);
    }

    private static int SkipBlanks(string written, int at, int end)
    {
        while (at < end && written[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }

    private static int LineEnd(string written, int at) => written[at] == '\r' && at + 1 < written.Length && written[at + 1] == '\n' ? at + 2 : at + 1;
}
