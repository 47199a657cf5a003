using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>Cuts a Python file into logical lines of tokens. What is broken in it ends up in tokens that nobody understands.</summary>
internal sealed class PyScanner
{
    private readonly string _text;
    private readonly ImmutableArray<PyLine>.Builder _lines = ImmutableArray.CreateBuilder<PyLine>();
    private readonly ImmutableArray<PyToken>.Builder _tokens = ImmutableArray.CreateBuilder<PyToken>();
    private int _at;
    private int _depth;
    private int _indent;

    private PyScanner(string text) => _text = text;

    public static ImmutableArray<PyLine> Lines(string text) => new PyScanner(text).All();

    private ImmutableArray<PyLine> All()
    {
        _at = _text.StartsWith('\ufeff') ? 1 : 0;
        Indent();
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '\n')
            {
                _at++;
                if (_depth == 0)
                {
                    End();
                    Indent();
                }
            }
            else if (c == '\\' && _text.AsSpan(_at + 1) is var rest && (rest.StartsWith("\n") || rest.StartsWith("\r\n")))
            {
                _at += rest[0] == '\r' ? 3 : 2;
            }
            else if (c == '#')
            {
                _at = _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;
            }
            else if (char.IsWhiteSpace(c))
            {
                _at++;
            }
            else
            {
                Token(c);
            }
        }

        End();
        return _lines.ToImmutable();
    }

    private void End()
    {
        if (_tokens.Count > 0)
        {
            _lines.Add(new PyLine(_indent, _tokens.ToImmutable()));
            _tokens.Clear();
        }
    }

    private void Indent()
    {
        _indent = 0;
        for (; _at < _text.Length && _text[_at] is ' ' or '\t' or '\f'; _at++)
        {
            _indent = _text[_at] == '\t' ? (_indent / 8 * 8) + 8 : _indent + 1;
        }
    }

    private void Token(char c)
    {
        var start = _at;
        if (IsOfName(c) && !char.IsAsciiDigit(c))
        {
            while (_at < _text.Length && IsOfName(_text[_at]))
            {
                _at++;
            }

            var word = _text[start.._at];
            if (_at < _text.Length && _text[_at] is '\'' or '"' && IsPrefix(word))
            {
                Text(start, word);
            }
            else
            {
                _tokens.Add(new PyToken(PyTokenKind.Name, word, start, _at));
            }
        }
        else if (c is '\'' or '"')
        {
            Text(start, "");
        }
        else if (char.IsAsciiDigit(c))
        {
            while (_at < _text.Length && (IsOfName(_text[_at]) || _text[_at] == '.'))
            {
                _at++;
            }

            _tokens.Add(new PyToken(PyTokenKind.Number, _text[start.._at], start, _at));
        }
        else
        {
            _at += Ahead("...") ? 3 : _at + 1 < _text.Length && _text[_at + 1] == '=' && c is '=' or '!' or '<' or '>' or '+' or '-' or '*' or '/' or '%' or '|' or '&' or '^' or ':' ? 2 : 1;
            _at = Math.Min(_at, _text.Length);
            var token = new PyToken(PyTokenKind.Sign, _text[start.._at], start, _at);
            _depth = Math.Max(0, _depth + token.Depth);
            _tokens.Add(token);
        }
    }

    private static bool IsPrefix(string word) => word.Length <= 2 && word.All(c => c is 'r' or 'R' or 'b' or 'B' or 'u' or 'U' or 'f' or 'F');

    private void Text(int start, string prefix)
    {
        var quote = _text[_at];
        var isTriple = Ahead(new string(quote, 3));
        var close = isTriple ? new string(quote, 3) : quote.ToString();
        var isRaw = prefix.Contains('r', StringComparison.OrdinalIgnoreCase);
        var value = new StringBuilder();
        for (_at += close.Length; _at < _text.Length && !Ahead(close); _at++)
        {
            // A line that ends in the middle of a text: broken, and nothing more is taken for a part of it.
            if (!isTriple && _text[_at] == '\n')
            {
                _tokens.Add(new PyToken(PyTokenKind.Text, null, start, _at));
                return;
            }

            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                _at++;
                value.Append(isRaw ? $"\\{_text[_at]}" : Escaped(_text[_at]));
            }
            else
            {
                value.Append(_text[_at]);
            }
        }

        var isClosed = _at < _text.Length;
        _at = isClosed ? _at + close.Length : _text.Length;
        var isComputed = prefix.Contains('f', StringComparison.OrdinalIgnoreCase) && value.ToString().Contains('{', StringComparison.Ordinal);
        _tokens.Add(new PyToken(PyTokenKind.Text, isClosed && !isComputed ? value.ToString() : null, start, _at));
    }

    private static string Escaped(char c) => c switch
    {
        'n' => "\n",
        't' => "\t",
        'r' => "\r",
        '\n' => "",
        '\\' or '\'' or '"' => c.ToString(),
        _ => $"\\{c}",
    };

    private bool Ahead(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || c > '\x7f';
}

/// <param name="Indent">How far it is moved in.</param>
internal readonly record struct PyLine(int Indent, ImmutableArray<PyToken> Tokens);
