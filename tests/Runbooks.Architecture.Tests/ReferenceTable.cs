using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Runbooks.Architecture.Tests;

/// <summary>Which project may know which: the walls of the house.</summary>
internal static class ReferenceTable
{
    /// <summary>For each project the projects and packages that its project file may name.</summary>
    public static ImmutableSortedDictionary<string, Row> Rows { get; } = new Dictionary<string, Row>(StringComparer.Ordinal)
    {
        ["Runbooks.Language"] = new([], ["YamlDotNet", "Scriban.Signed"]),
        ["Runbooks.Engine"] = new(["Runbooks.Language"], ["BouncyCastle.Cryptography"]),
        ["Runbooks.Advisor"] = new(["Runbooks.Engine"], []),
        ["Runbooks.Builtin"] = new(["Runbooks.Engine", "Runbooks.Advisor"], []),
        ["Runbooks.Host"] = new(["Runbooks.Engine"], []),
        ["Runbooks.Cli"] = new(["Runbooks.Language", "Runbooks.Engine", "Runbooks.Advisor", "Runbooks.Builtin", "Runbooks.Host"], ["System.CommandLine"]),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The assemblies that come in a package.</summary>
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> AssembliesOfPackages = ImmutableDictionary<string, ImmutableArray<string>>.Empty
        .Add("YamlDotNet", ["YamlDotNet"])
        .Add("Scriban.Signed", ["Scriban.Signed", "Scriban"])
        .Add("BouncyCastle.Cryptography", ["BouncyCastle.Cryptography"])
        .Add("System.CommandLine", ["System.CommandLine"]);

    /// <summary>What a project file names and may not.</summary>
    public static IEnumerable<string> Violations(string project, XDocument projectFile)
    {
        var row = Rows.GetValueOrDefault(project);
        if (row is null)
        {
            yield return $"{project} is not in the table";
            yield break;
        }

        foreach (var name in Included(projectFile, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/'))))
        {
            if (!row.Projects.Contains(name))
            {
                yield return $"{project} may not reference {name}";
            }
        }

        foreach (var name in Included(projectFile, "PackageReference").Where(n => !row.Packages.Contains(n)))
        {
            yield return $"{project} may not use the package {name}";
        }

        foreach (var item in new[] { "Reference", "FrameworkReference" }.SelectMany(i => Included(projectFile, i)))
        {
            yield return $"{project} may not reference {item} beside the table";
        }
    }

    /// <summary>What a compiled project really uses and may not: a package that only flows in through another project counts.</summary>
    public static IEnumerable<string> Violations(string project, IEnumerable<string> assemblies)
    {
        var row = Rows[project];
        var allowed = Reachable(project)
            .Concat(row.Packages.SelectMany(p => AssembliesOfPackages[p]))
            .ToHashSet(StringComparer.Ordinal);
        return assemblies.Where(a => !IsFramework(a) && !allowed.Contains(a)).Select(a => $"{project} uses the assembly {a}");
    }

    /// <summary>The assemblies that an assembly uses, from its metadata.</summary>
    public static ImmutableArray<string> AssembliesUsedBy(string assemblyFile)
    {
        using var file = new PEReader(File.OpenRead(assemblyFile));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))];
    }

    /// <summary>Full names of the foreign types that an assembly uses, from its metadata.</summary>
    public static ImmutableArray<string> TypesUsedBy(string assemblyFile)
    {
        using var file = new PEReader(File.OpenRead(assemblyFile));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.TypeReferences.Select(metadata.GetTypeReference).Select(t => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}"),
        ];
    }

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(e => e.Attribute("Include")?.Value ?? "").Where(n => n.Length > 0);

    private static HashSet<string> Reachable(string project)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Rows[project].Projects)
        {
            found.Add(name);
            found.UnionWith(Reachable(name));
        }

        return found;
    }

    private static bool IsFramework(string assembly) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "", $"{assembly}.dll"));

    /// <summary>What one project may name.</summary>
    internal sealed record Row(ImmutableArray<string> Projects, ImmutableArray<string> Packages);
}
