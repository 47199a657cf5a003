using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

/// <summary>The product's projects and what the compiler made of them.</summary>
internal static class Product
{
    /// <summary>Names of the folders in <c>src/</c>.</summary>
    public static ImmutableArray<string> Projects { get; } =
    [
        .. Directory.EnumerateDirectories(Repository.PathOf("src"), "Runbooks.*").Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal),
    ];

    public static ImmutableArray<Assembly> Assemblies { get; } = [.. Projects.Select(p => Assembly.Load(AssemblyNameOf(p)))];

    /// <summary>What people wrote: without the types and members that the compiler added.</summary>
    public static ImmutableArray<Type> Types { get; } =
    [
        .. Assemblies.SelectMany(a => a.GetTypes()).Where(IsWritten).OrderBy(t => t.FullName, StringComparer.Ordinal),
    ];

    public static string AssemblyNameOf(string project) => project == "Runbooks.Cli" ? "runbook" : project;

    public static string ProjectFileOf(string project) => Repository.PathOf("src", project, $"{project}.csproj");

    /// <summary>Made by a generator (of JSON, of regular expressions, of native calls) or by the compiler.</summary>
    private static bool IsWritten(Type type)
    {
        for (var outer = type; outer is not null; outer = outer.DeclaringType)
        {
            if (outer.Name.Contains('<', StringComparison.Ordinal)
                || outer.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                || outer.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
                || outer.Namespace?.StartsWith("Runbooks", StringComparison.Ordinal) != true)
            {
                return false;
            }
        }

        return true;
    }
}
