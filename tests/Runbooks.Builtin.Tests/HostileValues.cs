namespace Runbooks.Builtin.Tests;

/// <summary>Values that become something else wherever text is glued together.</summary>
internal static class HostileValues
{
    public static TheoryData<string> All =>
    [
        "$(touch x)", "`touch x`", "; rm -rf /", "a b", "a\nb", "a\r\nb", "'", "\"", "\\", "--help", "-e", "*", "~", "${HOME}", "$HOME", "{{ x }}", "{{", "}}", "%s", "# not a comment", "ünïcödé ☃ 🚀",
        new string('x', 100_000), " lead", "trail ", "",
    ];
}
