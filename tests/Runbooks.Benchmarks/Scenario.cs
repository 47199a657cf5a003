namespace Runbooks.Benchmarks;

/// <summary>One thing that several programs do.</summary>
/// <param name="Runs">The first is what the others are compared with.</param>
internal sealed record Scenario(string Name, IReadOnlyList<Contender> Runs);

/// <summary>A program start in a folder of its own.</summary>
internal sealed record Contender(string Name, string Folder, IReadOnlyList<string> Argv)
{
    /// <summary>Rounds are cut to this for programs that take minutes.</summary>
    public int MostRounds { get; init; } = int.MaxValue;
}

internal sealed record Sample(TimeSpan Wall, long PeakKilobytes, int ExitCode);
