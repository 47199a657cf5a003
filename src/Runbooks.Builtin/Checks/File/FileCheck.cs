using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.File;

/// <summary>What must be at a path.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Shown">As people write it.</param>
public sealed record FileCheck(string Path, string Shown, bool Exists) : CheckQuestion
{
    public const string OfFile = "file";
    public const string OfFolder = "folder";

    /// <summary><see cref="OfFile"/>, <see cref="OfFolder"/>, or null when it does not matter.</summary>
    public string? Kind { get; init; }

    public ImmutableArray<Rendered> Contains { get; init; } = [];

    public Regex? Matches { get; init; }

    /// <summary>Hexadecimal.</summary>
    public Rendered? Sha256 { get; init; }

    public bool Writable { get; init; }

    /// <summary>Something is asked that only a file has.</summary>
    public bool MustBeFile => Kind == OfFile || LooksInside || Sha256 is not null || Writable;

    public bool LooksInside => !Contains.IsEmpty || Matches is not null;

    public override bool IsKnown => Contains.All(t => t.IsKnown) && Sha256?.IsKnown != false;

    public override ImmutableArray<PlannedEffect> ByHand => [Containers.ByHand.Start("ls", "-ld", Shown), .. Contains.Select(t => Containers.ByHand.With(Containers.ByHand.Start("grep", "-nF", "-e"), t, Rendered.Literal(Shown))), .. Sha256 is null ? Array.Empty<PlannedEffect>() : [Containers.ByHand.Start("sha256sum", Shown)]];

    public override string Statement
    {
        get
        {
            string?[] parts =
            [
                .. Contains.Select(t => (string?)$"contains {Phrases.Quote(t)}"),
                Matches is null ? null : $"matches {Matches}",
                Sha256 is null ? null : $"has the SHA-256 {Sha256.Display}",
                Writable ? "can be written" : null,
            ];
            var first = !Exists ? "does not exist" : Kind is null ? "exists" : $"is a {Kind}";
            return $"{Shown} {Phrases.And([first, .. parts.OfType<string>()])}";
        }
    }
}
