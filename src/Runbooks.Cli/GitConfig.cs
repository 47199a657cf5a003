using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Ports;

namespace Runbooks.Cli;

/// <summary>Reads from git's own files who the operator is, where that is certain; everything else is left to git. See src/decisions/0025-who-the-operator-is.md.</summary>
/// <param name="variable">The value of an environment variable; null when it is not set.</param>
internal sealed class GitConfig(IFiles files, Func<string, string?> variable)
{
    /// <summary>With one of these set, git looks elsewhere, or takes values from the environment.</summary>
    private static readonly ImmutableArray<string> Elsewhere =
    [
        "GIT_CONFIG", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE",
    ];

    /// <returns>"Name &lt;mail&gt;"; null when git has to be asked.</returns>
    public string? Identity(string project)
    {
        if (variable("HOME") is not { Length: > 0 } home || Elsewhere.Any(v => variable(v) is not null) || MaySayMore(project))
        {
            return null;
        }

        var shared = variable("XDG_CONFIG_HOME") is { Length: > 0 } folder ? folder : Path.Combine(home, ".config");
        string? name = null;
        string? mail = null;
        // In the order of git: what is said later counts.
        foreach (var path in (ReadOnlySpan<string>)[Path.Combine(shared, "git", "config"), Path.Combine(home, ".gitconfig")])
        {
            if (files.Stat(path) is { Kind: FileKind.Missing, Problem: null })
            {
                continue;
            }

            if (TextOf(path) is not { } text || Read(text) is not { } said)
            {
                return null;
            }

            (name, mail) = (said.Name ?? name, said.Mail ?? mail);
        }

        // What is missing here may stand in the file of the machine, whose place only git knows.
        return name is null || mail is null ? null : $"{name} <{mail}>";
    }

    /// <summary>What a file of git's says of the user.</summary>
    /// <returns>Null when it can only be read by git: it takes in other files, or a value is written in more than plain words.</returns>
    internal static (string? Name, string? Mail)? Read(string text)
    {
        var (isUser, name, mail) = (false, (string?)null, (string?)null);
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim(' ', '\t');
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[')
            {
                var end = line.IndexOf(']', StringComparison.Ordinal);
                var section = end < 0 ? "" : line[1..end].Trim(' ', '\t');
                if (end != line.Length - 1 || section.StartsWith("include", StringComparison.OrdinalIgnoreCase))
                {
                    return null;
                }

                isUser = section.Equals("user", StringComparison.OrdinalIgnoreCase);
                continue;
            }

            // In any section: it goes on in the next line, and that may look like anything.
            if (line[^1] == '\\')
            {
                return null;
            }

            if (!isUser)
            {
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? "" : line[..equals].Trim(' ', '\t');
            var value = line[(equals + 1)..].Trim(' ', '\t');
            if (key.Length == 0 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || value.AsSpan().ContainsAny("\"\\#;") || value.Any(char.IsControl))
            {
                return null;
            }

            name = key.Equals("name", StringComparison.OrdinalIgnoreCase) ? value : name;
            mail = key.Equals("email", StringComparison.OrdinalIgnoreCase) ? value : mail;
        }

        return (name, mail);
    }

    /// <summary>A repository around the project has a word about the user, or is one that only git can find its way in. Who may be believed there is git's to decide, too.</summary>
    private bool MaySayMore(string project)
    {
        for (var folder = project; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            // A repository without a working tree is its folder itself.
            if (files.Stat(Path.Combine(folder, "HEAD")).Kind != FileKind.Missing)
            {
                return true;
            }

            var stat = files.Stat(Path.Combine(folder, ".git"));
            switch (stat.Kind)
            {
                case FileKind.Missing when stat.Problem is null:
                    continue;
                case FileKind.Folder:
                    return TextOf(Path.Combine(folder, ".git", "config")) is not { } text
                        || Read(text) is not (null, null)
                        || text.Contains("extensions", StringComparison.OrdinalIgnoreCase);
                default:
                    return true;
            }
        }

        return false;
    }

    private string? TextOf(string path)
    {
        try
        {
            return files.Read(path).Bytes is { } bytes ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
