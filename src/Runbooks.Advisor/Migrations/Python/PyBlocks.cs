using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>Makes statements and their blocks of logical lines.</summary>
internal static class PyBlocks
{
    /// <summary>The statements of a file.</summary>
    public static ImmutableArray<PyStatement> Read(string text)
    {
        var lines = PyScanner.Lines(text);
        var at = 0;
        return Block(lines, ref at, 0);
    }

    private static ImmutableArray<PyStatement> Block(ImmutableArray<PyLine> lines, ref int at, int indent)
    {
        var statements = ImmutableArray.CreateBuilder<PyStatement>();
        while (at < lines.Length && lines[at].Indent >= indent)
        {
            var line = lines[at++];
            if (Colon(line.Tokens) is not { } colon)
            {
                statements.AddRange(Simple(line.Tokens));
                continue;
            }

            var head = line.Tokens[..colon];
            var rest = line.Tokens[(colon + 1)..];
            statements.Add(new PyStatement(head, rest.Length > 0 ? [.. Simple(rest)] : at < lines.Length && lines[at].Indent > line.Indent ? Block(lines, ref at, lines[at].Indent) : []));
        }

        return statements.ToImmutable();
    }

    /// <summary>Where the head of a compound statement ends; null for a simple one.</summary>
    private static int? Colon(ImmutableArray<PyToken> tokens)
    {
        if (tokens[0].Kind != PyTokenKind.Name
            || tokens[0].Value is not ("def" or "class" or "if" or "elif" or "else" or "for" or "while" or "try" or "except" or "finally" or "with" or "async" or "match" or "case"))
        {
            return null;
        }

        var (depth, lambdas) = (0, 0);
        for (var i = 0; i < tokens.Length; i++)
        {
            depth += tokens[i].Depth;
            lambdas += tokens[i].Is("lambda") && depth == 0 ? 1 : 0;
            if (depth == 0 && tokens[i].IsSign(":") && i > 0 && lambdas-- <= 0)
            {
                return i;
            }
        }

        // "match = …" is an assignment, for one.
        return null;
    }

    private static IEnumerable<PyStatement> Simple(ImmutableArray<PyToken> tokens)
    {
        var began = 0;
        for (var i = 0; i <= tokens.Length; i++)
        {
            if (i == tokens.Length || tokens[i].IsSign(";"))
            {
                if (i > began)
                {
                    yield return new PyStatement(tokens[began..i], []);
                }

                began = i + 1;
            }
        }
    }
}
