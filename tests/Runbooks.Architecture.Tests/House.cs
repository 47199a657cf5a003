namespace Runbooks.Architecture.Tests;

/// <summary>The end of every rule: all that breaks it is shown, not only the first.</summary>
internal static class House
{
    public static void Holds(IEnumerable<string> violations)
    {
        var all = violations.Order(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
        {
            Assert.Fail($"{all.Count} of them:\n{string.Join('\n', all)}");
        }
    }
}
