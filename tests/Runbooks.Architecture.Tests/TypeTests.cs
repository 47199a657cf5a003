using System.Collections.Immutable;
using System.Reflection;

namespace Runbooks.Architecture.Tests;

public sealed class TypeTests
{
    /// <summary>Words that say nothing of what a type is.</summary>
    private static readonly ImmutableArray<string> EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Processor", "Base", "Impl", "Info", "Data", "V2", "Legacy"];

    [Fact]
    public void Every_class_is_sealed_static_or_abstract()
    {
        Assert.True(Product.Types.Length > 150, $"only {Product.Types.Length} types found");
        House.Holds(Open(Product.Types).Select(t => $"{t.FullName} is open for inheritance"));
    }

    [Fact]
    public void An_open_class_is_found()
    {
        Assert.Equal([typeof(Planted.Open)], Open([typeof(Planted.Open), typeof(Planted.Closed), typeof(Planted), typeof(IDisposable), typeof(Planted.Word)]));
    }

    [Fact]
    public void No_type_has_a_word_in_its_name_that_says_nothing()
    {
        House.Holds(Product.Types.SelectMany(t => EmptyWordsOf(t).Select(w => $"{t.FullName}: '{w}' says nothing of what it is")));
        Assert.Equal(["Helper"], EmptyWordsOf(typeof(Planted.ScrewHelper)));
        Assert.Empty(EmptyWordsOf(typeof(Planted.Database)));
    }

    [Fact]
    public void No_static_field_can_be_set_again()
    {
        House.Holds(Mutable(Product.Types).Select(f => $"{f.DeclaringType?.FullName}.{f.Name} is static and can be set"));
        Assert.Equal(["Count"], Mutable([typeof(Planted)]).Select(f => f.Name));
    }

    private static IEnumerable<Type> Open(IEnumerable<Type> types) =>
        types.Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false } && !t.IsSubclassOf(typeof(Delegate)));

    private static IEnumerable<FieldInfo> Mutable(IEnumerable<Type> types) =>
        types.SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => f is { IsInitOnly: false, IsLiteral: false } && !f.Name.Contains('<', StringComparison.Ordinal));

    private static IEnumerable<string> EmptyWordsOf(Type type)
    {
        var name = type.Name.Split('`')[0];
        return EmptyWords.Where(w => name.EndsWith(w, StringComparison.Ordinal) || name.Contains(w + "Of", StringComparison.Ordinal));
    }

#pragma warning disable CA2211, MA0069, MA0053, CA1852 // Each breaks a rule, so that the rule can be seen to find it.
    private static class Planted
    {
        public static readonly int Fixed = 1;
        public static int Count = Fixed;

        public enum Word
        {
            One,
        }

        public class Open;

        public sealed class Closed;

        public sealed class ScrewHelper;

        public sealed class Database;
    }
#pragma warning restore CA2211, MA0069, MA0053, CA1852
}
