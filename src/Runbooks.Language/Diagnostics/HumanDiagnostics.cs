using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Runbooks.Language.Text;

namespace Runbooks.Language.Diagnostics;

/// <summary>The two forms for people's eyes. Nothing from a file reaches the text unless it went through <see cref="DisplayText.Visible"/>.</summary>
internal static class HumanDiagnostics
{
    public static string Render(ImmutableArray<DiagnosticView> views, Palette palette)
    {
        if (views.IsEmpty)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var view in views)
        {
            Append(text, view, palette);
            text.Append('\n');
        }

        // One mention is enough: the reader sees the other codes above.
        var first = views.OrderByDescending(v => v.Severity).First();
        text.Append(palette.Strong).Append(Summary([.. views.Select(v => v.Severity)])).Append(palette.Reset);
        text.Append($"; 'runbook explain {first.Descriptor.Code}' says more about the {(views.Length == 1 ? "code" : "first")}\n");
        return text.ToString();
    }

    public static string RenderLines(ImmutableArray<DiagnosticView> views)
    {
        var text = new StringBuilder();
        foreach (var view in views)
        {
            var start = view.Place.Start;
            text.Append($"{DisplayText.Visible(view.Place.Path)}({start.Line},{start.Column}): {Word(view.Severity)} {view.Descriptor.Code}: {DisplayText.Visible(view.Message)}");
            if (view.Hint is { } hint)
            {
                text.Append($" ({DisplayText.Visible(hint)})");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public static string Summary(ImmutableArray<Severity> severities)
    {
        var parts = new List<string>();
        foreach (var severity in (ReadOnlySpan<Severity>)[Severity.Error, Severity.Warning, Severity.Info])
        {
            var count = severities.Count(s => s == severity);
            if (count > 0)
            {
                parts.Add($"{count} {Word(severity)}{(count == 1 || severity == Severity.Info ? "" : "s")}");
            }
        }

        return parts.Count == 0 ? "no mistakes" : string.Join(", ", parts);
    }

    public static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "info",
    };

    private static void Append(StringBuilder text, DiagnosticView view, Palette palette)
    {
        var gutter = Math.Max(Digits(view.Place), view.Related is { } r ? Digits(r.Place) : 0);
        var margin = new string(' ', gutter);
        text.Append($"{palette.Of(view.Severity)}{Word(view.Severity)} {view.Descriptor.Code}{palette.Reset}{palette.Strong}: {DisplayText.Visible(view.Message)}{palette.Reset}\n");
        text.Append($"{margin}{palette.Gutter}-->{palette.Reset} {Where(view.Place)}\n");
        AppendSnippet(text, view.Place.Snippet, gutter, '^', "", palette.Of(view.Severity), palette);
        if (view.Related is { } related)
        {
            if (related.Place.Snippet is null)
            {
                text.Append($"{margin}{palette.Gutter}-->{palette.Reset} {Where(related.Place)}: {DisplayText.Visible(related.Message)}\n");
            }
            else
            {
                text.Append($"{margin}{palette.Gutter}:::{palette.Reset} {Where(related.Place)}\n");
                AppendSnippet(text, related.Place.Snippet, gutter, '-', DisplayText.Visible(related.Message), palette.Info, palette);
            }
        }

        if (view.Hint is { } hint)
        {
            text.Append($"{margin} {palette.Gutter}={palette.Reset} {palette.Hint}hint:{palette.Reset} {DisplayText.Visible(hint)}\n");
        }
    }

    private static void AppendSnippet(StringBuilder text, SnippetView? snippet, int gutter, char mark, string label, string markColour, Palette palette)
    {
        if (snippet is null)
        {
            return;
        }

        var bar = $"{new string(' ', gutter)} {palette.Gutter}|{palette.Reset}";
        var before = DisplayText.Visible(snippet.Text[..snippet.HighlightStart]);
        var marked = DisplayText.Visible(snippet.Text.Substring(snippet.HighlightStart, snippet.HighlightLength));
        var after = DisplayText.Visible(snippet.Text[(snippet.HighlightStart + snippet.HighlightLength)..]);
        var number = snippet.Line.ToString(CultureInfo.InvariantCulture).PadLeft(gutter);
        text.Append($"{bar}\n");
        text.Append($"{palette.Gutter}{number} |{palette.Reset} {before}{marked}{after}".TrimEnd()).Append('\n');
        text.Append($"{bar} {new string(' ', DisplayText.Width(before))}{markColour}{new string(mark, Math.Max(1, DisplayText.Width(marked)))}");
        text.Append(label.Length > 0 ? $" {label}{palette.Reset}\n" : $"{palette.Reset}\n");
    }

    private static string Where(PlaceView place) => $"{DisplayText.Visible(place.Path)}:{place.Start}";

    private static int Digits(PlaceView place) => place.Start.Line.ToString(CultureInfo.InvariantCulture).Length;
}
