using System.Buffers;
using System.Collections.Immutable;

namespace Runbooks.Builtin.Databases;

/// <summary>One statement of a text.</summary>
/// <param name="Line">Counted from 1: where its first word stands.</param>
/// <param name="Words">Names and keywords outside of quotes and comments, in upper case.</param>
internal readonly record struct SqlStatement(int Line, ImmutableArray<string> Words);

/// <summary>Looks at a text before a client program does: which statements it has, and whether it holds a command of the client.</summary>
/// <remarks>No grammar: quotes and comments are told from the rest, which is enough to find where a statement ends. The server has the last word.</remarks>
internal sealed class SqlText
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly string _text;
    private readonly SqlDialect _dialect;
    private readonly ImmutableArray<SqlStatement>.Builder _statements = ImmutableArray.CreateBuilder<SqlStatement>();
    private readonly ImmutableArray<string>.Builder _words = ImmutableArray.CreateBuilder<string>();
    private int _began;
    private int _at;
    private bool _hasEnd;

    private SqlText(string text, SqlDialect dialect)
    {
        _text = text;
        _dialect = dialect;
    }

    /// <summary>Why the text cannot be asked as one query; null when it can.</summary>
    public static string? ProblemOfQuery(string text, SqlDialect dialect)
    {
        var read = new SqlText(text, dialect);
        var problem = read.Read();
        if (read._hasEnd)
        {
            return "it holds a ';': one statement is asked, and has none at its end";
        }

        if (problem is not null)
        {
            return problem;
        }

        var words = read._statements.FirstOrDefault().Words;
        return words.IsDefaultOrEmpty ? "it holds no statement" : words[0] switch
        {
            _ when dialect == SqlDialect.MySql && words.Contains("INTO", StringComparer.Ordinal) => "it holds INTO, which writes a file or a variable",
            "SELECT" or "WITH" or "VALUES" or "TABLE" => null,
            "SHOW" when dialect == SqlDialect.MySql => null,
            var first => $"it begins with {first}, and a query begins with SELECT, WITH, VALUES or TABLE{(dialect == SqlDialect.MySql ? ", or SHOW" : "")}",
        };
    }

    /// <summary>The statements of a text.</summary>
    /// <returns>None, and why, when it cannot be told where they end, or it holds a command of the client.</returns>
    public static (ImmutableArray<SqlStatement> Statements, string? Problem) StatementsOf(string text, SqlDialect dialect)
    {
        var read = new SqlText(text, dialect);
        return read.Read() is { } problem ? ([], $"line {read.Line(read._at)}: {problem}") : (read._statements.ToImmutable(), null);
    }

    private string? Read()
    {
        while (_at < _text.Length)
        {
            var began = _at;
            if (Skip() is { } problem)
            {
                _at = began;
                return problem;
            }

            if (_at > began)
            {
                continue;
            }

            switch (_text[_at])
            {
                case ';':
                    _hasEnd = true;
                    End();
                    _at++;
                    break;
                case '\\':
                    return "it holds a '\\' outside of quotes, which begins a command of the client program";
                case var c when IsOfName(c):
                    _began = _words.Count == 0 ? _at : _began;
                    _words.Add(Word().ToUpperInvariant());
                    break;
                default:
                    _at++;
                    break;
            }
        }

        End();
        return null;
    }

    private void End()
    {
        if (_words.Count > 0)
        {
            _statements.Add(new SqlStatement(Line(_began), _words.ToImmutable()));
            _words.Clear();
        }
    }

    private int Line(int at) => _text.AsSpan(0, at).Count('\n') + 1;

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
