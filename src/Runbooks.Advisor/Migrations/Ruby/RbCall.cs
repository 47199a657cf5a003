using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Ruby;

/// <summary>A call of a method of the migration, or of something that a block was given.</summary>
/// <param name="On">What stands before the point: <c>t</c>, <c>dir</c>; empty when nothing does.</param>
/// <param name="Words">The arguments without a name.</param>
internal sealed record RbCall(string On, string Name, ImmutableArray<ImmutableArray<RbToken>> Words, ImmutableArray<(string Name, ImmutableArray<RbToken> Value)> Named, RbStatement Statement)
{
    public bool Has(string name) => Named.Any(n => n.Name == name);

    public bool Is(string name, string value) => Named.Any(n => n.Name == name && n.Value is [{ } only] && only.Value == value && only.Kind is RbTokenKind.Name or RbTokenKind.Symbol);

    /// <summary>Null when the statement is something else.</summary>
    public static RbCall? Of(RbStatement statement)
    {
        var tokens = statement.Tokens;
        var at = 0;
        if (tokens[0].Kind != RbTokenKind.Name)
        {
            return null;
        }

        var path = new List<string>();
        for (; at < tokens.Length && tokens[at] is { Kind: RbTokenKind.Name, Value: { } name }; at += 2)
        {
            path.Add(name);
            if (at + 1 >= tokens.Length || !(tokens[at + 1].IsSign(".") || tokens[at + 1].IsSign("::")))
            {
                at++;
                break;
            }
        }

        var rest = at >= tokens.Length ? [] : tokens[at..];
        if (rest is [var open, .., var close] && open.IsSign("(") && close.IsSign(")") && open.Start == tokens[at - 1].End)
        {
            rest = rest[1..^1];
        }
        else if (rest.Length > 0 && rest[0].Kind == RbTokenKind.Sign && rest[0].Value is not ("[" or "*" or "-" or ":"))
        {
            return null;
        }

        var (words, named) = Arguments(rest);
        return new RbCall(string.Join('.', path.Take(path.Count - 1)), path[^1], words, named, statement);
    }

    private static (ImmutableArray<ImmutableArray<RbToken>> Words, ImmutableArray<(string Name, ImmutableArray<RbToken> Value)> Named) Arguments(ImmutableArray<RbToken> tokens)
    {
        var (words, named) = (ImmutableArray.CreateBuilder<ImmutableArray<RbToken>>(), ImmutableArray.CreateBuilder<(string, ImmutableArray<RbToken>)>());
        var (began, depth) = (0, 0);
        for (var i = 0; i <= tokens.Length; i++)
        {
            depth += i < tokens.Length ? tokens[i].Depth : 0;
            if (i < tokens.Length && (depth > 0 || !tokens[i].IsSign(",")))
            {
                continue;
            }

            var argument = tokens[began..i];
            began = i + 1;
            switch (argument)
            {
                case []:
                    break;
                case [{ Kind: RbTokenKind.Label, Value: { } label }, ..]:
                    named.Add((label, argument[1..]));
                    break;
                case [{ Kind: RbTokenKind.Symbol or RbTokenKind.Text, Value: { } key }, { Kind: RbTokenKind.Sign, Value: "=>" }, ..]:
                    named.Add((key, argument[2..]));
                    break;
                default:
                    words.Add(argument);
                    break;
            }
        }

        return (words.ToImmutable(), named.ToImmutable());
    }
}
