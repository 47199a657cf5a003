using System.Collections.Immutable;
using System.Xml.Linq;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

public sealed class BannedSymbolTests
{
    private const string Rule = "RS0030";
    private const string Analyzer = "Microsoft.CodeAnalysis.BannedApiAnalyzers";
    private const string Views = "src/Runbooks.Cli/Views/";

    /// <summary>What a view needs to open the console.</summary>
    private static readonly ImmutableArray<string> DoorsOfViews = ["System.Console", "System.IO.StreamWriter"];

    [Fact]
    public void Every_project_but_the_host_is_built_with_the_analyzer_and_its_list()
    {
        var properties = XDocument.Load(Repository.PathOf("src", "Directory.Build.props"));
        var group = properties.Descendants("AdditionalFiles").Single(f => f.Attribute("Include")?.Value.EndsWith("BannedSymbols.txt", StringComparison.Ordinal) == true).Parent;

        Assert.Equal("'$(OpensDoors)' != 'true'", group?.Attribute("Condition")?.Value);
        Assert.Equal("'$(MSBuildProjectName)' == 'Runbooks.Host'", properties.Descendants("OpensDoors").Single().Attribute("Condition")?.Value);
        // The lock files say what was really restored.
        Assert.Equal(
            Product.Projects.Remove("Runbooks.Host"),
            Product.Projects.Where(p => File.ReadAllText(Repository.PathOf("src", p, "packages.lock.json")).Contains($"\"{Analyzer}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_turns_the_rule_off_but_the_views()
    {
        var settings = Directory.EnumerateFiles(Repository.PathOf("src"), "*.*proj", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.props", SearchOption.TopDirectoryOnly))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("src"), "*.props", SearchOption.TopDirectoryOnly))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("src"), ".editorconfig", SearchOption.AllDirectories))
            .Append(Repository.PathOf(".editorconfig"))
            .Select(p => new SourceFile(Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'), File.ReadAllText(p)))
            .ToList();

        Assert.True(settings.Count >= Product.Projects.Length + 3);
        Assert.Contains(SourceFile.Product, f => f.Path.StartsWith(Views, StringComparison.Ordinal) && f.Text.Contains(Rule, StringComparison.Ordinal));
        House.Holds(Suppressions([.. SourceFile.Product, .. settings]));
    }

    [Fact]
    public void A_place_that_turns_the_rule_off_is_found()
    {
        SourceFile[] bad =
        [
            new("src/Runbooks.Engine/Clock.cs", "#pragma warning disable RS0030 // only once\n"),
            new("src/Runbooks.Engine/All.cs", "class A;\n#pragma warning disable // everything\n"),
            new("src/Runbooks.Engine/Runbooks.Engine.csproj", "<NoWarn>RS0030</NoWarn>"),
            new("src/Runbooks.Cli/Views/Terminal.cs", "#pragma warning disable RS0030 // opens the console\n"),
        ];

        Assert.Equal(
            [
                "src/Runbooks.Engine/Clock.cs(1): RS0030 may be turned off in Cli/Views only",
                "src/Runbooks.Engine/All.cs(2): turns off every warning",
                "src/Runbooks.Engine/Runbooks.Engine.csproj(1): RS0030 may be turned off in Cli/Views only",
            ],
            Suppressions(bad));
    }

    [Fact]
    public void No_assembly_but_the_hosts_uses_a_banned_type()
    {
        var banned = BannedTypes();

        Assert.True(banned.Count >= 12, $"only {banned.Count} types are banned");
        // The same question finds the doors where they are: in the host.
        Assert.Contains("System.IO.FileStream", Doors("Runbooks.Host", banned));
        House.Holds(Product.Projects.Remove("Runbooks.Host")
            .SelectMany(p => Doors(p, banned).Where(t => p != "Runbooks.Cli" || !DoorsOfViews.Contains(t)).Select(t => $"{p} uses {t}")));
    }

    private static HashSet<string> BannedTypes() =>
    [
        .. File.ReadLines(Repository.PathOf("src", "BannedSymbols.txt")).Where(l => l.StartsWith("T:", StringComparison.Ordinal)).Select(l => l[2..l.IndexOf(';', StringComparison.Ordinal)]),
    ];

    private static IEnumerable<string> Doors(string project, HashSet<string> banned) => ReferenceTable.TypesUsedBy(ReferenceTests.AssemblyFileOf(project)).Where(banned.Contains);

    private static IEnumerable<string> Suppressions(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            foreach (var (number, line) in file.Lines)
            {
                if (line.Contains(Rule, StringComparison.Ordinal) && !file.Path.StartsWith(Views, StringComparison.Ordinal))
                {
                    yield return $"{file.Path}({number}): {Rule} may be turned off in Cli/Views only";
                }

                var words = line.Trim();
                if (words.StartsWith("#pragma warning disable", StringComparison.Ordinal) && words["#pragma warning disable".Length..].Trim() is "" or ['/', ..])
                {
                    yield return $"{file.Path}({number}): turns off every warning";
                }
            }
        }
    }
}
