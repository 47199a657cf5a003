using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Checks.Logs;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Probes;

/// <summary>What the containers have logged since they were made: errors, and messages that a good release does not log.</summary>
public sealed partial class LogsProbe : IProbe
{
    private const int MostLines = 200_000;
    private const int Shown = 5;
    private const int LastLines = 5;

    /// <summary>Further back is another story.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromHours(24);

    public string Name => "logs";

    public string Source => "docker logs";

    public ImmutableArray<string> Facts => [FactKeys.SystemState];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var containers = await sight.ContainersAsync(cancel);
        if (containers.Problem is { } problem)
        {
            return ProbeAnswer.Unknown(problem);
        }

        var (baseline, noBaseline) = Baseline(sight);
        var answers = await Task.WhenAll([.. containers.Value.Select(c => ReadAsync(c, baseline, sight, cancel))]);
        return new ProbeAnswer([.. answers.Select(a => a.Reading).OfType<Reading>()], [.. answers.Select(a => a.Problem).Append(noBaseline).Where(p => p.Length > 0)]);
    }

    private async Task<(LogsReading? Reading, string Problem)> ReadAsync(ContainerState container, byte[]? baseline, Sight sight, CancellationToken cancel)
    {
        if (container.LogDriver == "none")
        {
            return (null, $"{container.Name} keeps no logs: its logging driver is 'none'");
        }

        var choice = new ContainerChoice(Language.Templates.Rendered.Literal(container.Name), null, "");
        var question = new LogsCheck(choice, null)
        {
            MaxErrors = 0,
            MaxWarnings = 0,
            Ignore = [.. (sight.Subject.Project?.IgnoredLogs ?? []).Select(p => Scalars.Pattern(p).Value).OfType<Regex>()],
            Baseline = baseline is null ? null : new LogBaseline("", sight.Subject.Project?.LogBaseline ?? ""),
        };
        var reading = new LogReading(question, sight.Mask);
        if (baseline is not null)
        {
            reading.ReadBaseline(baseline);
        }

        var (log, last, saysFull, lines) = (reading.Of(""), new Queue<string>(), false, 0L);
        DateTimeOffset? before = null, firstError = null;
        var since = container.CreatedAt is { } made && made > sight.Now - Furthest ? made : sight.Now - Furthest;
        var read = await sight.InTimeAsync(sight.Ports.Docker.TimedLogsAsync(container.Id, since, Take, cancel), cancel);
        if (read is null or { Problem: not null })
        {
            return (null, $"the logs of {container.Name}: {read?.Problem ?? "they were not read in time"}");
        }

        log.End();
        Note(null);
        return (new LogsReading($"{Source} {container.Name}", sight.Now, container.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, container.Name), container.Name)
        {
            Lines = lines,
            Errors = log.Errors,
            Warnings = log.Warnings,
            FirstErrors = [.. log.FirstErrors.Take(Shown)],
            NewMessages = baseline is null ? null : [.. reading.Fresh().Take(Shown)],
            Last = [.. last.Select(l => Phrasing.Phrases.Line(sight.Mask(l), LongestLine))],
            // What is asked now can be an error of its own in the log.
            FirstErrorAt = firstError < sight.Began ? firstError : null,
            SaysDiskFull = saysFull,
            IsCut = lines > MostLines,
        }, "");

        bool Take(DateTimeOffset? at, string line)
        {
            lines++;
            saysFull = saysFull || DiskFull().IsMatch(line);
            last.Enqueue(line);
            if (last.Count > LastLines)
            {
                last.Dequeue();
            }

            var goesOn = log.Take(line);
            Note(at);
            return goesOn && lines <= MostLines;
        }

        // An entry is counted when the next one begins: the line before belongs to it.
        void Note(DateTimeOffset? at)
        {
            firstError ??= log.Errors > 0 ? before ?? at : null;
            before = at;
        }
    }

    private const int LongestLine = 300;

    private static (byte[]? Bytes, string Problem) Baseline(Sight sight)
    {
        if (sight.Subject.Project is not { LogBaseline.Length: > 0 } project)
        {
            return (null, "");
        }

        var read = sight.Ports.Files.Read(Path.GetFullPath(project.LogBaseline, sight.Subject.Directory));
        return (read.Bytes, read.Bytes is null ? $"the log of a good release, {project.LogBaseline}: {read.Problem}" : "");
    }

    [GeneratedRegex("no space left on device|ENOSPC|disk (is )?full|disk quota exceeded", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DiskFull();
}
