namespace Runbooks.Advisor.Assessing;

/// <summary>One thing that was found out, or that could not be.</summary>
/// <param name="Fact">The key of the fact that it speaks of.</param>
/// <param name="Source">What was asked: a command, a path of the Docker API and a field, a file.</param>
/// <param name="At">When it was observed.</param>
/// <param name="Value">What was seen; of something unknown, why.</param>
/// <param name="Means">What it is read as; empty when the value says it.</param>
public sealed record Finding(string Fact, string Source, DateTimeOffset At, string Value, string Means)
{
    /// <summary>False: it could not be found out, and stands here so that nobody takes its absence for an answer.</summary>
    public bool IsKnown { get; init; } = true;
}
