using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>Reads expressions: calls with their arguments, names, texts and lists. Everything else is one that is not understood.</summary>
internal sealed class PyParser
{
    /// <summary>Brackets in brackets; what lies deeper is not understood.</summary>
    private const int Deepest = 40;

    private readonly ImmutableArray<PyToken> _tokens;
    private int _at;
    private int _depth;

    private PyParser(ImmutableArray<PyToken> tokens) => _tokens = tokens;

    /// <summary>The expression that all the tokens are.</summary>
    public static PyExpression Read(ImmutableArray<PyToken> tokens)
    {
        if (tokens.IsEmpty)
        {
            return new PyOther(HasCall: false, 0, 0);
        }

        var parser = new PyParser(tokens);
        var first = parser.Expression();
        return parser._at == tokens.Length ? first : parser.Other(0, tokens.Length);
    }

    /// <summary>Up to a comma, a closing bracket or the end.</summary>
    private PyExpression Expression()
    {
        var began = _at;
        var primary = Primary();
        if (IsAtEnd())
        {
            return primary;
        }

        SkipToEnd();
        return Other(began, _at);
    }

    private bool IsAtEnd() => _at >= _tokens.Length || _tokens[_at].IsSign(",") || _tokens[_at].Depth < 0;

    private void SkipToEnd()
    {
        for (var depth = 0; _at < _tokens.Length && (depth > 0 || !IsAtEnd()); _at++)
        {
            depth += _tokens[_at].Depth;
        }
    }

    private PyOther Other(int from, int to)
    {
        to = Math.Max(to, Math.Min(from + 1, _tokens.Length));
        var hasCall = Enumerable.Range(from, Math.Max(0, to - from)).Any(i => _tokens[i].IsSign("(") && i > from && _tokens[i - 1].Kind == PyTokenKind.Name);
        return new PyOther(hasCall, from < _tokens.Length ? _tokens[from].Start : 0, to > from ? _tokens[to - 1].End : 0);
    }

    private PyExpression Primary()
    {
        if (IsAtEnd())
        {
            return Other(_at, _at);
        }

        var began = _at;
        var token = _tokens[_at];
        if (token.Kind == PyTokenKind.Text)
        {
            return Trailers(Text());
        }

        if (token.Kind == PyTokenKind.Number)
        {
            _at++;
            return new PyNumber(token.Value ?? "", token.Start, token.End);
        }

        if (token.Kind == PyTokenKind.Name && token.Value is not ("lambda" or "not" or "await" or "yield"))
        {
            return Trailers(Name());
        }

        if (token.Depth > 0 && _depth < Deepest)
        {
            var items = Items(out var named);
            var (start, end) = (token.Start, _tokens[_at - 1].End);
            return token.IsSign("{") || !named.IsEmpty ? Other(began, _at)
                : token.IsSign("(") && items is [var only] && !_tokens[_at - 2].IsSign(",") ? Trailers(only)
                : Trailers(new PyList(items, start, end));
        }

        SkipToEnd();
        return Other(began, _at);
    }

    private PyText Text()
    {
        var (start, value) = (_tokens[_at].Start, new StringBuilder());
        var isKnown = true;
        for (; _at < _tokens.Length && _tokens[_at].Kind == PyTokenKind.Text; _at++)
        {
            isKnown &= _tokens[_at].Value is not null;
            value.Append(_tokens[_at].Value);
        }

        return new PyText(isKnown ? value.ToString() : null, start, _tokens[_at - 1].End);
    }

    private PyName Name()
    {
        var (start, path) = (_tokens[_at].Start, _tokens[_at].Value ?? "");
        for (_at++; _at + 1 < _tokens.Length && _tokens[_at].IsSign(".") && _tokens[_at + 1].Kind == PyTokenKind.Name; _at += 2)
        {
            path += $".{_tokens[_at + 1].Value}";
        }

        return new PyName(path, start, _tokens[_at - 1].End);
    }

    /// <summary>The calls that follow: name(…).name(…)</summary>
    private PyExpression Trailers(PyExpression on)
    {
        while (_at < _tokens.Length)
        {
            if (_tokens[_at].IsSign("(") && on is PyName name && _depth < Deepest)
            {
                var words = Items(out var named);
                on = new PyCall(null, name.Path, words, named, on.Start, _tokens[_at - 1].End);
            }
            else if (_tokens[_at].IsSign(".") && _at + 2 < _tokens.Length && _tokens[_at + 1].Kind == PyTokenKind.Name && on is PyCall or PyText or PyList && _depth < Deepest)
            {
                _at++;
                var method = Name();
                if (_at >= _tokens.Length || !_tokens[_at].IsSign("("))
                {
                    return new PyOther(HasCall: true, on.Start, method.End);
                }

                var words = Items(out var named);
                on = new PyCall(on, method.Path, words, named, on.Start, _tokens[_at - 1].End);
            }
            else
            {
                return on;
            }
        }

        return on;
    }

    /// <summary>What stands in the brackets that open here, and over them.</summary>
    private ImmutableArray<PyExpression> Items(out ImmutableArray<(string Name, PyExpression Value)> named)
    {
        _depth++;
        var (items, names) = (ImmutableArray.CreateBuilder<PyExpression>(), ImmutableArray.CreateBuilder<(string, PyExpression)>());
        _at++;
        while (_at < _tokens.Length && _tokens[_at].Depth >= 0)
        {
            if (_tokens[_at].IsSign(","))
            {
                _at++;
            }
            else if (_at + 1 < _tokens.Length && _tokens[_at].Kind == PyTokenKind.Name && _tokens[_at + 1].IsSign("="))
            {
                var name = _tokens[_at].Value ?? "";
                _at += 2;
                names.Add((name, Expression()));
            }
            else
            {
                var before = _at;
                items.Add(Expression());
                _at = Math.Max(_at, before + 1);
            }
        }

        _at = Math.Min(_at + 1, _tokens.Length);
        _depth--;
        named = names.ToImmutable();
        return items.ToImmutable();
    }
}
