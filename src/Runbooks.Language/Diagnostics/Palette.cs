namespace Runbooks.Language.Diagnostics;

/// <summary>The escapes around the parts of a diagnostic on a terminal.</summary>
internal sealed record Palette(string Error, string Warning, string Info, string Gutter, string Strong, string Hint, string Reset)
{
    public static Palette None { get; } = new("", "", "", "", "", "", "");

    public static Palette Ansi { get; } = new("\e[1;31m", "\e[1;33m", "\e[1;36m", "\e[34m", "\e[1m", "\e[32m", "\e[0m");

    public string Of(Severity severity) => severity switch
    {
        Severity.Error => Error,
        Severity.Warning => Warning,
        _ => Info,
    };
}
