using System.Diagnostics;
using System.Globalization;

namespace Runbooks.Benchmarks;

/// <summary>Runs the contenders in turn, round by round, so that a slow minute of the machine hits all of them.</summary>
/// <remarks>
/// Whoever looks at a process every other millisecond takes a processor from it: with runs of ten milliseconds that is a tenth. So the first look comes late, and what was over
/// by then is run once more for its memory alone.
/// </remarks>
internal static class Measure
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(200);

    public static Dictionary<Contender, List<Sample>> Interleaved(Scenario scenario, int rounds)
    {
        var samples = scenario.Runs.ToDictionary(c => c, _ => new List<Sample>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in scenario.Runs.Where(c => round < c.MostRounds))
            {
                samples[contender].Add(Once(contender, FirstLook));
            }
        }

        foreach (var (contender, taken) in samples.Where(s => s.Value.TrueForAll(t => t.PeakKilobytes == 0)))
        {
            var peak = Once(contender, TimeSpan.Zero).PeakKilobytes;
            samples[contender] = [.. taken.Select(t => t with { PeakKilobytes = peak })];
        }

        return samples;
    }

    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static Sample Once(Contender contender, TimeSpan firstLook)
    {
        var start = new ProcessStartInfo(contender.Argv[0], contender.Argv.Skip(1))
        {
            WorkingDirectory = contender.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{contender.Name} did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long peak = 0;
        for (var isOver = firstLook > TimeSpan.Zero && process.WaitForExit(firstLook); !isOver; isOver = process.WaitForExit(2))
        {
            peak = Math.Max(peak, PeakOf(process.Id));
        }

        return new Sample(clock.Elapsed, peak, process.ExitCode);
    }

    /// <summary>The high-water mark of resident memory in KB, as last seen; 0 for a process that ended before anybody looked.</summary>
    private static long PeakOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It ended between the question and the answer.
            return 0;
        }
    }
}
