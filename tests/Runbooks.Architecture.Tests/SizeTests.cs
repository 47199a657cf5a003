using System.Collections.Immutable;

namespace Runbooks.Architecture.Tests;

public sealed class SizeTests
{
    private const int Wall = 400;

    /// <summary>Files that were longer when the wall was built, with their length then. Entries go and numbers fall; nothing is added.</summary>
    private static readonly ImmutableSortedDictionary<string, int> Grown = ImmutableSortedDictionary<string, int>.Empty;

    [Fact]
    public void No_file_of_the_product_is_longer_than_400_lines()
    {
        House.Holds(Violations(SourceFile.Product, Grown));
    }

    [Fact]
    public void A_file_that_is_too_long_is_found_and_so_is_an_exception_that_is_not_needed_any_more()
    {
        var files = new[] { Of("src/Long.cs", Wall + 1), Of("src/AtTheWall.cs", Wall), Of("src/Grown.cs", 500), Of("src/Mended.cs", 100) };
        var grown = ImmutableSortedDictionary<string, int>.Empty.Add("src/Grown.cs", 499).Add("src/Mended.cs", 450).Add("src/Gone.cs", 450);

        Assert.Equal(
            [
                "src/Long.cs has 401 lines, more than 400",
                "src/Grown.cs has 500 lines, more than 499",
                "src/Mended.cs needs no exception any more: take it out",
                "src/Gone.cs needs no exception any more: take it out",
            ],
            Violations(files, grown));
    }

    private static SourceFile Of(string path, int lines) => new(path, string.Concat(Enumerable.Repeat("x\n", lines)));

    private static IEnumerable<string> Violations(IReadOnlyCollection<SourceFile> files, ImmutableSortedDictionary<string, int> grown)
    {
        foreach (var file in files)
        {
            var limit = grown.GetValueOrDefault(file.Path, Wall);
            if (file.LineCount > limit)
            {
                yield return $"{file.Path} has {file.LineCount} lines, more than {limit}";
            }
        }

        foreach (var path in files.Where(f => f.LineCount <= Wall).Select(f => f.Path).Concat(grown.Keys.Except(files.Select(f => f.Path), StringComparer.Ordinal)).Where(grown.ContainsKey))
        {
            yield return $"{path} needs no exception any more: take it out";
        }
    }
}
