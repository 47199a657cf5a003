using Runbooks.Builtin;
using Runbooks.Builtin.Readiness;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

public sealed class ReadinessTests
{
    [Fact]
    public void Every_item_of_readiness_has_its_folder_and_is_in_the_list()
    {
        var folders = Directory.EnumerateDirectories(Repository.PathOf("src", "Runbooks.Builtin", "Readiness")).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal).ToList();
        var listed = BuiltinReadiness.All;

        Assert.True(folders.Count >= 11, $"only {folders.Count} items found");
        Assert.Equal(folders, listed.Select(i => i.GetType().Namespace?.Split('.')[^1] ?? "").Order(StringComparer.Ordinal));
        Assert.Equal(
            Product.Types.Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IReadyItem))).Select(t => t.Name).Order(StringComparer.Ordinal),
            listed.Select(i => i.GetType().Name).Order(StringComparer.Ordinal));
        Assert.All(listed, i => Assert.Equal($"{i.Name}item", i.GetType().Name.ToLowerInvariant()));
        Assert.All(listed, i => Assert.EndsWith(".", i.Why, StringComparison.Ordinal));
        Assert.All(listed, i => Assert.NotEmpty(i.Statement));
    }
}
