using Runbooks.Language.Text;

namespace Runbooks.Language.Diagnostics;

/// <summary>A diagnostic with everything that any rendering shows: no rendering looks into a file.</summary>
/// <param name="Severity">As it counts here.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Hint">What to do; null when the message says it.</param>
/// <param name="Related">A second place, with what it has to do with the first.</param>
public sealed record DiagnosticView(Descriptor Descriptor, Severity Severity, string Message, PlaceView Place, string? Hint, RelatedView? Related)
{
    public static DiagnosticView Of(Diagnostic diagnostic)
    {
        var source = diagnostic.Source;
        return new DiagnosticView(
            diagnostic.Descriptor,
            diagnostic.Severity,
            diagnostic.Message,
            PlaceView.Of(source, diagnostic.Span, diagnostic.HidesText),
            diagnostic.Hint,
            diagnostic.Related is { } related ? new RelatedView(related.Message, PlaceView.Of(source, related.Span, diagnostic.HidesText)) : null);
    }
}

public sealed record RelatedView(string Message, PlaceView Place);

/// <summary>A stretch of a file as people and editors count it: lines and columns from 1, columns in UTF-16 units, the end is the first column after it.</summary>
/// <param name="Snippet">Null when the text must not be shown.</param>
public sealed record PlaceView(string Path, LinePosition Start, LinePosition End, SnippetView? Snippet)
{
    internal static PlaceView Of(SourceText source, TextSpan span, bool hidesText) =>
        new(source.Path, source.PositionOf(span.Start), source.PositionOf(span.End), hidesText ? null : SnippetView.Of(source, span));
}

/// <summary>The line on which a place begins.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Text">A long line is cut around the place; <c>…</c> stands for what was cut off.</param>
/// <param name="HighlightStart">Offset in <paramref name="Text"/>, in UTF-16 units.</param>
/// <param name="HighlightLength">Zero at a place between two characters. A place of several lines is highlighted to the end of its first line.</param>
public sealed record SnippetView(int Line, string Text, int HighlightStart, int HighlightLength)
{
    private const int MaxText = 160;
    private const int TextBefore = 60;

    internal static SnippetView Of(SourceText source, TextSpan span)
    {
        var line = source.PositionOf(span.Start).Line;
        var text = source.LineText(line);
        var start = Math.Clamp(span.Start - source.LineStart(line), 0, text.Length);
        var end = Math.Clamp(span.End - source.LineStart(line), start, text.Length);
        if (text.Length <= MaxText)
        {
            return new SnippetView(line, text, start, end - start);
        }

        var from = OutsidePairs(text, Math.Min(Math.Max(0, start - TextBefore), text.Length - MaxText));
        var to = OutsidePairs(text, from + MaxText);
        var before = from > 0 ? "…" : "";
        var cut = $"{before}{text[from..to]}{(to < text.Length ? "…" : "")}";
        var highlight = start - from + before.Length;
        return new SnippetView(line, cut, highlight, Math.Min(end, to) - start);
    }

    private static int OutsidePairs(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
