using System.Text.RegularExpressions;

namespace Runbooks.Builtin.LogFormats;

/// <summary>Go: klog and glog, logrus on a terminal, and what the runtime prints when a program panics. The log of the standard library has a time and no level; zap, zerolog and slog write JSON or logfmt.</summary>
internal static partial class GoLines
{
    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        if (Klog().IsMatch(line))
        {
            return new LineHead(line[0] switch { 'I' => LogLevel.Info, 'W' => LogLevel.Warning, _ => LogLevel.Error }, IsDated: true);
        }

        return Logrus().IsMatch(line) ? new LineHead(LevelWords.Of(line[..4]), IsDated: true) : null;
    }

    /// <summary>The first line of the end of a program.</summary>
    public static bool IsCrash(ReadOnlySpan<char> line) => line.StartsWith("panic: ", StringComparison.Ordinal) || line.StartsWith("fatal error: ", StringComparison.Ordinal);

    /// <summary>The first line of the stack of a goroutine.</summary>
    public static bool IsStack(ReadOnlySpan<char> line) => line.StartsWith("goroutine ", StringComparison.Ordinal) && line.Contains(" [", StringComparison.Ordinal) && line[^1] == ':';

    /// <summary>A line in a stack that is not indented.</summary>
    public static bool IsFrame(ReadOnlySpan<char> line) =>
        IsStack(line)
        || line.StartsWith("created by ", StringComparison.Ordinal)
        || line.StartsWith("exit status ", StringComparison.Ordinal)
        || line.StartsWith("[signal ", StringComparison.Ordinal)
        || line.StartsWith("runtime stack:", StringComparison.Ordinal)
        || line.StartsWith("...additional frames elided", StringComparison.Ordinal)
        || IsFunction(line)
        || Register().IsMatch(line);

    /// <summary><c>main.(*server).handle(0xc000, {0x1, 0x2})</c>; zap leaves the arguments out.</summary>
    private static bool IsFunction(ReadOnlySpan<char> line)
    {
        var arguments = line.IndexOf('(');
        var name = arguments > 0 && line[^1] == ')' ? line[..arguments] : line;
        return name.IndexOf('.') is > 0 and var dot && dot < line.Length - 1 && name.IndexOfAny(' ', '\t') < 0 && name.IndexOfAny(':', '=') < 0;
    }

    [GeneratedRegex(@"^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} {1,8}\d{1,10} [^\s\]]{1,100}:\d{1,6}\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Klog();

    [GeneratedRegex(@"^(TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[\d{4,10}\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Logrus();

    [GeneratedRegex("^[a-z][a-z0-9]{1,5} {1,6}0x[0-9a-f]{1,16}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Register();
}
