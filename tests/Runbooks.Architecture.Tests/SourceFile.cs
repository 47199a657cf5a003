using System.Collections.Immutable;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

/// <summary>A file of the repository as text.</summary>
/// <param name="Path">Below the repository, with '/' between folders.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Every C# file of the product.</summary>
    public static ImmutableArray<SourceFile> Product { get; } = Below("src");

    /// <summary>Every C# file of the tests.</summary>
    public static ImmutableArray<SourceFile> Tests { get; } = Below("tests");

    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line));

    public int LineCount => Text.AsSpan().Count('\n') + (Text.EndsWith('\n') ? 0 : 1);

    private static ImmutableArray<SourceFile> Below(string folder)
    {
        var files = Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Select(p => System.IO.Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'))
            // Folders of the build in a checkout that was built before its output moved to artifacts/.
            .Where(p => !p.Contains("/obj/", StringComparison.Ordinal) && !p.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(p => new SourceFile(p, File.ReadAllText(Repository.PathOf(p))))
            .ToImmutableArray();
        Assert.True(files.Length > 50, $"only {files.Length} C# files found below {folder}/");
        return files;
    }
}
