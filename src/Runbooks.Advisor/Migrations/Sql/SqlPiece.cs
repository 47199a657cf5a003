using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>A statement, or a command of a client program.</summary>
/// <param name="Start">Of its first token, in the text.</param>
/// <param name="Problem">Why it is not known where it ends, or what is in it; null when that is known.</param>
internal sealed record SqlPiece(ImmutableArray<SqlToken> Tokens, int Start, int End, string? Problem = null)
{
    public bool HasWord(string word) => Tokens.Any(t => t.Is(word));

    /// <summary>The words follow each other somewhere.</summary>
    public bool HasWords(string first, string second) => Enumerable.Range(0, Math.Max(0, Tokens.Length - 1)).Any(i => Tokens[i].Is(first) && Tokens[i + 1].Is(second));

    /// <summary>The word at a place; empty when there is none.</summary>
    public string Word(int at) => at >= 0 && at < Tokens.Length && Tokens[at].Kind == SqlTokenKind.Word ? Tokens[at].Value : "";

    public SqlPiece From(int at) => this with { Tokens = at >= Tokens.Length ? [] : Tokens[at..] };

    /// <summary>Its parts between the commas that stand in no brackets.</summary>
    public IEnumerable<SqlPiece> Parts()
    {
        var (depth, began) = (0, 0);
        for (var i = 0; i < Tokens.Length; i++)
        {
            depth += Tokens[i].IsSign('(') ? 1 : Tokens[i].IsSign(')') ? -1 : 0;
            if (depth == 0 && Tokens[i].IsSign(','))
            {
                yield return this with { Tokens = Tokens[began..i] };
                began = i + 1;
            }
        }

        yield return this with { Tokens = Tokens[began..] };
    }
}
