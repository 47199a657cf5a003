using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Testing;

/// <summary>Text in which the places that a test is about are drawn: <c>name: [|app|]</c>. Nobody counts columns.</summary>
public sealed record Marked(SourceText Source, ImmutableArray<TextSpan> Spans)
{
    private const string Open = "[|";
    private const string Close = "|]";

    public TextSpan Span => Spans.Length == 1 ? Spans[0] : throw new InvalidOperationException($"{Spans.Length} places are marked");

    public static Marked Parse(string text, string path = "playbook.yml")
    {
        var spans = ImmutableArray.CreateBuilder<TextSpan>();
        var plain = "";
        foreach (var piece in text.Split(Open))
        {
            var close = piece.IndexOf(Close, StringComparison.Ordinal);
            if (close >= 0)
            {
                spans.Add(new TextSpan(plain.Length, close));
                plain += piece[..close] + piece[(close + Close.Length)..];
            }
            else
            {
                plain += piece;
            }
        }

        return new Marked(new SourceText(path, plain), spans.ToImmutable());
    }
}
