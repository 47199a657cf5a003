using System.Globalization;
using Runbooks.Benchmarks;

// Usage: Runbooks.Benchmarks [--rounds N] [--only NAME]   (the binary is RUNBOOK_BINARY, else the published one)
// Prints medians and ratios of one run on one machine. It asserts nothing: a time is not a property of the code alone.
var rounds = Option("--rounds") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
var only = Option("--only");
var binary = Environment.GetEnvironmentVariable("RUNBOOK_BINARY") ?? Scenarios.PublishedBinary();
if (!File.Exists(binary))
{
    Console.Error.WriteLine($"{binary} is not there: dotnet publish src/Runbooks.Cli -c Release");
    return 2;
}

var folder = Directory.CreateTempSubdirectory("runbooks-bench-").FullName;
try
{
    Console.WriteLine($"{binary} ({new FileInfo(binary).Length / 1_000_000.0:0.0} MB), {Environment.ProcessorCount} cores, {rounds} rounds, load {Measure.Load()}");
    foreach (var scenario in Scenarios.All(binary, folder).Where(s => only is null || s.Name.Contains(only, StringComparison.Ordinal)))
    {
        Report.Print(scenario, Measure.Interleaved(scenario, rounds));
    }

    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

string? Option(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
