using System.Text;

namespace Runbooks.Advisor.Migrations;

/// <summary>A statement of a migration, and what it does.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Text">The statement on one line, cut when it is long; empty when it is the lack of one that counts.</param>
/// <param name="Loss">Of values that are there when it is executed.</param>
/// <param name="Why">What makes it so, as a part of a sentence.</param>
public sealed record MigrationStatement(string File, int Line, string Text, MigrationImpact Kind, DataLoss Loss, string Why)
{
    private const int Longest = 160;

    /// <summary>It is not understood, and its tool itself takes it for a way back: a function of the migration that is declared to be one.</summary>
    public bool IsDeclaredWay { get; init; }

    /// <summary>The table that it is done to, in small letters; empty when that is not known.</summary>
    public string Table { get; init; } = "";

    /// <summary>The table or the column whose name is gone after it, which a release before may need; empty when none is, or it is not known.</summary>
    public string Gone { get; init; } = "";

    /// <summary>It makes the table, which was not there before.</summary>
    internal bool MakesTable { get; init; }

    /// <summary>Where it is, what it is and why: "versions/b2.py:12: op.drop_table('orders'): its rows are lost".</summary>
    public string Display => Text.Length == 0 ? $"{File}:{Line}: {Why}" : $"{File}:{Line}: {Text}: {Why}";

    /// <summary>A piece of a file as <see cref="Text"/> holds it.</summary>
    internal static string OneLine(ReadOnlySpan<char> text)
    {
        var line = new StringBuilder(Math.Min(text.Length, Longest + 1));
        foreach (var c in text)
        {
            var isSpace = char.IsWhiteSpace(c) || char.IsControl(c);
            if (isSpace && (line.Length == 0 || line[^1] == ' '))
            {
                continue;
            }

            if (line.Length == Longest)
            {
                return line.Append('…').ToString();
            }

            line.Append(isSpace ? ' ' : c);
        }

        return line.ToString().TrimEnd();
    }
}
