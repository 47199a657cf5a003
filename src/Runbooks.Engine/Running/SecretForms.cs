using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Runbooks.Engine.Running;

/// <summary>The texts in which a secret comes out of programs: as it is, and as they encode, escape and quote it.</summary>
internal static class SecretForms
{
    /// <summary>Shorter pieces would hit by chance everywhere; see <see cref="Language.Playbooks.SecretStrength"/>.</summary>
    private const int Shortest = Language.Playbooks.SecretStrength.Shortest;

    /// <summary>From so many characters on a break inside a wrapped text is looked over; a break before leaves a rest that is a form of its own.</summary>
    public const int BreakFrom = 4;

    /// <summary>What each escaping leaves as it is, besides letters and digits: RFC 3986, Python and paths, JavaScript's component, HTML forms, .NET, Go's paths, whole addresses.</summary>
    private static readonly ImmutableArray<string> KeptInAddresses = ["-._~", "-._~/", "-_.!~*'()", "*-._", "-_.!*()", "-_.~$&+=:@", "-._~!$&'()*+,;=:@/?", "", ";,/?:@&=+$#-_.!~*'()"];

    /// <summary>What bash, Ruby and the careful ones leave without a backslash.</summary>
    private static readonly ImmutableArray<string> KeptInWords = ["_@%+=:,./-~#", "_@%+=:,./-", "_@%+=:./-~#", "_@%+=:./-", "_-.,:+/@", "_-./:@", "_"];

    /// <summary>What is looked for: the secret, the secret without blanks around it, and each of its lines that is long enough.</summary>
    public static IEnumerable<string> PiecesOf(string secret) =>
        Language.Playbooks.SecretStrength.LinesOf(secret).Append(secret.Trim()).Append(secret).Where(piece => piece.Length >= Shortest).Distinct(StringComparer.Ordinal);

    /// <summary>Forms that stand as they are, the piece itself among them.</summary>
    public static HashSet<string> Written(string piece)
    {
        var forms = new HashSet<string>(StringComparer.Ordinal) { piece };
        var bytes = Encoding.UTF8.GetBytes(piece);
        forms.Add(Bytes(bytes, "\\x", "x2"));
        foreach (var all in (ReadOnlySpan<string>)[Bytes(bytes, "%", "X2"), Bytes(bytes, "%", "x2")])
        {
            forms.Add(all);
            forms.Add(all.Replace("%20", "+", StringComparison.Ordinal));
        }

        foreach (var between in (ReadOnlySpan<string>)[" ", ":"])
        {
            forms.Add(Bytes(bytes, between, "x2")[between.Length..]);
            forms.Add(Bytes(bytes, between, "X2")[between.Length..]);
        }

        if (!piece.All(char.IsAsciiLetterOrDigit))
        {
            forms.UnionWith(Percent(bytes));
            forms.UnionWith(Json(piece));
            forms.UnionWith(Quoted(piece));
            forms.UnionWith(Doubled(piece));
            forms.UnionWith(Markup(piece));
        }

        return forms;
    }

    /// <summary>Base64 and hexadecimal: programs break these into lines, so that a line break may stand in them anywhere.</summary>
    public static HashSet<string> Wrapped(string piece)
    {
        var bytes = Encoding.UTF8.GetBytes(piece);
        var forms = new HashSet<string>(StringComparer.Ordinal);
        Add(Convert.ToHexStringLower(bytes));
        Add(Convert.ToHexString(bytes));
        for (var offset = 0; offset < 3; offset++)
        {
            var inner = Base64At(bytes, offset);
            Add(inner);
            Add(inner.Replace('+', '-').Replace('/', '_'));
        }

        return forms;

        void Add(string form)
        {
            for (var cut = 0; cut < BreakFrom && form.Length - cut >= Shortest; cut++)
            {
                forms.Add(form[cut..]);
            }
        }
    }

    /// <summary>The characters that depend on nothing but these bytes, when so many other bytes stand before them and any after them.</summary>
    private static string Base64At(byte[] bytes, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. bytes]);
        var (first, last) = (((offset * 8) + 5) / 6, (offset + bytes.Length) * 8 / 6);
        return text[first..last];
    }

    private static string Bytes(byte[] bytes, string before, string format) => string.Concat(bytes.Select(b => before + b.ToString(format, CultureInfo.InvariantCulture)));

    private static IEnumerable<string> Percent(byte[] bytes) =>
        from kept in KeptInAddresses
        from blank in (string[])["%20", "+"]
        from format in (string[])["X2", "x2"]
        select string.Concat(bytes.Select(b => b == ' ' ? blank : IsPlain((char)b, kept) ? ((char)b).ToString() : "%" + b.ToString(format, CultureInfo.InvariantCulture)));

    /// <summary>JSON as the common writers write it, and once more as a string in JSON.</summary>
    private static IEnumerable<string> Json(string piece)
    {
        var forms =
            from others in (Func<char, bool>[])[_ => false, c => c > '~', char.IsSurrogate]
            from asCode in (string[])["", "<>&", "<>&'", "<>&'\"+`", "<>&'\"/"]
            from slash in (string[])["/", "\\/"]
            from format in (string[])["x4", "X4"]
            select Each(piece, c => c == '"' && !asCode.Contains('"', StringComparison.Ordinal) ? "\\\"" : c == '/' && !asCode.Contains('/', StringComparison.Ordinal) ? slash
                : asCode.Contains(c, StringComparison.Ordinal) || others(c) ? Code(c, format) : ControlOrBackslash(c, format));
        foreach (var form in forms.Append(JsonEncodedText.Encode(piece).ToString()).Append(JsonEncodedText.Encode(piece, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()).Distinct(StringComparer.Ordinal))
        {
            yield return form;
            yield return form.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        }

        static string ControlOrBackslash(char c, string format) => c switch
        {
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            _ => char.IsControl(c) ? Code(c, format) : c.ToString(),
        };

        static string Code(char c, string format) => "\\u" + ((int)c).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>What stands between the quotes of shells, and what backslashes make of it.</summary>
    private static IEnumerable<string> Quoted(string piece)
    {
        yield return piece.Replace("'", "'\\''", StringComparison.Ordinal);
        yield return piece.Replace("'", "'\"'\"'", StringComparison.Ordinal);
        yield return Each(piece, c => c is '"' or '\\' or '$' or '`' ? $"\\{c}" : c.ToString());
        yield return Each(piece, c => c is '"' or '\\' or '$' or '`' or '!' ? $"\\{c}" : c.ToString());
        yield return Each(piece, c => c is '\\' or '\'' ? $"\\{c}" : c.ToString());
        foreach (var kept in KeptInWords)
        {
            foreach (var lineBreak in (string[])["$'\\n'", "'\n'", "\\\n"])
            {
                var form = Each(piece, c => c == '\n' ? lineBreak : c > '~' || IsPlain(c, kept) ? c.ToString() : $"\\{c}");
                yield return form;
                // Bash looks at these only where they would mean something.
                form = form.Replace(":~", ":\\~", StringComparison.Ordinal).Replace("=~", "=\\~", StringComparison.Ordinal);
                yield return form[0] is '~' or '#' ? $"\\{form}" : form;
            }
        }

        var coded =
            from control in (string[])["o", "x2", "u"]
            from rest in (string[])["", "o", "x2", "u"]
            from quotes in (string[])["'", "\"", "'\"", ""]
            select Coded(piece, control, rest, quotes);
        foreach (var form in coded)
        {
            yield return form;
        }
    }

    /// <summary>As in <c>$'…'</c>, in C and in Python: backslash forms of control characters, and of what is not ASCII in octal, hexadecimal, as \u or as it is.</summary>
    private static string Coded(string piece, string control, string rest, string quotes)
    {
        var text = new StringBuilder();
        foreach (var rune in piece.EnumerateRunes())
        {
            var c = rune.Value;
            _ = c switch
            {
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\\' => text.Append("\\\\"),
                < 0x20 or 0x7F => Append(rune, control),
                > '~' when rest.Length > 0 => Append(rune, rest),
                _ => text.Append(quotes.Contains((char)c, StringComparison.Ordinal) ? "\\" : "").Append(rune),
            };
        }

        return text.ToString();

        StringBuilder Append(Rune rune, string style)
        {
            if (style == "u")
            {
                foreach (var unit in rune.ToString())
                {
                    text.Append("\\u").Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
                }

                return text;
            }

            foreach (var b in Encoding.UTF8.GetBytes(rune.ToString()))
            {
                text.Append(style == "o" ? $"\\{Convert.ToString(b, 8).PadLeft(3, '0')}" : $"\\x{b:x2}");
            }

            return text;
        }
    }

    /// <summary>SQL, YAML and PowerShell double the single quote, CSV the double one, Compose the dollar, printf and cron the percent sign.</summary>
    private static IEnumerable<string> Doubled(string piece) => from sign in (string[])["'", "\"", "$", "%"] select piece.Replace(sign, sign + sign, StringComparison.Ordinal);

    /// <summary>HTML and XML; .NET writes Latin letters and what lies beyond the basic plane as numbers, others write all or nothing of what is not ASCII so.</summary>
    private static IEnumerable<string> Markup(string piece) =>
        from single in (string[])["'", "&#39;", "&#x27;", "&apos;"]
        from twice in (string[])["\"", "&quot;", "&#34;"]
        from numbered in (Func<int, bool>[])[_ => false, c => c > '~', c => c is (>= 160 and <= 255) or > char.MaxValue]
        from format in (string[])["", "x", "X"]
        select string.Concat(piece.EnumerateRunes().Select(rune => rune.Value switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '\'' => single,
            '"' => twice,
            var c when numbered(c) => format.Length == 0 ? $"&#{c};" : $"&#x{c.ToString(format, CultureInfo.InvariantCulture)};",
            _ => rune.ToString(),
        }));

    private static bool IsPlain(char c, string kept) => char.IsAsciiLetterOrDigit(c) || kept.Contains(c, StringComparison.Ordinal);

    private static string Each(string text, Func<char, string> form) => string.Concat(text.Select(form));
}
