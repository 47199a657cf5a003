using System.Text.RegularExpressions;

namespace Runbooks.Builtin.Tests.Checks;

/// <summary>A pattern that is never decided in its time: it tries every way to cut the text, which would take longer than the world has.</summary>
internal static class Slow
{
    public static string Text { get; } = new string('a', 100) + "!";

    /// <summary>Long enough that an easy text is decided in it on a busy machine too, and for ever too short for <see cref="Text"/>.</summary>
    public static Regex Pattern { get; } = new("^(a+)+$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
