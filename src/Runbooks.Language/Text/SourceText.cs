using System.Collections.Immutable;

namespace Runbooks.Language.Text;

/// <summary>The text of one file, with the table that turns offsets into lines and columns.</summary>
public sealed class SourceText
{
    private readonly ImmutableArray<int> _lineStarts;

    /// <param name="path">As it should be shown to people: relative to where they are.</param>
    /// <param name="content">Without a byte order mark: <see cref="FromBytes"/> strips it.</param>
    public SourceText(string path, string content)
    {
        Path = path;
        Content = content;
        _lineStarts = LineStartsOf(content);
    }

    public string Path { get; }

    public string Content { get; }

    public int LineCount => _lineStarts.Length;

    /// <summary>Decodes UTF-8; bytes that are not UTF-8 become U+FFFD, which the reader reports.</summary>
    public static SourceText FromBytes(string path, ReadOnlySpan<byte> bytes)
    {
        var body = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        return new SourceText(path, System.Text.Encoding.UTF8.GetString(body));
    }

    /// <summary>The place of an offset; offsets outside the text are moved to its nearest end.</summary>
    public LinePosition PositionOf(int offset)
    {
        var inside = Math.Clamp(offset, 0, Content.Length);
        var index = _lineStarts.BinarySearch(inside);
        var line = index >= 0 ? index : ~index - 1;
        return new LinePosition(line + 1, inside - _lineStarts[line] + 1);
    }

    /// <summary>The text of a line, counted from 1, without its line break.</summary>
    public string LineText(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Length ? _lineStarts[line] : Content.Length;
        return Content[start..end].TrimEnd('\r', '\n');
    }

    /// <summary>Offset of the first character of a line, counted from 1.</summary>
    public int LineStart(int line) => _lineStarts[line - 1];

    public string Slice(TextSpan span) => Content.Substring(span.Start, span.Length);

    private static ImmutableArray<int> LineStartsOf(string content)
    {
        var starts = ImmutableArray.CreateBuilder<int>();
        starts.Add(0);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '\n' || (content[i] == '\r' && (i + 1 == content.Length || content[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return starts.ToImmutable();
    }
}
