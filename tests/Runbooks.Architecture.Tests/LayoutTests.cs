using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

public sealed partial class LayoutTests
{
    /// <summary>What stands in the root: whoever opens the repository sees this.</summary>
    private static readonly ImmutableHashSet<string> Root = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        ".ci", ".editorconfig", ".git", ".gitattributes", ".github", ".gitignore",
        "CHANGELOG.md", "Directory.Build.props", "Directory.Packages.props", "LICENSE", "README.md", "Runbooks.sln",
        "demo.sh", "global.json", "playbooks", "schemas", "src", "test.sh", "tests");

    /// <summary>Folders below a project.</summary>
    private const int Deepest = 2;

    [Fact]
    public void The_root_holds_nothing_but_what_belongs_there()
    {
        var ignored = File.ReadAllLines(Repository.PathOf(".gitignore"));
        var names = Directory.EnumerateFileSystemEntries(Repository.Root).Select(p => Path.GetFileName(p)).ToList();

        Assert.Contains("Runbooks.sln", names);
        House.Holds(Strangers(names, ignored).Select(n => $"{n} does not belong into the root of the repository"));
        Assert.Equal(["notes.txt"], Strangers(["src", "artifacts", "x.swp", "notes.txt"], ["artifacts/", "*.swp"]));
    }

    [Fact]
    public void The_product_holds_code_and_its_pages_and_nothing_else()
    {
        var files = Directory.EnumerateFiles(Repository.PathOf("src"), "*", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'))
            .Where(p => !p.Contains("/obj/", StringComparison.Ordinal) && !p.Contains("/bin/", StringComparison.Ordinal))
            .ToList();

        Assert.True(files.Count > 150, $"only {files.Count} files found");
        House.Holds(files.Where(f => !BelongsToProduct(f)).Select(f => $"{f} does not belong into src/"));
        Assert.False(BelongsToProduct("src/Runbooks.Builtin/Steps/Run/NOTES.txt"));
        Assert.False(BelongsToProduct("src/Runbooks.Engine/Plan.cs.orig"));
    }

    [Fact]
    public void A_namespace_is_the_path_of_its_folder()
    {
        House.Holds(SourceFile.Product.Concat(SourceFile.Tests).SelectMany(Misplaced));
    }

    [Fact]
    public void A_namespace_that_is_not_its_folder_is_found()
    {
        Assert.Equal(["src/Runbooks.Engine/Kinds/A.cs: its namespace is Runbooks.Engine, expected is Runbooks.Engine.Kinds"], Misplaced(new SourceFile("src/Runbooks.Engine/Kinds/A.cs", "namespace Runbooks.Engine;\n")));
        Assert.Equal(["src/Runbooks.Engine/A.cs: it has no namespace"], Misplaced(new SourceFile("src/Runbooks.Engine/A.cs", "class A;\n")));
        Assert.Equal(["src/Runbooks.X/A/B/C/D.cs: its folder lies too deep"], Misplaced(new SourceFile("src/Runbooks.X/A/B/C/D.cs", "namespace Runbooks.X.A.B.C;\n")));
        Assert.Empty(Misplaced(new SourceFile("src/Runbooks.Cli/Program.cs", "return 0;\n")));
    }

    [Fact]
    public void The_solution_holds_every_project_and_every_project_has_its_lock_file()
    {
        var solution = File.ReadAllText(Repository.PathOf("Runbooks.sln")).Replace('\\', '/');
        var projects = new[] { "src", "tests" }
            .SelectMany(f => Directory.EnumerateFiles(Repository.PathOf(f), "*.csproj", SearchOption.AllDirectories))
            .Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'))
            .ToList();

        Assert.True(projects.Count > 12, $"only {projects.Count} projects found");
        House.Holds(projects.Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)).Select(p => $"{p} is not in Runbooks.sln"));
        House.Holds(projects.Where(p => !File.Exists(Repository.PathOf(Path.GetDirectoryName(p) ?? "", "packages.lock.json"))).Select(p => $"{p} has no packages.lock.json"));
        House.Holds(Listed().Matches(solution).Select(m => m.Groups[1].Value).Except(projects, StringComparer.Ordinal).Select(p => $"Runbooks.sln lists {p}, which is not there"));
    }

    [Fact]
    public void Every_project_of_the_product_but_the_composition_has_its_tests()
    {
        var tests = Directory.EnumerateDirectories(Repository.PathOf("tests"), "*.Tests").Select(d => Path.GetFileName(d)).ToHashSet(StringComparer.Ordinal);

        Assert.True(tests.Count > 4);
        House.Holds(Product.Projects.Where(p => HoldsCode(p) && !tests.Contains($"{p}.Tests")).Select(p => $"{p} has no tests"));
    }

    [Fact]
    public void Every_golden_file_belongs_to_a_test()
    {
        var tests = string.Concat(SourceFile.Tests.Select(f => f.Text));
        var golden = Directory.EnumerateFiles(Repository.PathOf("tests", "cases"), "*.golden", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Repository.PathOf("tests", "cases"), p).Replace('\\', '/'))
            .ToList();

        Assert.True(golden.Count > 5, $"only {golden.Count} golden files found");
        House.Holds(golden.Where(g => !IsNamed(g, tests)).Select(g => $"tests/cases/{g} is compared by no test"));
        Assert.True(IsNamed("plan/compose.golden", "Golden.Verify(text, $\"plan/{name}.golden\")"));
        Assert.False(IsNamed("no/such.golden", "Golden.Verify(text, \"other/such.golden\")"));
    }

    /// <summary>By its name, or by its folder where the name is put together.</summary>
    private static bool IsNamed(string golden, string tests) =>
        tests.Contains($"\"{golden}\"", StringComparison.Ordinal)
        || tests.Contains($"\"{golden.Split('/')[0]}/{{", StringComparison.Ordinal);

    private static bool BelongsToProduct(string path) => Path.GetExtension(path) switch
    {
        ".cs" or ".md" or ".csproj" => true,
        _ => Path.GetFileName(path) is "packages.lock.json" or "BannedSymbols.txt" or "Directory.Build.props",
    };

    private static bool HoldsCode(string project) => SourceFile.Product.Any(f => f.Path.StartsWith($"src/{project}/", StringComparison.Ordinal));

    private static IEnumerable<string> Strangers(IEnumerable<string> names, IReadOnlyCollection<string> ignored) =>
        names.Where(n => !Root.Contains(n) && !ignored.Contains(n) && !ignored.Contains($"{n}/") && !ignored.Contains($"*{Path.GetExtension(n)}")).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Misplaced(SourceFile file)
    {
        var folders = file.Path.Split('/')[1..^1];
        var expected = string.Join('.', folders);
        var written = Namespace().Match(file.Text) is { Success: true } match ? match.Groups[1].Value : null;
        if (written is null)
        {
            // Top-level statements have none.
            if (!file.Path.EndsWith("/Program.cs", StringComparison.Ordinal))
            {
                yield return $"{file.Path}: it has no namespace";
            }
        }
        else if (written != expected)
        {
            yield return $"{file.Path}: its namespace is {written}, expected is {expected}";
        }
        else if (folders.Length - 1 > Deepest)
        {
            yield return $"{file.Path}: its folder lies too deep";
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"""((?:src|tests)/[^""]+\.csproj)""")]
    private static partial Regex Listed();
}
