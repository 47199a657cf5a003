using System.Buffers;
using System.Globalization;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Audit;

/// <summary>The head of a ledger at some time. Kept where the ledger is not (a git note, a ticket, a commit), it shows later that the ledger was not put back to before that time.</summary>
/// <param name="Sequence">Number of the last line; 0 for an empty ledger.</param>
/// <param name="Hash">Its hash.</param>
public sealed record Anchor(long Sequence, string Hash)
{
    /// <summary>What it is called where it is kept: the form of a trailer of a git commit.</summary>
    private const string Label = "Runbook-Ledger:";

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public static Anchor Empty { get; } = new(0, HashedLine.Genesis);

    /// <summary>Reads what <see cref="ToString"/> wrote, with its label or without; null for anything else.</summary>
    public static Anchor? Parse(string text)
    {
        var trimmed = text.Trim();
        var parts = (trimmed.StartsWith(Label, StringComparison.OrdinalIgnoreCase) ? trimmed[Label.Length..].Trim() : trimmed).Split(':');
        return parts is [var number, { Length: Sha256.HexLength } hash]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && hash.AsSpan().IndexOfAnyExcept(Hexadecimal) < 0
            ? new Anchor(sequence, hash)
            : null;
    }

    /// <summary>Number and hash in one word.</summary>
    public string Word => string.Create(CultureInfo.InvariantCulture, $"{Sequence}:{Hash}");

    public override string ToString() => $"{Label} {Word}";
}
