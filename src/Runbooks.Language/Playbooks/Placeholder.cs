using System.Text;

namespace Runbooks.Language.Playbooks;

/// <summary>What stands for a value that is not given, on a page that is made to be read.</summary>
/// <remarks>While the page is made it is one word of letters and digits, which every kind takes for a name, a tag or a path; people see the name of the variable in angle brackets.</remarks>
public static class Placeholder
{
    private const string Begin = "rb7x4";
    private const string End = "4x7br";

    public static string Of(string name) => $"{Begin}{name}{End}";

    /// <summary>The text as people see it: <c>&lt;VERSION&gt;</c>.</summary>
    public static string Shown(string text)
    {
        if (!IsIn(text))
        {
            return text;
        }

        var shown = new StringBuilder();
        var rest = text;
        while (rest.IndexOf(Begin, StringComparison.Ordinal) is >= 0 and var begin && rest.IndexOf(End, begin, StringComparison.Ordinal) is >= 0 and var end)
        {
            shown.Append($"{rest[..begin]}<{rest[(begin + Begin.Length)..end].ToUpperInvariant()}>");
            rest = rest[(end + End.Length)..];
        }

        return shown.Append(rest).ToString();
    }

    internal static bool IsIn(string text) => text.Contains(Begin, StringComparison.Ordinal);
}
