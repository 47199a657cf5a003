using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Runbooks.Testing;

/// <summary>A text as programs write it. Made with the encoders of the platform and by hand, not with what the product knows: a form that the mask forgets is found.</summary>
public static class Encodings
{
    /// <summary>Every form that may stand somewhere in place of the text.</summary>
    public static IReadOnlyList<(string Name, string Text)> Of(string text) =>
        [.. Whole(text).Concat(text.Split('\n', '\r').Select(l => l.Trim()).Where(l => l.Length >= 4).SelectMany(l => Whole(l).Select(w => ($"{w.Name} of a line", w.Text))))
            .DistinctBy(f => f.Text)];

    /// <summary>What of the Base64 form of (so many bytes, the text, other bytes) does not depend on the others.</summary>
    public static string Base64Core(string text, int offset)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var (low, high) = (Enumerable.Repeat((byte)0, 9).ToArray(), Enumerable.Repeat((byte)255, 9).ToArray());
        var a = Convert.ToBase64String([.. low[..offset], .. bytes, .. low]);
        var b = Convert.ToBase64String([.. high[..offset], .. bytes, .. high]);
        var first = Enumerable.Range(0, a.Length).First(i => a[i] == b[i]);
        return new string([.. a.Skip(first).TakeWhile((c, i) => c == b[first + i])]);
    }

    private static IEnumerable<(string Name, string Text)> Whole(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return ("as it is", text);
        for (var offset = 0; offset < 3; offset++)
        {
            var core = Base64Core(text, offset);
            yield return ($"Base64 at {offset}", core);
            yield return ($"Base64 for addresses at {offset}", core.Replace('+', '-').Replace('/', '_'));
        }

        yield return ("hex", Convert.ToHexStringLower(bytes));
        yield return ("HEX", Convert.ToHexString(bytes));
        yield return ("hex with blanks", BitConverter.ToString(bytes).Replace('-', ' ').ToLowerInvariant());
        foreach (var (name, percent) in ((string, string)[])
                 [("percent", Uri.EscapeDataString(text)), ("percent, form", WebUtility.UrlEncode(text)), ("percent, all", string.Concat(bytes.Select(b => $"%{b:X2}")))])
        {
            yield return (name, percent);
            yield return ($"{name}, small", Small(percent));
            yield return ($"{name}, plus", percent.Replace("%20", "+"));
        }

        var json = JsonEncodedText.Encode(text).ToString();
        var relaxed = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        yield return ("JSON", json);
        yield return ("JSON, relaxed", relaxed);
        yield return ("JSON in JSON", JsonEncodedText.Encode(relaxed, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString());
        yield return ("JSON, ASCII", Ascii(relaxed));
        yield return ("JSON, slashes", relaxed.Replace("/", "\\/"));
        yield return ("single quotes", text.Replace("'", "'\\''"));
        yield return ("single quotes, mixed", text.Replace("'", "'\"'\"'"));
        yield return ("double quotes", text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("$", "\\$").Replace("`", "\\`"));
        yield return ("backslashes", string.Concat(text.Select(c => c == '\n' ? "$'\\n'" : c < 128 && !char.IsAsciiLetterOrDigit(c) && !"_-./:@%+=,".Contains(c) ? $"\\{c}" : c.ToString())));
        yield return ("dollar quotes", text.Replace("\\", "\\\\").Replace("'", "\\'").Replace("\n", "\\n").Replace("\t", "\\t").Replace("\u0001", "\\001"));
        yield return ("HTML", WebUtility.HtmlEncode(text).Replace("&#228;", "ä").Replace("&#39;", "'"));
    }

    private static string Small(string percent)
    {
        var text = new StringBuilder(percent);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                (text[i + 1], text[i + 2]) = (char.ToLowerInvariant(text[i + 1]), char.ToLowerInvariant(text[i + 2]));
            }
        }

        return text.ToString();
    }

    /// <summary>As Python and PHP write it.</summary>
    private static string Ascii(string json) =>
        Regex.Replace(string.Concat(json.Select(c => c < 128 ? c.ToString() : $"\\u{(int)c:x4}")), @"\\u[0-9A-F]{4}", m => m.Value.ToLowerInvariant(), RegexOptions.None, TimeSpan.FromSeconds(1));
}
