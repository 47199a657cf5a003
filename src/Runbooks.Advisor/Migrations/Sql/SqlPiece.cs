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

    /// <summary>The name with dots that begins at a place; empty when none does. What differs in its form may be the same name: that is not looked into.</summary>
    public string Name(int at)
    {
        at += Word(at) == "IF" && Word(at + 1) == "EXISTS" ? 2 : 0;
        at += Word(at) == "ONLY" ? 1 : 0;
        if (at >= Tokens.Length || !Tokens[at].IsName)
        {
            return "";
        }

        var name = Tokens[at].Value.Trim('"', '`');
        for (; at + 2 < Tokens.Length && Tokens[at + 1].IsSign('.') && Tokens[at + 2].IsName; at += 2)
        {
            name += $".{Tokens[at + 2].Value.Trim('"', '`')}";
        }

        return name.ToLowerInvariant();
    }

    /// <summary>The last part of a name with dots.</summary>
    public static string Last(string name) => name.Split('.')[^1];

    /// <summary>Where a word stands first; -1 when it stands nowhere.</summary>
    public int IndexOf(string word)
    {
        for (var i = 0; i < Tokens.Length; i++)
        {
            if (Tokens[i].Is(word))
            {
                return i;
            }
        }

        return -1;
    }

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
