using System.Text.RegularExpressions;

namespace Runbooks.Builtin.LogFormats;

/// <summary>Java and its like (.NET, Node): exceptions and their stacks, and the two-line form of <c>java.util.logging</c>. The entries of logback, log4j and Spring are those of <see cref="PlainLines"/>.</summary>
internal static partial class JavaLines
{
    /// <summary>The end of a program or of a thread that nobody caught.</summary>
    public static bool IsCrash(ReadOnlySpan<char> line) =>
        line.StartsWith("Exception in thread ", StringComparison.Ordinal)
        || line.StartsWith("Unhandled exception. ", StringComparison.Ordinal)
        || (line.StartsWith("thread '", StringComparison.Ordinal) && line.Contains("' panicked at ", StringComparison.Ordinal));

    /// <summary><c>java.lang.IllegalStateException: closed</c>, <c>TypeError: x is not a function</c></summary>
    public static bool IsException(ReadOnlySpan<char> line) => Exception().IsMatch(line);

    /// <summary>A line of a stack that is not indented.</summary>
    public static bool IsFrame(ReadOnlySpan<char> line) =>
        line.StartsWith("Caused by: ", StringComparison.Ordinal)
        || line.StartsWith("Suppressed: ", StringComparison.Ordinal)
        || line.StartsWith("--- End of ", StringComparison.Ordinal)
        || Frame().IsMatch(line);

    /// <summary>The line of <c>java.util.logging</c> with time, class and method; the level and the message follow on the next one.</summary>
    public static bool IsPreface(ReadOnlySpan<char> line) => Preface().IsMatch(line);

    [GeneratedRegex(@"^[A-Za-z_$][\w$.]{0,200}?(Exception|Error|Throwable)( \(0x[0-9A-Fa-f]{1,8}\))?(: |:?$)|^(Error|Exception): ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Exception();

    [GeneratedRegex(@"^(at [^\s(]{1,300}\s?\(|\.\.\. \d{1,5} (more|common frames omitted))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Frame();

    [GeneratedRegex(@"^[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M [\w.$]{1,300} \S{1,200}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Preface();
}
