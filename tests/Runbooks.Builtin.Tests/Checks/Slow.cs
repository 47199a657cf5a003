using System.Text.RegularExpressions;

namespace Runbooks.Builtin.Tests.Checks;

/// <summary>A pattern that is never decided in its time: it tries every way to cut the text, which would take longer than the world has.</summary>
internal static class Slow
{
    public static string Text { get; } = new string('a', 100) + "!";

    public static Regex Pattern { get; } = new("^(a+)+$", RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(1));
}
