using Runbooks.Builtin;
using Runbooks.Builtin.Probes;

namespace Runbooks.Architecture.Tests;

public sealed class ProbeTests
{
    [Fact]
    public void Every_probe_is_in_the_list_with_a_limit_and_what_is_not_known_without_it()
    {
        var listed = BuiltinProbes.All;

        Assert.True(listed.Length >= 15, $"only {listed.Length} probes found");
        Assert.Equal(
            Product.Types.Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IProbe))).Select(t => t.Name).Order(StringComparer.Ordinal),
            listed.Select(p => p.GetType().Name).Order(StringComparer.Ordinal));
        Assert.All(listed, p => Assert.Equal($"{p.Name}probe", p.GetType().Name.ToLowerInvariant()));
        Assert.All(listed, p => Assert.NotEmpty(p.Facts));
        Assert.All(listed, p => Assert.InRange(p.Limit, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)));
    }
}
