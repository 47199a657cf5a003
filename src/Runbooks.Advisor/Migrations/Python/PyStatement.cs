using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>A statement with the block that belongs to it.</summary>
/// <param name="Tokens">Of a compound statement its head, without the colon.</param>
internal sealed record PyStatement(ImmutableArray<PyToken> Tokens, ImmutableArray<PyStatement> Block)
{
    public int Start => Tokens[0].Start;

    public int End => Tokens[^1].End;

    public string Word => Tokens[0] is { Kind: PyTokenKind.Name, Value: { } word } ? word : "";

    /// <summary>The name that a <c>def</c> or a <c>class</c> gives; null for everything else.</summary>
    public string? Defines(string keyword) =>
        Tokens.Length > 1 && Tokens[0].Is(keyword) ? Tokens[1].Value
        : Tokens.Length > 2 && Tokens[0].Is("async") && Tokens[1].Is(keyword) ? Tokens[2].Value
        : null;

    /// <summary>The name, and where the value begins, of <c>name = value</c> and <c>name: type = value</c>; null for everything else.</summary>
    public (string Name, int Value)? Assigns
    {
        get
        {
            var depth = 0;
            for (var i = 1; i < Tokens.Length - 1 && Tokens[0].Kind == PyTokenKind.Name; i++)
            {
                depth += Tokens[i].Depth;
                if (depth == 0 && Tokens[i].IsSign("="))
                {
                    return i == 1 || Tokens[1].IsSign(":") ? (Tokens[0].Value ?? "", i + 1) : null;
                }
            }

            return null;
        }
    }
}
