using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Language.Templates;

/// <summary>What a part of a rendered text is.</summary>
public enum RenderedKind
{
    /// <summary>Known text.</summary>
    Literal,

    /// <summary>Known text that must not be shown.</summary>
    Secret,

    /// <summary>Text that only the run will know; the part holds the expression.</summary>
    Unknown,
}

/// <param name="Text">The text itself; for <see cref="RenderedKind.Unknown"/> the expression that will give it.</param>
public readonly record struct RenderedPart(RenderedKind Kind, string Text);

/// <summary>The value of a template: text in which secrets and unknowns keep their identity.</summary>
public sealed record Rendered
{
    /// <summary>What stands in place of a secret wherever people read.</summary>
    public const string Mask = "***";

    private Rendered(ImmutableArray<RenderedPart> parts) => Parts = parts;

    public static Rendered Empty { get; } = new(ImmutableArray<RenderedPart>.Empty);

    /// <summary>Neighbouring literals are joined; no part is empty, except an empty secret.</summary>
    public ImmutableArray<RenderedPart> Parts { get; }

    public bool IsKnown => !Parts.Any(p => p.Kind == RenderedKind.Unknown);

    public bool HasSecret => Parts.Any(p => p.Kind == RenderedKind.Secret);

    /// <summary>For people: secrets masked, unknowns as <c>«expression»</c>.</summary>
    public string Display => Parts.Length == 1 && Parts[0].Kind == RenderedKind.Literal ? Parts[0].Text : string.Concat(Parts.Select(Show));

    /// <summary>The real text, secrets included.</summary>
    /// <exception cref="InvalidOperationException">The text is not known yet: the caller had to ask <see cref="IsKnown"/>.</exception>
    public string Reveal() => Parts.Length switch
    {
        0 => "",
        1 when Parts[0].Kind != RenderedKind.Unknown => Parts[0].Text,
        _ => IsKnown ? string.Concat(Parts.Select(p => p.Text)) : throw new InvalidOperationException($"not known yet: {Display}"),
    };

    public static Rendered Literal(string text) => text.Length == 0 ? Empty : new([new RenderedPart(RenderedKind.Literal, text)]);

    public static Rendered Of(IEnumerable<RenderedPart> parts)
    {
        var joined = ImmutableArray.CreateBuilder<RenderedPart>();
        var literal = new StringBuilder();
        void EndLiteral()
        {
            if (literal.Length > 0)
            {
                joined.Add(new RenderedPart(RenderedKind.Literal, literal.ToString()));
                literal.Clear();
            }
        }

        foreach (var part in parts)
        {
            if (part.Kind == RenderedKind.Literal)
            {
                literal.Append(part.Text);
            }
            else
            {
                EndLiteral();
                joined.Add(part);
            }
        }

        EndLiteral();
        return new Rendered(joined.ToImmutable());
    }

    public bool Equals(Rendered? other) => other is not null && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    public override int GetHashCode() => Parts.Length == 0 ? 0 : HashCode.Combine(Parts.Length, Parts[0]);

    public override string ToString() => Display;

    private static string Show(RenderedPart part) => part.Kind switch
    {
        RenderedKind.Literal => part.Text,
        RenderedKind.Secret => Mask,
        _ => $"«{part.Text}»",
    };
}
