namespace Runbooks.Benchmarks;

/// <summary>One table a scenario: median, spread, ratio to the first contender, peak memory.</summary>
internal static class Report
{
    public static void Print(Scenario scenario, Dictionary<Contender, List<Sample>> samples)
    {
        Console.WriteLine($"\n{scenario.Name}");
        var reference = Median(samples[scenario.Runs[0]].Select(s => s.Wall.TotalMilliseconds));
        foreach (var contender in scenario.Runs)
        {
            var walls = samples[contender].Select(s => s.Wall.TotalMilliseconds).ToList();
            var failed = samples[contender].Count(s => s.ExitCode != 0);
            var ratio = Median(walls) / reference;
            Console.WriteLine(
                $"  {contender.Name,-24} {Median(walls),10:0.0} ms  ({walls.Min():0.0} to {walls.Max():0.0}, n={walls.Count})  {ratio,7:0.00} x {scenario.Runs[0].Name}"
                + $"  {samples[contender].Max(s => s.PeakKilobytes) / 1024.0,7:0.0} MB{(failed > 0 ? $"  FAILED {failed} times" : "")}");
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
