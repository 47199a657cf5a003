using System.Globalization;
using System.Text;

namespace Runbooks.Language.Editing;

/// <summary>Texts between quotes, as YAML and JSON have them.</summary>
internal static class Quoting
{
    /// <summary>A double-quoted text that is the same in YAML and JSON.</summary>
    public static string Double(string value)
    {
        var text = new StringBuilder(value.Length + 8).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when NeedsEscape(c) => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    /// <summary>Control characters, Unicode's line breaks, byte order marks and non-characters: what readers drop, fold or refuse when it stands there as itself.</summary>
    public static bool NeedsEscape(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';
}
