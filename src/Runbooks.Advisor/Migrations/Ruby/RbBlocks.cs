using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Ruby;

/// <summary>Makes statements and their blocks of tokens.</summary>
internal sealed class RbBlocks
{
    /// <summary>Blocks in blocks; what lies deeper is not understood.</summary>
    private const int Deepest = 60;

    private readonly ImmutableArray<RbToken> _tokens;
    private int _at;
    private int _depth;

    private RbBlocks(ImmutableArray<RbToken> tokens) => _tokens = tokens;

    /// <summary>An END is missing, or one too many is there: then no block can be trusted.</summary>
    public bool IsBroken { get; private set; }

    public static (ImmutableArray<RbStatement> Statements, bool IsBroken) Read(string text)
    {
        var blocks = new RbBlocks(RbScanner.Tokens(text));
        var statements = blocks.Statements(null);
        return (statements, blocks.IsBroken || blocks._at < blocks._tokens.Length);
    }

    private bool IsOver => _at >= _tokens.Length;

    /// <param name="close">What ends the block; null for the end of the file.</param>
    private ImmutableArray<RbStatement> Statements(string? close)
    {
        var statements = ImmutableArray.CreateBuilder<RbStatement>();
        _depth++;
        while (!IsOver && !IsBroken)
        {
            var token = _tokens[_at];
            if (token.Kind == RbTokenKind.Break)
            {
                _at++;
            }
            else if (token.Is("end") || token.IsSign("}"))
            {
                IsBroken |= token.Value != close;
                _depth--;
                _at++;
                return statements.ToImmutable();
            }
            else if (_depth > Deepest)
            {
                IsBroken = true;
            }
            else
            {
                statements.Add(IsOpener(token) ? Compound() : Simple());
            }
        }

        IsBroken |= close is not null;
        _depth--;
        return statements.ToImmutable();
    }

    private static bool IsOpener(RbToken token) => token.Kind == RbTokenKind.Name && token.Value is "def" or "class" or "module" or "if" or "unless" or "while" or "until" or "case" or "begin" or "for";

    /// <summary>What ends with an <c>end</c> of its own. Its branches are one block: that they are branches is known from its first word.</summary>
    private RbStatement Compound()
    {
        var began = _at;
        while (!IsOver && _tokens[_at].Kind != RbTokenKind.Break && !(_at > began && _tokens[_at].Kind == RbTokenKind.Name && _tokens[_at].Value is "then" or "do"))
        {
            _at++;
        }

        var head = _tokens[began.._at];
        // def down = raise(…)
        var endless = head[0].Is("def") ? Endless(head) : 0;
        if (endless > 0)
        {
            return new RbStatement(head[..endless], [new RbStatement(head[(endless + 1)..], null, head[endless + 1].Start, head[^1].End)], head[0].Start, head[^1].End);
        }

        _at += !IsOver && _tokens[_at].Kind == RbTokenKind.Name ? 1 : 0;
        return new RbStatement(head, Statements("end"), head[0].Start, head[^1].End);
    }

    private static int Endless(ImmutableArray<RbToken> head)
    {
        for (var (i, depth) = (2, 0); i < head.Length - 1; i++)
        {
            depth += head[i].Depth;
            if (depth == 0 && head[i].IsSign("="))
            {
                return i;
            }
        }

        return 0;
    }

    private RbStatement Simple()
    {
        var tokens = ImmutableArray.CreateBuilder<RbToken>();
        ImmutableArray<RbStatement>? block = null;
        var depth = 0;
        for (; !IsOver && !IsBroken; _at++)
        {
            var token = _tokens[_at];
            if (token.Kind == RbTokenKind.Break)
            {
                if (depth == 0 && !GoesOn(tokens))
                {
                    break;
                }

                continue;
            }

            if (depth == 0 && (token.Is("end") || token.IsSign("}")))
            {
                break;
            }

            var isBrace = token.IsSign("{") && depth == 0 && tokens.Count > 0 && (tokens[^1].Kind == RbTokenKind.Name || tokens[^1].IsSign(")"));
            if (token.Is("do") || isBrace)
            {
                _at++;
                SkipParameters();
                block = (block ?? []).AddRange(Statements(isBrace ? "}" : "end"));
                _at--;
                continue;
            }

            // x = if …
            if (IsOpener(token) && tokens.Count > 0 && (tokens[^1].Kind == RbTokenKind.Sign && tokens[^1].Value is "=" or "(" or "," || token.Value is "case" or "begin"))
            {
                var inner = Compound();
                tokens.Add(token);
                block = (block ?? []).Add(inner);
                _at--;
                continue;
            }

            depth = Math.Max(0, depth + token.Depth);
            tokens.Add(token);
        }

        if (tokens.Count == 0)
        {
            // A block without a call: nothing that a migration does.
            IsBroken = true;
            return new RbStatement([new RbToken(RbTokenKind.Sign, "?", 0, 0)], null, 0, 0);
        }

        return new RbStatement(tokens.ToImmutable(), block, tokens[0].Start, tokens.Max(t => t.End));
    }

    /// <summary>The line ends in the middle of a statement, or the next one begins with a point.</summary>
    private bool GoesOn(ImmutableArray<RbToken>.Builder tokens)
    {
        if (tokens.Count > 0 && tokens[^1] is { Kind: RbTokenKind.Sign, Value: "," or "." or "=" or "=>" or "+" or "||" or "&&" or "&." or "?" or "|" } or { Kind: RbTokenKind.Label })
        {
            return true;
        }

        var next = _at;
        while (next < _tokens.Length && _tokens[next].Kind == RbTokenKind.Break)
        {
            next++;
        }

        return next < _tokens.Length && (_tokens[next].IsSign(".") || _tokens[next].IsSign("&."));
    }

    /// <summary>|t| or |t, u|</summary>
    private void SkipParameters()
    {
        if (IsOver || !(_tokens[_at].IsSign("|") || _tokens[_at].IsSign("||")))
        {
            return;
        }

        var isEmpty = _tokens[_at++].IsSign("||");
        while (!isEmpty && !IsOver && !_tokens[_at++].IsSign("|"))
        {
        }
    }
}
