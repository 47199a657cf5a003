using System.Xml.Linq;

namespace Runbooks.Architecture.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void The_table_holds_exactly_the_projects_of_the_product()
    {
        Assert.Equal(ReferenceTable.Rows.Keys, Product.Projects);
    }

    [Fact]
    public void Every_project_file_keeps_to_the_table()
    {
        House.Holds(Product.Projects.SelectMany(p => ReferenceTable.Violations(p, XDocument.Load(Product.ProjectFileOf(p)))));
    }

    [Fact]
    public void Every_assembly_keeps_to_the_table()
    {
        var used = Product.Projects.ToDictionary(p => p, p => ReferenceTable.AssembliesUsedBy(AssemblyFileOf(p)), StringComparer.Ordinal);

        Assert.Contains("YamlDotNet", used["Runbooks.Language"]);
        Assert.Contains("System.CommandLine", used["Runbooks.Cli"]);
        House.Holds(Product.Projects.SelectMany(p => ReferenceTable.Violations(p, used[p])));
    }

    [Fact]
    public void A_project_file_that_breaks_the_table_is_found()
    {
        var bad = XDocument.Parse("""
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <ProjectReference Include="../Runbooks.Engine/Runbooks.Engine.csproj" />
                <ProjectReference Include="..\Runbooks.Host\Runbooks.Host.csproj" />
                <PackageReference Include="Docker.DotNet.Enhanced" />
                <Reference Include="Some.Library" />
              </ItemGroup>
            </Project>
            """);

        Assert.Equal(
            [
                "Runbooks.Builtin may not reference Runbooks.Host",
                "Runbooks.Builtin may not use the package Docker.DotNet.Enhanced",
                "Runbooks.Builtin may not reference Some.Library beside the table",
            ],
            ReferenceTable.Violations("Runbooks.Builtin", bad));
        Assert.Equal(["Runbooks.Other is not in the table"], ReferenceTable.Violations("Runbooks.Other", bad));
    }

    [Fact]
    public void An_assembly_that_breaks_the_table_is_found()
    {
        // A package of another project that only flows in is as wrong as one that is named.
        Assert.Equal(
            ["Runbooks.Engine uses the assembly Scriban", "Runbooks.Engine uses the assembly Runbooks.Host"],
            ReferenceTable.Violations("Runbooks.Engine", ["System.Runtime", "Runbooks.Language", "Scriban", "Runbooks.Host"]));
        Assert.Equal(["Runbooks.Host uses the assembly Runbooks.Builtin"], ReferenceTable.Violations("Runbooks.Host", ["Runbooks.Language", "Runbooks.Builtin"]));
    }

    [Fact]
    public void Child_programs_are_started_by_a_library_in_the_tests_only()
    {
        // The product has its own launcher (decision 0002) and its own status line (decision 0003).
        Assert.DoesNotContain(Product.Projects.SelectMany(p => ReferenceTable.AssembliesUsedBy(AssemblyFileOf(p))), a => a is "CliWrap" || a.StartsWith("Spectre", StringComparison.Ordinal));
        Assert.DoesNotContain(ReferenceTable.Rows.Values.SelectMany(r => r.Packages), p => p is "CliWrap" || p.StartsWith("Spectre", StringComparison.Ordinal));
    }

    internal static string AssemblyFileOf(string project) => Path.Combine(AppContext.BaseDirectory, $"{Product.AssemblyNameOf(project)}.dll");
}
