using System.Text;
using Xunit;

namespace Runbooks.Testing;

/// <summary>Compares text with a file under <c>tests/cases</c>. <c>RUNBOOKS_UPDATE_GOLDEN=1</c> writes the files instead; their changes are reviewed as a diff.</summary>
public static class Golden
{
    private const int Context = 2;

    /// <param name="name">Below <c>tests/cases</c>: <c>diagnostics/human.golden</c>.</param>
    public static void Verify(string actual, string name) => VerifyFile(actual, $"tests/cases/{name}");

    /// <summary>As <see cref="Verify"/>, and never writes.</summary>
    public static void Compare(string actual, string name) => CompareFile(actual, $"tests/cases/{name}");

    /// <param name="path">Below the repository, for generated files that ship: <c>schemas/playbook.v1.schema.json</c>.</param>
    public static void VerifyFile(string actual, string path)
    {
        if (Environment.GetEnvironmentVariable("RUNBOOKS_UPDATE_GOLDEN") != "1")
        {
            CompareFile(actual, path);
            return;
        }

        var full = Repository.PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? Repository.Root);
        if (!File.Exists(full) || File.ReadAllText(full) != actual)
        {
            File.WriteAllText(full, actual);
        }
    }

    private static void CompareFile(string actual, string path)
    {
        var full = Repository.PathOf(path);
        if (!File.Exists(full))
        {
            Assert.Fail($"there is no {path}: run with RUNBOOKS_UPDATE_GOLDEN=1 and read what it writes. It would be:\n{actual}");
        }

        var expected = File.ReadAllText(full);
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
        {
            Assert.Fail($"{path} differs (- expected, + actual; RUNBOOKS_UPDATE_GOLDEN=1 rewrites it):\n{Difference(expected, actual)}");
        }
    }

    /// <summary>The lines that differ, with a little of what stands around them.</summary>
    private static string Difference(string expected, string actual)
    {
        var (a, b) = (expected.Split('\n'), actual.Split('\n'));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
        {
            start++;
        }

        var tail = 0;
        while (tail < a.Length - start && tail < b.Length - start && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        var text = new StringBuilder($"@@ line {start + 1} @@\n");
        void Lines(IEnumerable<string> lines, char sign)
        {
            foreach (var line in lines)
            {
                // A carriage return is a difference that cannot be seen otherwise.
                text.Append(sign).Append(' ').Append(line.Replace("\r", "\\r", StringComparison.Ordinal)).Append('\n');
            }
        }

        Lines(a[Math.Max(0, start - Context)..start], ' ');
        Lines(a[start..^tail], '-');
        Lines(b[start..^tail], '+');
        Lines(a[^tail..].Take(Context), ' ');
        return text.ToString();
    }
}
