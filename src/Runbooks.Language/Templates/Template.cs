using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Templates;

/// <summary>A text with expressions in it, parsed once; see <see cref="TemplateParser"/> and <see cref="TemplateRenderer"/>.</summary>
/// <param name="Source">As the author wrote it.</param>
/// <param name="Parts">In order.</param>
/// <param name="Span">Its place in the file.</param>
public sealed record Template(string Source, ImmutableArray<TemplatePart> Parts, TextSpan Span)
{
    /// <summary>True when it holds no expression: its value is known without any scope.</summary>
    public bool IsLiteral => Parts.Length == 0 || (Parts.Length == 1 && Parts[0] is LiteralPart);

    public static Template Literal(string text, TextSpan span) => new(text, text.Length == 0 ? [] : [new LiteralPart(text)], span);
}

public abstract record TemplatePart;

public sealed record LiteralPart(string Text) : TemplatePart;

/// <summary>One <c>{{ expression }}</c>, or a whole text with <c>if</c> and <c>for</c> in it.</summary>
public sealed record ExpressionPart : TemplatePart
{
    internal ExpressionPart(Scriban.Template parsed, string text, ImmutableArray<Reference> references, TextSpan span)
    {
        Parsed = parsed;
        Text = text;
        References = references;
        Span = span;
    }

    /// <summary>The expression without its braces, for display.</summary>
    public string Text { get; }

    /// <summary>The names it uses, functions included.</summary>
    public ImmutableArray<Reference> References { get; }

    /// <summary>Its place in the file.</summary>
    public TextSpan Span { get; }

    /// <summary>A text with statements: it has a rendered text, not a value.</summary>
    public bool IsBlock { get; internal init; }

    internal Scriban.Template Parsed { get; }
}
