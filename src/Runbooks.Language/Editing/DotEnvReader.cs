using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Editing;

/// <summary>Reads a <c>.env</c> file as Docker Compose does, and notices where other readers (shells, older versions) read something else.</summary>
internal sealed class DotEnvReader
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly TreeMapping _root = new(0, null);
    private readonly ImmutableArray<TreeToken>.Builder _tokens = ImmutableArray.CreateBuilder<TreeToken>();
    private int _at;

    private DotEnvReader(SourceText source)
    {
        _source = source;
        _text = source.Content;
    }

    /// <summary>A mapping of names to values, or why the file cannot be edited.</summary>
    public static EditTree? Read(SourceText source, out EditRefusal? refusal)
    {
        var reader = new DotEnvReader(source);
        refusal = reader.Run();
        return refusal is null ? new EditTree(source, reader._root, [], reader._tokens.ToImmutable()) : null;
    }

    private EditRefusal? Run()
    {
        while (true)
        {
            Skip(c => IsBlank(c) || c == '\n');
            if (_at == _text.Length)
            {
                return null;
            }

            if (_text[_at] == '#')
            {
                Skip(c => c != '\n');
            }
            else if (Statement() is { } refusal)
            {
                return refusal;
            }
        }
    }

    private EditRefusal? Statement()
    {
        if (_text.AsSpan(_at).StartsWith("export ") || _text.AsSpan(_at).StartsWith("export\t"))
        {
            _at += "export".Length;
            Skip(IsBlank);
        }

        var start = _at;
        Skip(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' or '[' or ']');
        var key = Scalar(_text[start.._at], TextSpan.FromBounds(start, _at), TreeStyle.EnvPlain);
        Skip(IsBlank);
        if (key.Span.Length == 0 || (_at < _text.Length && _text[_at] is not ('=' or ':' or '\n')))
        {
            return SyntaxError(start, "this is not KEY=value, a comment or an empty line");
        }

        if (_at == _text.Length || _text[_at] == '\n')
        {
            _root.Entries.Add(new TreeEntry(key, Scalar("", new TextSpan(_at, 0), TreeStyle.EnvInherited)));
            return null;
        }

        var afterSeparator = ++_at;
        Skip(IsBlank);
        var quoted = _at < _text.Length && _text[_at] is '"' or '\'';
        var value = quoted ? Quoted() : Unquoted(afterSeparator);
        if (value is null)
        {
            return SyntaxError(_at, "a quote opens here and is not closed");
        }

        _root.Entries.Add(new TreeEntry(key, value));
        Skip(IsBlank);
        var atEnd = _at == _text.Length || _text[_at] is '\n' or '#';
        return atEnd ? null : SyntaxError(_at, "something follows the closing quote; a comment starts with ' #'");
    }

    private TreeScalar? Quoted()
    {
        var start = _at;
        var quote = _text[start];
        for (var i = start + 1; i < _text.Length; i++)
        {
            if (_text[i] == '\\')
            {
                i++;
            }
            else if (_text[i] == quote)
            {
                _at = i + 1;
                var span = TextSpan.FromBounds(start, _at);
                var inner = _text[(start + 1)..i];
                return quote == '\''
                    ? Scalar(inner.Replace("\\'", "'"), span, TreeStyle.EnvSingleQuoted)
                    : Template(DotEnvText.Unescape(inner), span, TreeStyle.EnvDoubleQuoted, null);
            }
        }

        return null;
    }

    private TreeScalar Unquoted(int afterSeparator)
    {
        var start = _at;
        Skip(c => c != '\n');
        var line = _text.AsSpan(start, _at - start);
        var comment = line.IndexOf(" #");
        var value = (comment < 0 ? line : line[..comment]).TrimEnd();
        var doubt = value switch
        {
            _ when value.Contains('#') => "'#' stands in it without a space before it, and some readers start a comment there",
            _ when value.EndsWith("\\") => "it ends with a backslash, and shells continue it on the next line",
            _ when value.ContainsAny('\r', '\v', '\f') => "it has a control character in it",
            _ => null,
        };

        // An empty value starts right after the separator, so that what is written there does not run into a comment.
        var span = value.IsEmpty ? new TextSpan(Math.Min(start, afterSeparator), 0) : new TextSpan(start, value.Length);
        return Template(value.ToString(), span, TreeStyle.EnvPlain, doubt);
    }

    private TreeScalar Template(string template, TextSpan span, TreeStyle style, string? doubt)
    {
        var isLiteral = Interpolation.Find(template).IsEmpty;
        return Scalar(isLiteral ? template.Replace("$$", "$") : template, span, style, isLiteral, doubt);
    }

    private TreeScalar Scalar(string value, TextSpan span, TreeStyle style, bool isLiteral = true, string? doubt = null)
    {
        var node = new TreeScalar(value, span, style, null) { Token = _tokens.Count, IsLiteral = isLiteral, Doubt = doubt };
        _tokens.Add(new TreeToken(style == TreeStyle.EnvInherited ? "inherited" : "text", value, span));
        return node;
    }

    private EditRefusal SyntaxError(int at, string what)
    {
        var line = _source.PositionOf(at).Line;
        return new EditRefusal(EditRefusalKind.Syntax, "", line, $"line {line}: {what}");
    }

    private void Skip(Func<char, bool> wanted)
    {
        while (_at < _text.Length && wanted(_text[_at]))
        {
            _at++;
        }
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\v' or '\f' or '\r' or '\u0085' or '\u00A0';
}
