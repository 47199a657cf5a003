using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Postgres;

/// <summary>What the schema of a database is, as a SHA-256 of what pg_dump says of it without owners and rights: two databases with the same one have the same tables, columns, constraints and functions.</summary>
internal static partial class SchemaFingerprint
{
    /// <summary>Bytes that a schema may have.</summary>
    private const int Longest = 64 << 20;

    /// <returns>The fingerprint in lower-case hexadecimal; or how the program ended, and that it failed.</returns>
    public static async Task<(string Fingerprint, ActionOutcome Outcome)> TakeAsync(ProgramStart dump, StepContext context)
    {
        var outcome = await ProgramSteps.RunAsync(dump, context, context.Output with { Path = null, CaptureLimit = Longest, Seen = null });
        return outcome.Failure is null ? (Of(outcome.Captured ?? ""), outcome) : ("", outcome);
    }

    /// <remarks>Comments name the versions of server and program, and newer programs put a mark of chance around each dump: they say nothing of the schema.</remarks>
    public static string Of(string dump)
    {
        var schema = string.Join('\n', dump.Split('\n').Where(l => !Aside().IsMatch(l)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(schema)));
    }

    [GeneratedRegex(@"\A(--.*|\s*|\\(un)?restrict .*)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Aside();
}
