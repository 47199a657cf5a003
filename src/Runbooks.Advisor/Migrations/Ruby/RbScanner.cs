using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Advisor.Migrations.Ruby;

/// <summary>Cuts a Ruby file into tokens. What is broken in it ends up in tokens that nobody understands.</summary>
internal sealed class RbScanner
{
    private readonly string _text;
    private readonly ImmutableArray<RbToken>.Builder _tokens = ImmutableArray.CreateBuilder<RbToken>();

    /// <summary>Heredocs that begin after this line: at which token, and how they end.</summary>
    private readonly List<(int Token, string End, bool IsRaw)> _heredocs = [];
    private int _at;

    private RbScanner(string text) => _text = text;

    public static ImmutableArray<RbToken> Tokens(string text) => new RbScanner(text).All();

    private ImmutableArray<RbToken> All()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c is '\n' or ';')
            {
                Add(RbTokenKind.Break, "", _at, ++_at);
                if (c == '\n')
                {
                    Heredocs();
                    SkipDocument();
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
            else if (char.IsWhiteSpace(c) || c == '\ufeff')
            {
                _at++;
            }
            else
            {
                Token(c);
            }
        }

        return _tokens.ToImmutable();
    }

    private void Add(RbTokenKind kind, string? value, int start, int end) => _tokens.Add(new RbToken(kind, value, start, end));

    /// <summary>A comment between <c>=begin</c> and <c>=end</c>.</summary>
    private void SkipDocument()
    {
        if (Ahead("=begin"))
        {
            var end = _text.IndexOf("\n=end", _at, StringComparison.Ordinal);
            _at = end < 0 ? _text.Length : end + 5;
        }
    }

    private void Token(char c)
    {
        var start = _at;
        if (IsOfName(c) && !char.IsAsciiDigit(c))
        {
            Word();
            var value = _text[start.._at];
            var isLabel = _at < _text.Length && _text[_at] == ':' && (_at + 1 >= _text.Length || _text[_at + 1] != ':');
            Add(isLabel ? RbTokenKind.Label : RbTokenKind.Name, value, start, _at += isLabel ? 1 : 0);
        }
        else if (c is '\'' or '"' or '`')
        {
            Text(start, c, c, c != '\'');
            // "null": false
            if (_at < _text.Length && _text[_at] == ':' && c != '`' && _tokens[^1].Value is not null && (_at + 1 >= _text.Length || char.IsWhiteSpace(_text[_at + 1])) && _tokens.Count > 1 && _tokens[^2].Value is "," or "{" or "(")
            {
                _tokens[^1] = _tokens[^1] with { Kind = RbTokenKind.Label, End = ++_at };
            }
        }
        else if (c == ':' && _at + 1 < _text.Length && (IsOfName(_text[_at + 1]) || _text[_at + 1] is '"' or '\''))
        {
            Symbol(start);
        }
        else if (c == '%' && Percent() is { } percent)
        {
            _at = percent.Open;
            Text(start, _text[percent.Open], percent.Close, percent.IsComputed);
        }
        else if (char.IsAsciiDigit(c))
        {
            while (_at < _text.Length && (IsOfName(_text[_at]) || (_text[_at] == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))))
            {
                _at++;
            }

            Add(RbTokenKind.Number, _text[start.._at], start, _at);
        }
        else if (!Heredoc())
        {
            _at += Ahead("::") || Ahead("&.") || Ahead("=>") || Ahead("->") || Ahead("==") || Ahead("||") || Ahead("&&") || Ahead("<<") ? 2 : 1;
            Add(RbTokenKind.Sign, _text[start.._at], start, _at);
        }
    }

    private void Word()
    {
        while (_at < _text.Length && IsOfName(_text[_at]))
        {
            _at++;
        }

        if (_at < _text.Length && _text[_at] is '?' or '!' && (_at + 1 >= _text.Length || _text[_at + 1] != '='))
        {
            _at++;
        }
    }

    private void Symbol(int start)
    {
        _at++;
        if (_text[_at] is '"' or '\'')
        {
            Text(start, _text[_at], _text[_at], _text[_at] == '"');
            _tokens[^1] = _tokens[^1] with { Kind = RbTokenKind.Symbol };
            return;
        }

        Word();
        Add(RbTokenKind.Symbol, _text[(start + 1).._at], start, _at);
    }

    /// <summary>%q(…), %w[…] and their like; null for an operator.</summary>
    private (int Open, char Close, bool IsComputed)? Percent()
    {
        var open = _at + 1 < _text.Length && char.IsAsciiLetter(_text[_at + 1]) ? _at + 2 : _at + 1;
        var isArgument = _tokens.Count == 0 || _tokens[^1].Kind is RbTokenKind.Sign or RbTokenKind.Break or RbTokenKind.Label || (_tokens[^1].Kind == RbTokenKind.Name && _at > 0 && char.IsWhiteSpace(_text[_at - 1]));
        return open < _text.Length && isArgument && Closing(_text[open]) is { } close ? (open, close, _text[open - 1] is not ('q' or 'w' or 'i' or 's')) : null;
    }

    private static char? Closing(char open) => open switch
    {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        '|' or '!' or '/' => open,
        _ => null,
    };

    private void Text(int start, char open, char close, bool isComputed)
    {
        var value = new StringBuilder();
        var (depth, isKnown) = (0, true);
        for (_at++; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == '\\' && _at + 1 < _text.Length)
            {
                _at++;
                value.Append(isComputed ? Escaped(_text[_at]) : _text[_at] is '\'' or '\\' ? _text[_at].ToString() : $"\\{_text[_at]}");
                continue;
            }

            if (c == close && depth == 0)
            {
                _at++;
                Add(RbTokenKind.Text, isKnown ? value.ToString() : null, start, _at);
                return;
            }

            depth += open == close ? 0 : c == open ? 1 : c == close ? -1 : 0;
            isKnown &= !(isComputed && c == '#' && _at + 1 < _text.Length && _text[_at + 1] == '{');
            value.Append(c);
        }

        Add(RbTokenKind.Text, null, start, _at);
    }

    private static string Escaped(char c) => c switch
    {
        'n' => "\n",
        't' => "\t",
        'r' => "\r",
        's' => " ",
        '\n' => "",
        _ when char.IsAsciiLetterOrDigit(c) => $"\\{c}",
        _ => c.ToString(),
    };

    /// <summary><c>&lt;&lt;~SQL</c>: its text begins in the next line.</summary>
    private bool Heredoc()
    {
        if (!Ahead("<<") || _at + 3 >= _text.Length)
        {
            return false;
        }

        var at = _at + 2 + (_text[_at + 2] is '~' or '-' ? 1 : 0);
        var quote = at < _text.Length && _text[at] is '\'' or '"' ? _text[at].ToString() : "";
        at += quote.Length;
        var end = at;
        while (end < _text.Length && IsOfName(_text[end]))
        {
            end++;
        }

        if (end == at || !char.IsAsciiLetterUpper(_text[at]))
        {
            return false;
        }

        _heredocs.Add((_tokens.Count, _text[at..end], quote == "'"));
        Add(RbTokenKind.Text, null, _at, Math.Min(_text.Length, end + quote.Length));
        _at = Math.Min(_text.Length, end + quote.Length);
        return true;
    }

    private void Heredocs()
    {
        foreach (var (token, end, isRaw) in _heredocs)
        {
            var (began, value, isKnown) = (_at, new StringBuilder(), false);
            while (_at < _text.Length && !isKnown)
            {
                var stop = _text.IndexOf('\n', _at) is >= 0 and var found ? found : _text.Length;
                var line = _text.AsSpan(_at, stop - _at);
                _at = Math.Min(_text.Length, stop + 1);
                isKnown = line.Trim().SequenceEqual(end);
                value.Append(isKnown ? "" : line).Append(isKnown ? "" : "\n");
            }

            var text = value.ToString();
            // The place is that of its text, so that lines in it can be counted.
            _tokens[token] = _tokens[token] with { Value = isKnown && (isRaw || !text.Contains("#{", StringComparison.Ordinal)) ? text : null, Start = began, End = began };
        }

        _heredocs.Clear();
    }

    private bool Ahead(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || c > '\x7f';
}
