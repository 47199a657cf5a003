namespace Runbooks.Advisor.Strategies;

/// <summary>What a strategy says of a situation.</summary>
public abstract record Opinion
{
    private Opinion()
    {
    }

    /// <summary>It is the one.</summary>
    public sealed record Fits(Way Way) : Opinion;

    /// <summary>It is not.</summary>
    /// <param name="Why">A sentence.</param>
    public sealed record FitsNot(string Why) : Opinion;
}
