using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Scriban.Parsing;

namespace Runbooks.Language.Templates;

/// <summary>Parses text with expressions. Names are checked later, when the scope is known.</summary>
public static class TemplateParser
{
    private static readonly ParserOptions Options = new() { ExpressionDepthLimit = 64 };
    private static readonly Scriban.Template Nothing = Scriban.Template.Parse("");

    /// <param name="text">Decoded text of a scalar, or one word of it.</param>
    /// <param name="place">Turns a stretch of <paramref name="text"/> into its place in the file.</param>
    public static Template Parse(string text, Func<int, int, TextSpan> place, DiagnosticBag bag)
    {
        var span = place(0, text.Length);
        if (!text.Contains("{{", StringComparison.Ordinal))
        {
            return Template.Literal(text, span);
        }

        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0)
            {
                parts.Add(new LiteralPart(text[at..]));
                break;
            }

            if (open > at)
            {
                parts.Add(new LiteralPart(text[at..open]));
            }

            var close = EndOfExpression(text, open + 2);
            if (close < 0)
            {
                bag.AddUnclosedExpression(place(open, 2));
                return Template.Literal("", span);
            }

            if (Expression(text[(open + 2)..close], open + 2, place, bag) is not { } part)
            {
                return Template.Literal("", span);
            }

            if (part.IsBlock)
            {
                return Block(text, place, bag);
            }

            parts.Add(part);
            at = close + 2;
        }

        return new Template(text, parts.ToImmutable(), span);
    }

    /// <summary>Parses a bare expression, as in <c>when:</c>; one pair of braces around all of it is accepted.</summary>
    public static Template ParseCondition(string text, Func<int, int, TextSpan> place, DiagnosticBag bag)
    {
        var trimmed = text.Trim();
        var span = place(0, text.Length);
        if (trimmed.StartsWith("{{", StringComparison.Ordinal) && EndOfExpression(trimmed, 2) is var close && close >= 0 && close != trimmed.Length - 2)
        {
            bag.Add(TemplateDiagnostics.Syntax, span, "a condition is one expression", "write it without any braces");
            return Template.Literal("", span);
        }

        var braced = trimmed.StartsWith("{{", StringComparison.Ordinal) && trimmed.EndsWith("}}", StringComparison.Ordinal);
        var body = braced ? trimmed[2..^2] : text;
        var offset = braced ? text.IndexOf("{{", StringComparison.Ordinal) + 2 : 0;
        if (Expression(body, offset, place, bag) is not { } part)
        {
            return Template.Literal("", span);
        }

        if (part.IsBlock)
        {
            bag.Add(TemplateDiagnostics.NotAllowed, part.Span, "a condition is one expression", "for example: version != \"v1.0.0\"");
            return Template.Literal("", span);
        }

        return new Template(text, [part], span);
    }

    /// <summary>Offset of the <c>}}</c> that closes an expression, quotes respected; -1 when there is none.</summary>
    internal static int EndOfExpression(string text, int from)
    {
        for (var i = from; i < text.Length - 1; i++)
        {
            if (text[i] is '"' or '\'' or '`')
            {
                var quote = text[i];
                for (i++; i < text.Length && text[i] != quote; i++)
                {
                    if (text[i] == '\\' && quote != '`')
                    {
                        i++;
                    }
                }
            }
            else if (text[i] == '}' && text[i + 1] == '}')
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The first expression of ours in a script; braces of Go templates (<c>docker ps --format '{{.Names}}'</c>) are text there.</summary>
    internal static TextSpan? FindInScript(string script)
    {
        var go = false;
        for (var at = script.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = script.IndexOf("{{", at, StringComparison.Ordinal))
        {
            var close = EndOfExpression(script, at + 2);
            if (close < 0)
            {
                return null;
            }

            var body = script[(at + 2)..close].Trim();
            go |= LooksLikeGo(body);
            if (!LooksLikeGo(body) && !(go && body is "end" or "else"))
            {
                return TextSpan.FromBounds(at, close + 2);
            }

            at = close + 2;
        }

        return null;
    }

    private static ExpressionPart? Expression(string body, int offset, Func<int, int, TextSpan> place, DiagnosticBag bag)
    {
        var display = body.Trim();
        var span = place(offset, body.Length);
        if (display.Length == 0)
        {
            bag.Add(TemplateDiagnostics.Syntax, span, "the expression is empty");
            return null;
        }

        if (StartsStatement(body))
        {
            return new ExpressionPart(Nothing, display, [], span) { IsBlock = true };
        }

        if (Parse(body, ScriptMode.ScriptOnly, offset, place, bag) is not { } parsed || Walk(parsed, offset, place, bag) is not { } names)
        {
            return null;
        }

        if (!names.IsSingleExpression)
        {
            bag.Add(TemplateDiagnostics.NotAllowed, span, "one expression stands between {{ and }}");
            return null;
        }

        return new ExpressionPart(parsed, display, names.References, span);
    }

    private static Template Block(string text, Func<int, int, TextSpan> place, DiagnosticBag bag)
    {
        var span = place(0, text.Length);
        if (Parse(text, ScriptMode.Default, 0, place, bag) is not { } parsed || Walk(parsed, 0, place, bag) is not { } names)
        {
            return Template.Literal("", span);
        }

        return new Template(text, [new ExpressionPart(parsed, text, names.References, span) { IsBlock = true }], span);
    }

    private static bool StartsStatement(string body)
    {
        var word = body.AsSpan().TrimStart("-~ \t\r\n");
        var end = word.IndexOfAnyExceptInRange('a', 'z');
        return (end < 0 ? word : word[..end]) is "if" or "else" or "end" or "for" or "break" or "continue" || body[0] is '-' or '~' || body[^1] is '-' or '~';
    }

    /// <summary>Members of nothing, as in <c>docker --format '{{.Names}}'</c>: never a valid expression here.</summary>
    internal static bool LooksLikeGo(string body)
    {
        var dot = body.IndexOf('.');
        return dot >= 0 && (dot == 0 || body[dot - 1] is ' ' or '(' or '-' or '{') && (dot + 1 == body.Length || !char.IsAsciiDigit(body[dot + 1]));
    }

    private static Scriban.Template? Parse(string text, ScriptMode mode, int offset, Func<int, int, TextSpan> place, DiagnosticBag bag)
    {
        Scriban.Template parsed;
        try
        {
            parsed = Scriban.Template.Parse(text, null, Options, new LexerOptions { Mode = mode });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library's parser throws on some malformed input instead of reporting it.
            bag.Add(TemplateDiagnostics.Syntax, place(offset, text.Length), $"the expression cannot be read: {e.Message}");
            return null;
        }

        if (!parsed.HasErrors)
        {
            return parsed;
        }

        if (mode == ScriptMode.ScriptOnly && LooksLikeGo(text.Trim()))
        {
            var quoted = text.Contains('"', StringComparison.Ordinal) ? "…" : text;
            bag.Add(TemplateDiagnostics.Syntax, place(offset, text.Length), $"'{text.Trim()}' is no expression of this language", $"braces that are meant for another program are written {{{{ \"{{{{{quoted}}}}}\" }}}}");
            return null;
        }

        var first = parsed.Messages[0];
        var start = Math.Clamp(first.Span.Start.Offset, 0, text.Length);
        bag.Add(TemplateDiagnostics.Syntax, place(offset + start, Math.Min(Math.Max(1, first.Span.Length), text.Length - start)), Sentence(first.Message));
        return null;
    }

    private static ExpressionNames? Walk(Scriban.Template parsed, int offset, Func<int, int, TextSpan> place, DiagnosticBag bag)
    {
        var names = new ExpressionNames((start, length) => place(offset + start, length));
        names.Visit(parsed.Page);
        if (names.Forbidden is not { } forbidden)
        {
            return names;
        }

        bag.Add(TemplateDiagnostics.NotAllowed, forbidden.Span, $"{forbidden.What} is not allowed in a template");
        return null;
    }

    private static string Sentence(string message)
    {
        var text = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        if (text.StartsWith("Error while parsing ", StringComparison.Ordinal) && text.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
        {
            text = text[(colon + 2)..].TrimEnd();
        }

        return text.Length == 0 ? "the expression cannot be read" : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
