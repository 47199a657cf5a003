using System.Buffers;

namespace Runbooks.Builtin.Databases;

/// <summary>Looks at the text of a query before a client program does: whether it is one statement that asks, and holds no command of the client.</summary>
/// <remarks>No grammar: quotes and comments are told from the rest, which is enough to find a second statement. The server has the last word, in a transaction that cannot write.</remarks>
internal sealed class SqlStatement
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly string _text;
    private readonly SqlDialect _dialect;
    private int _at;

    private SqlStatement(string text, SqlDialect dialect)
    {
        _text = text;
        _dialect = dialect;
    }

    /// <summary>Why the text cannot be asked; null when it can.</summary>
    public static string? ProblemOf(string text, SqlDialect dialect) => new SqlStatement(text, dialect).Problem();

    private string? Problem()
    {
        var first = "";
        while (_at < _text.Length)
        {
            var began = _at;
            if (Skip() is { } problem)
            {
                return problem;
            }

            if (_at > began)
            {
                continue;
            }

            switch (_text[_at])
            {
                case ';':
                    return "it holds a ';': one statement is asked, and has none at its end";
                case '\\':
                    return "it holds a '\\' outside of quotes, which begins a command of the client program";
                case var c when IsOfName(c):
                    var word = Word();
                    if (_dialect == SqlDialect.MySql && word.Equals("INTO", StringComparison.OrdinalIgnoreCase))
                    {
                        return "it holds INTO, which writes a file or a variable";
                    }

                    first = first.Length == 0 ? word : first;
                    break;
                default:
                    _at++;
                    break;
            }
        }

        return first.ToUpperInvariant() switch
        {
            "SELECT" or "WITH" or "VALUES" or "TABLE" => null,
            "SHOW" when _dialect == SqlDialect.MySql => null,
            "" => "it holds no statement",
            _ => $"it begins with {first}, and a query begins with SELECT, WITH, VALUES or TABLE{(_dialect == SqlDialect.MySql ? ", or SHOW" : "")}",
        };
    }

    /// <summary>Goes over a comment or something in quotes, if one begins here.</summary>
    private string? Skip() => _text[_at] switch
    {
        '\'' => Quoted('\'', _dialect == SqlDialect.MySql || IsEscapeText()),
        '"' => Quoted('"', _dialect == SqlDialect.MySql),
        '`' when _dialect == SqlDialect.MySql => Quoted('`', false),
        '#' when _dialect == SqlDialect.MySql => ToLineEnd(),
        '-' when Ahead("--") => ToLineEnd(),
        '/' when _dialect == SqlDialect.MySql && (Ahead("/*!") || Ahead("/*M!")) => "it holds a comment that the server reads as SQL",
        '/' when Ahead("/*") => Comment(),
        '$' when _dialect == SqlDialect.Postgres => DollarQuoted(),
        _ => null,
    };

    /// <summary><c>E'…'</c>: the letter stands alone before the quote.</summary>
    private bool IsEscapeText() => _at > 0 && _text[_at - 1] is 'e' or 'E' && (_at < 2 || !IsOfName(_text[_at - 2]));

    private string? Quoted(char quote, bool hasEscapes)
    {
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == '\\' && hasEscapes)
            {
                _at++;
            }
            else if (_text[_at] == quote)
            {
                if (!Ahead($"{quote}{quote}"))
                {
                    _at++;
                    return null;
                }

                _at++;
            }
        }

        return $"a {quote} is opened and not closed";
    }

    private string? DollarQuoted()
    {
        var end = _text.IndexOf('$', _at + 1);
        if (end < 0 || (_at > 0 && IsOfName(_text[_at - 1])) || _text.AsSpan(_at + 1, end - _at - 1).ContainsAnyExcept(NameCharacters) || char.IsAsciiDigit(_text[_at + 1]))
        {
            return null;
        }

        var tag = _text[_at..(end + 1)];
        var close = _text.IndexOf(tag, end + 1, StringComparison.Ordinal);
        if (close < 0)
        {
            return $"a {tag} is opened and not closed";
        }

        _at = close + tag.Length;
        return null;
    }

    private string? Comment()
    {
        var depth = 0;
        for (; _at < _text.Length; _at++)
        {
            if (Ahead("/*") && (depth == 0 || _dialect == SqlDialect.Postgres))
            {
                depth++;
                _at++;
            }
            else if (Ahead("*/"))
            {
                depth--;
                _at++;
                if (depth == 0)
                {
                    _at++;
                    return null;
                }
            }
        }

        return "a comment is opened and not closed";
    }

    private string? ToLineEnd()
    {
        _at = _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;
        return null;
    }

    private string Word()
    {
        var began = _at;
        while (_at < _text.Length && IsOfName(_text[_at]))
        {
            _at++;
        }

        return _text[began.._at];
    }

    private bool Ahead(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private static bool IsOfName(char c) => NameCharacters.Contains(c) || c > '\x7f';
}
