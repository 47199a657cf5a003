using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Ruby;

/// <summary>A statement: a call with its arguments and its block, a definition, or something that is not understood.</summary>
/// <param name="Tokens">Without those of its block.</param>
/// <param name="Block">Null when it has none.</param>
internal sealed record RbStatement(ImmutableArray<RbToken> Tokens, ImmutableArray<RbStatement>? Block, int Start, int End)
{
    public string Word => Tokens[0] is { Kind: RbTokenKind.Name, Value: { } word } ? word : "";

    /// <summary>The name that a <c>def</c> gives; null for everything else.</summary>
    public string? Defines => Word != "def" || Tokens.Length < 2 ? null : Tokens[1].Is("self") && Tokens.Length > 3 ? Tokens[3].Value : Tokens[1].Value;

    /// <summary>A condition stands behind it.</summary>
    public bool IsConditional => Depths().Any(t => t.At > 0 && t.Token.Kind == RbTokenKind.Name && t.Token.Value is "if" or "unless" or "while" or "until" or "rescue" or "and" or "or");

    private IEnumerable<(int At, RbToken Token)> Depths()
    {
        var depth = 0;
        for (var i = 0; i < Tokens.Length; i++)
        {
            depth += Tokens[i].Depth;
            if (depth == 0)
            {
                yield return (i, Tokens[i]);
            }
        }
    }
}
