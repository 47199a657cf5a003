using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Ports;
using Runbooks.Language.Editing;

namespace Runbooks.Builtin.Readiness;

/// <summary>Makes one patch of all that a report can mend in files. Writes nothing.</summary>
public static class ReadyPatches
{
    /// <returns>What <c>git apply</c> takes in the project's folder, empty when there is nothing to mend; and what could not be put into it, a sentence each.</returns>
    public static (string Patch, ImmutableArray<string> Problems) Of(ReadyReport report, IFiles files)
    {
        var (text, problems) = (new StringBuilder(), ImmutableArray.CreateBuilder<string>());
        foreach (var file in report.Items.SelectMany(i => i.Answer.Fixes).Select(f => f.Patch).OfType<FilePatch>().Distinct().GroupBy(p => p.Path, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var read = files.Read(Path.GetFullPath(file.Key, report.Folder));
            if (read.Bytes is not { } before)
            {
                problems.Add($"{file.Key}: {read.Problem}");
                continue;
            }

            ImmutableArray<byte> after = [.. before];
            foreach (var patch in file)
            {
                var (bytes, problem) = patch.Apply(after.AsSpan());
                after = bytes ?? after;
                if (problem.Length > 0)
                {
                    problems.Add($"{file.Key}: {problem}");
                }
            }

            text.Append(UnifiedDiff.Of(file.Key, Encoding.UTF8.GetString(before), Encoding.UTF8.GetString(after.AsSpan())));
        }

        return (text.ToString(), problems.ToImmutable());
    }

    /// <summary>Tries a patch on the files that could be meant, the last one first: what is laid over the others counts.</summary>
    /// <param name="paths">Absolute.</param>
    /// <param name="make">The patch of a file, by its path in the project.</param>
    /// <returns>The patch of the first file in which its place is certain; or why there is none.</returns>
    internal static (FilePatch? Patch, string Problem) Find(ReadyProject project, IEnumerable<string> paths, Func<string, FilePatch> make)
    {
        var why = "";
        foreach (var path in paths.Reverse())
        {
            var shown = project.Show(path);
            if (Path.IsPathRooted(shown) || project.Ports.Files.Read(path) is not { Bytes: { } before })
            {
                why = $"{shown} lies outside the project, or cannot be read";
                continue;
            }

            var patch = make(shown);
            var (after, problem) = patch.Apply(before);
            if (after is not { } made)
            {
                why = $"{shown}: {problem}";
                continue;
            }

            return HoldsSecret(UnifiedDiff.Of(shown, Encoding.UTF8.GetString(before), Encoding.UTF8.GetString(made.AsSpan())))
                ? (null, $"{shown}: what stands beside it may be a secret, which a patch would show")
                : (patch, "");
        }

        return (null, why);
    }

    /// <summary>By the names of what is set in the lines, and by what the values look like.</summary>
    private static bool HoldsSecret(string diff)
    {
        var secrets = new SecretValues();
        foreach (var line in diff.Split('\n').Where(l => l.Length > 1 && !l.StartsWith("+++", StringComparison.Ordinal) && !l.StartsWith("---", StringComparison.Ordinal) && l[0] is ' ' or '-'))
        {
            var text = line[1..].Trim().TrimStart('-').Trim().Trim('"', '\'');
            var cut = text.AsSpan().IndexOfAny(':', '=');
            if (cut > 0 && text[(cut + 1)..].Trim().Trim('"', '\'') is { Length: > 0 } value && !value.StartsWith('$'))
            {
                secrets.Add(text[..cut].Trim(), value);
            }
        }

        return secrets.Values.Any();
    }
}
