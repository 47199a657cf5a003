using System.Collections.Immutable;

namespace Runbooks.Advisor.Situations;

/// <summary>What no strategy may go against.</summary>
/// <param name="Name">Kebab case, for programs.</param>
/// <param name="Fact">The key of the fact that it comes from.</param>
/// <param name="Why">A sentence.</param>
/// <param name="Instead">What to do instead, a sentence.</param>
/// <param name="Without">What would lift it, after "if".</param>
/// <param name="StaysIll">The system stays as ill as it is, and this way back is closed.</param>
public sealed record Constraint(string Name, string Fact, string Why, string Instead, string Without, bool StaysIll)
{
    /// <summary>What to do after that, one thing after the other.</summary>
    public ImmutableArray<string> Then { get; init; } = [];

    /// <summary>What else would change the answer, a sentence each.</summary>
    public ImmutableArray<string> Others { get; init; } = [];
}
