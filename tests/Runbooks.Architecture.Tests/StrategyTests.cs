using Runbooks.Advisor.Strategies;
using Runbooks.Builtin;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

public sealed class StrategyTests
{
    [Fact]
    public void Every_strategy_has_its_folder_and_is_in_the_list()
    {
        var folders = Directory.EnumerateDirectories(Repository.PathOf("src", "Runbooks.Builtin", "Strategies")).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal).ToList();
        var listed = BuiltinStrategies.All;

        Assert.True(folders.Count >= 7, $"only {folders.Count} strategies found");
        Assert.Equal(folders, listed.Select(s => s.GetType().Namespace?.Split('.')[^1] ?? "").Order(StringComparer.Ordinal));
        Assert.Equal(
            Product.Types.Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IStrategy))).Select(t => t.Name).Order(StringComparer.Ordinal),
            listed.Select(s => s.GetType().Name).Order(StringComparer.Ordinal));
        Assert.All(listed, s => Assert.Equal($"{s.Name}strategy", s.GetType().Name.ToLowerInvariant()));
        Assert.All(listed, s => Assert.NotEmpty(s.Summary));
    }
}
