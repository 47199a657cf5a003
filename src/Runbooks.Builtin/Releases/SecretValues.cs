using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Runbooks.Builtin.Releases;

/// <summary>The values of variables that may stand in nothing that is kept: told by the names of the variables, by what they look like, and by passwords in addresses.</summary>
internal sealed partial class SecretValues
{
    /// <summary>Characters. Shorter texts stand in every file.</summary>
    private const int Shortest = 4;

    /// <summary>Characters of a text without blanks, with letters and digits, that nobody would write by hand.</summary>
    private const int Random = 16;

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    public IEnumerable<string> Values => _names.Keys;

    /// <summary>Its name says that its value is one, whatever it looks like.</summary>
    public static bool IsNamedSo(string name) => Name().IsMatch(name);

    public void Add(string name, string value)
    {
        if (Address().Match(value) is { Success: true } address)
        {
            Remember(name, Uri.UnescapeDataString(address.Groups["password"].Value));
            Remember(name, address.Groups["password"].Value);
        }

        if (Name().IsMatch(name) || (LooksRandom(value) && !Version().IsMatch(name)))
        {
            foreach (var line in value.Split('\n'))
            {
                Remember(name, line.Trim());
            }
        }
    }

    /// <summary>The variable whose value stands in some bytes; null when none does.</summary>
    public string? FoundIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var (value, name) in _names)
        {
            if (bytes.IndexOf(Encoding.UTF8.GetBytes(value)) >= 0)
            {
                return name;
            }
        }

        return null;
    }

    private void Remember(string name, string value)
    {
        if (value.Length >= Shortest && !Word().IsMatch(value))
        {
            _names.TryAdd(value, name);
        }
    }

    private static bool LooksRandom(string value) =>
        value.Length >= Random && !value.Any(c => char.IsWhiteSpace(c) || c is '/' or ':' or ',' or '.') && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter);

    [GeneratedRegex("PASS|PWD|SECRET|TOKEN|CREDENTIAL|PRIVATE|SALT|SIGNATURE|(^|_)(KEY|APIKEY|AUTH|DSN|CERT|PIN)(_|$)|API_?KEY", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    // Which release is meant is looked for in every assessment, and is often the id of a commit; Compose's own settings are names of projects and files.
    [GeneratedRegex("\\ACOMPOSE_|(^|_)(IMAGE|TAG|VERSION|REVISION|REV|COMMIT|SHA|DIGEST|BUILD|RELEASE)(_|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();

    [GeneratedRegex("://[^/@\\s:]*:(?<password>[^/@\\s]+)@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();

    // A word that says how something is done, and not what is kept from others.
    [GeneratedRegex("\\A(true|false|null|none|yes|required|optional|disabled|enabled|production|development|/[\\w./-]*)\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
