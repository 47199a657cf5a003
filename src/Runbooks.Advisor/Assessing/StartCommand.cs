using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Runbooks.Advisor.Assessing;

/// <summary>What a container starts, as far as it migrates a database before it serves.</summary>
internal static partial class StartCommand
{
    private static readonly ImmutableArray<string> Shells = ["sh", "bash", "dash", "ash"];

    /// <summary>It names Alembic and its upgrade, wherever and however.</summary>
    public static bool NamesUpgrade(ImmutableArray<string> words) => Upgrade().IsMatch(string.Join(' ', words));

    /// <summary>
    /// It is a shell that runs <c>alembic upgrade head</c> and then something else, and does not come to that when Alembic fails: the parts are joined by <c>&amp;&amp;</c>, or the shell ends at the first failure.
    /// Everything that could have another way (a condition, an <c>||</c>, a pipe, a job behind) is not understood and is false.
    /// </summary>
    public static bool NeedsUpgrade(ImmutableArray<string> words)
    {
        if (words.IsEmpty || !Shells.Contains(words[0].Split('/')[^1]))
        {
            return false;
        }

        var (ends, at) = (false, 1);
        for (; at < words.Length && words[at].StartsWith('-'); at++)
        {
            var letters = words[at].StartsWith("--", StringComparison.Ordinal) ? "" : words[at][1..];
            ends |= letters.Contains('e', StringComparison.Ordinal);
            if (letters.Contains('c', StringComparison.Ordinal))
            {
                return at + 1 < words.Length && NeedsUpgrade(words[at + 1], ends);
            }

            at += letters.Contains('o', StringComparison.Ordinal) ? 1 : 0;
        }

        return false;
    }

    private static bool NeedsUpgrade(string script, bool ends)
    {
        if (OtherWays().IsMatch(script.Replace("&&", "", StringComparison.Ordinal)))
        {
            return false;
        }

        var lists = script.Split([";", "\n"], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split("&&", StringSplitOptions.TrimEntries)).ToArray();
        if (lists.Any(l => l.Any(p => p.StartsWith("set +", StringComparison.Ordinal))))
        {
            return false;
        }

        ends |= lists is [[var first, ..], ..] && SetErrExit().IsMatch(first);
        var at = Array.FindIndex(lists, l => l.Any(p => UpgradeHead().IsMatch(p)));
        if (at < 0)
        {
            return false;
        }

        // Only the last of those that are joined ends a shell that ends at a failure; of the last ones, nothing comes after.
        var isLast = UpgradeHead().IsMatch(lists[at][^1]);
        return at == lists.Length - 1 ? !isLast : ends && isLast;
    }

    [GeneratedRegex(@"\balembic\b[^|;&\n]*\bupgrade\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Upgrade();

    [GeneratedRegex(@"\A(exec\s+)?((poetry|uv|pipenv|pdm)\s+run\s+)?(python[0-9.]*\s+-m\s+)?([\w./-]*/)?alembic(\s+-\S+(\s+[^-\s]\S*)?)*\s+upgrade\s+heads?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UpgradeHead();

    [GeneratedRegex(@"\Aset\s+-[a-z]*e", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SetErrExit();

    [GeneratedRegex(@"[|&`(){}!<>\\]|(?<=\A|[\s;])(if|while|until|for|case|trap|function|return|exit)(?=\s|\z)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OtherWays();
}
