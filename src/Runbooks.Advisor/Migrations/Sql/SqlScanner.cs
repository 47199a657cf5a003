using System.Buffers;
using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>
/// Cuts a text into statements. Where the products do not agree on how it is read (a backslash before a quote, a comment in a comment), that is a problem of the
/// statement and no guess.
/// </summary>
internal sealed class SqlScanner
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");

    private readonly string _text;
    private readonly ImmutableArray<SqlPiece>.Builder _pieces = ImmutableArray.CreateBuilder<SqlPiece>();
    private readonly ImmutableArray<SqlToken>.Builder _tokens = ImmutableArray.CreateBuilder<SqlToken>();
    private string _delimiter = ";";
    private string? _problem;
    private int _at;

    /// <summary>Open BEGIN and CASE in the body of a routine.</summary>
    private int _depth;

    /// <summary>Between the signs of a comment that MySQL reads as SQL.</summary>
    private bool _isInReadComment;

    private SqlScanner(string text) => _text = text;

    public static ImmutableArray<SqlPiece> Pieces(string text) => new SqlScanner(text).All();

    private ImmutableArray<SqlPiece> All()
    {
        while (_at < _text.Length)
        {
            if (Ahead(_delimiter) && (_depth == 0 || _delimiter != ";"))
            {
                _at += _delimiter.Length;
                End();
            }
            else if (!Skip() && !Line())
            {
                Token();
            }
        }

        if (_depth > 0)
        {
            _problem ??= "a BEGIN has no END";
        }

        End();
        return _pieces.ToImmutable();
    }

    private void End()
    {
        if (_tokens.Count > 0 || _problem is not null)
        {
            var start = _tokens.Count > 0 ? _tokens[0].Start : Math.Max(0, _at - 1);
            var piece = new SqlPiece(_tokens.ToImmutable(), start, _tokens.Count > 0 ? _tokens[^1].End : _at, _problem);
            _pieces.Add(piece);
            if (piece.Word(0) == "COPY" && piece.HasWord("STDIN"))
            {
                SkipRows();
            }
        }

        _tokens.Clear();
        (_problem, _depth) = (null, 0);
    }

    /// <summary>The rows that follow a COPY, up to their end.</summary>
    private void SkipRows()
    {
        while (_at < _text.Length)
        {
            var line = RestOfLine();
            _at = Math.Min(_text.Length, _at + line.Length + 1);
            if (line.TrimEnd() is "\\.")
            {
                return;
            }
        }
    }

    /// <summary>Goes over spaces and comments.</summary>
    private bool Skip()
    {
        var c = _text[_at];
        if (char.IsWhiteSpace(c) || c is '\ufeff')
        {
            _at++;
        }
        else if (Ahead("--") || (c == '#' && (_tokens.Count == 0 || IsFirstOfLine())))
        {
            _at += RestOfLine().Length;
        }
        else if (Ahead("/*!") || Ahead("/*M!"))
        {
            _at = _text.IndexOf('!', _at) + 1;
            while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            {
                _at++;
            }

            _isInReadComment = true;
        }
        else if (_isInReadComment && Ahead("*/"))
        {
            _at += 2;
            _isInReadComment = false;
        }
        else if (Ahead("/*"))
        {
            Comment();
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Comment()
    {
        var end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            _problem ??= "a comment is opened and not closed";
            _at = _text.Length;
            return;
        }

        if (_text.AsSpan(_at + 2, end - _at - 2).Contains("/*", StringComparison.Ordinal))
        {
            _problem ??= "a comment begins in a comment: PostgreSQL and MySQL do not agree on where it ends";
        }

        _at = end + 2;
    }

    /// <summary>What has a line of its own: commands of psql, of the client of MySQL, of that of SQL Server.</summary>
    private bool Line()
    {
        if (_depth > 0 || _text[_at] is not ('\\' or '/' or 'd' or 'D' or 'g' or 'G') || !IsFirstOfLine())
        {
            return false;
        }

        var line = RestOfLine().Trim();
        if (line.StartsWith("DELIMITER ", StringComparison.OrdinalIgnoreCase) && _tokens.Count == 0)
        {
            _delimiter = line[10..].Trim() is { Length: > 0 } given ? given.ToString() : ";";
        }
        else if (_text[_at] == '\\')
        {
            Command(line);
        }
        else if (line.Equals("GO", StringComparison.OrdinalIgnoreCase) || line is "/")
        {
            End();
        }
        else
        {
            return false;
        }

        _at += RestOfLine().Length;
        return true;
    }

    private void Command(ReadOnlySpan<char> line)
    {
        End();
        var word = line[1..];
        var end = word.IndexOfAny(' ', '\t');
        if ((end < 0 ? word : word[..end]) is not ("set" or "unset" or "echo" or "qecho" or "warn" or "timing" or "pset" or "encoding" or "restrict" or "unrestrict" or "x" or "t" or "a" or "."))
        {
            _problem = "a command of psql";
            _tokens.Add(new SqlToken(SqlTokenKind.Sign, "\\", _at, _at + RestOfLine().TrimEnd().Length));
            End();
        }
    }

    private void Token()
    {
        var (start, c) = (_at, _text[_at]);
        var kind = c switch
        {
            '\'' => Quoted('\'', IsEscapeText()),
            '"' => Quoted('"', false),
            '`' => Quoted('`', false),
            '$' when Ahead("${") => Placeholder(),
            '$' when Dollar() is { } tag => DollarQuoted(tag),
            _ when char.IsAsciiDigit(c) => Run(SqlTokenKind.Number),
            _ when IsOfName(c) => Run(SqlTokenKind.Word),
            _ => Sign(),
        };
        var value = kind switch
        {
            SqlTokenKind.Word => _text[start.._at].ToUpperInvariant(),
            SqlTokenKind.Name => _text[start.._at],
            SqlTokenKind.Sign => c.ToString(),
            _ => "",
        };
        _tokens.Add(new SqlToken(kind, value, start, _at));
        if (kind == SqlTokenKind.Word && IsRoutine())
        {
            // END IF, END LOOP and their like close what is not counted.
            _depth += value is "BEGIN" or "CASE" && _tokens[^2] is not { Kind: SqlTokenKind.Word, Value: "END" } ? 1 : value == "END" && !IsEndOfAnother() ? -1 : 0;
            _depth = Math.Max(0, _depth);
        }
    }

    private bool IsRoutine() =>
        _tokens.Count > 2 && _tokens[0].Is("CREATE") && _tokens.Take(Math.Min(_tokens.Count, 16)).Any(t => t.Kind == SqlTokenKind.Word && t.Value is "FUNCTION" or "PROCEDURE" or "TRIGGER" or "EVENT");

    private bool IsEndOfAnother()
    {
        var rest = _text.AsSpan(_at).TrimStart();
        foreach (var word in (ReadOnlySpan<string>)["IF", "LOOP", "WHILE", "REPEAT"])
        {
            if (rest.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (rest.Length == word.Length || !IsOfName(rest[word.Length])))
            {
                return true;
            }
        }

        return false;
    }

    private SqlTokenKind Sign()
    {
        _at++;
        return SqlTokenKind.Sign;
    }

    private SqlTokenKind Run(SqlTokenKind kind)
    {
        while (_at < _text.Length && IsOfName(_text[_at]))
        {
            _at++;
        }

        return kind;
    }

    private SqlTokenKind Placeholder()
    {
        var end = _text.IndexOf('}', _at);
        if (end < 0)
        {
            return Sign();
        }

        _at = end + 1;
        return SqlTokenKind.Name;
    }

    /// <summary><c>E'…'</c>: the letter stands alone before the quote.</summary>
    private bool IsEscapeText() => _at > 0 && _text[_at - 1] is 'e' or 'E' && (_at < 2 || !IsOfName(_text[_at - 2]));

    private SqlTokenKind Quoted(char quote, bool hasEscapes)
    {
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == '\\' && quote != '`')
            {
                if (hasEscapes)
                {
                    _at++;
                }
                else if (_at + 1 < _text.Length && _text[_at + 1] == quote)
                {
                    _problem ??= $"a backslash stands before a {quote}: PostgreSQL and MySQL do not agree on what it means";
                }
            }
            else if (_text[_at] == quote)
            {
                if (_at + 1 == _text.Length || _text[_at + 1] != quote)
                {
                    _at++;
                    return quote == '\'' ? SqlTokenKind.Text : SqlTokenKind.Name;
                }

                _at++;
            }
        }

        _at = Math.Min(_at, _text.Length);
        _problem ??= $"a {quote} is opened and not closed";
        return SqlTokenKind.Text;
    }

    /// <summary>The tag of a text in dollar quotes; null when none begins here.</summary>
    private string? Dollar()
    {
        var end = _text.IndexOf('$', _at + 1);
        return end < 0 || (_at > 0 && IsOfName(_text[_at - 1])) || _text.AsSpan(_at + 1, end - _at - 1).ContainsAnyExcept(NameCharacters) || char.IsAsciiDigit(_text[_at + 1])
            ? null
            : _text[_at..(end + 1)];
    }

    private SqlTokenKind DollarQuoted(string tag)
    {
        var close = _text.IndexOf(tag, _at + tag.Length, StringComparison.Ordinal);
        if (close < 0)
        {
            _problem ??= $"a {tag} is opened and not closed";
        }

        _at = close < 0 ? _text.Length : close + tag.Length;
        return SqlTokenKind.Text;
    }

    private bool IsFirstOfLine()
    {
        var before = _at - 1;
        while (before >= 0 && _text[before] != '\n' && (char.IsWhiteSpace(_text[before]) || _text[before] == '\ufeff'))
        {
            before--;
        }

        return before < 0 || _text[before] == '\n';
    }

    private ReadOnlySpan<char> RestOfLine()
    {
        var rest = _text.AsSpan(_at);
        var end = rest.IndexOf('\n');
        return end < 0 ? rest : rest[..end];
    }

    private bool Ahead(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private static bool IsOfName(char c) => NameCharacters.Contains(c) || c > '\x7f';
}
