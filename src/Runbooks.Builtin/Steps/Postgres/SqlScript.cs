using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin.Databases;

namespace Runbooks.Builtin.Steps.Postgres;

/// <summary>A text of SQL that is run in one transaction.</summary>
/// <param name="CanLoseData">Something in it takes rows, columns or tables away or overwrites them, or does what cannot be told from the text.</param>
internal sealed record SqlScript(string Text, bool CanLoseData)
{
    /// <summary>Bytes. Longer ones are loads of data, which a preview does not show.</summary>
    public const int Longest = 1 << 20;

    private static readonly ImmutableHashSet<string> OfTransactions = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "PREPARE"];

    /// <summary>What such a statement makes was not there before.</summary>
    private static readonly ImmutableHashSet<string> Adding = ["ALTER", "COMMENT", "CREATE", "GRANT", "INSERT", "SET"];

    /// <summary>Takes away, overwrites, or calls what the text does not show.</summary>
    private static readonly ImmutableHashSet<string> Losing = ["CALL", "DELETE", "DETACH", "DO", "DROP", "EXECUTE", "REPLACE", "RESTART", "SELECT", "TRUNCATE", "TYPE", "UPDATE", "USING"];

    /// <returns>The script, or why it cannot be run in one transaction.</returns>
    public static (SqlScript? Script, string? Problem) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Longest)
        {
            return (null, $"it has {bytes.Length:N0} bytes, and at most {Longest:N0} are taken");
        }

        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException)
        {
            return (null, "it is not UTF-8");
        }

        var (statements, problem) = SqlText.StatementsOf(text, SqlDialect.Postgres);
        if (problem is not null)
        {
            return (null, problem);
        }

        if (statements.IsEmpty)
        {
            return (null, "it holds no statement");
        }

        return statements.FirstOrDefault(s => OfTransactions.Contains(s.Words[0])) is { Words.IsDefault: false } own
            ? (null, $"line {own.Line}: {own.Words[0]} begins or ends a transaction, and all of the file is one already")
            : (new SqlScript(text, !statements.All(Adds)), null);
    }

    private static bool Adds(SqlStatement statement) => Adding.Contains(statement.Words[0]) && !statement.Words.Any(Losing.Contains);
}
