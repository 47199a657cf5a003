using System.Globalization;
using System.Text.RegularExpressions;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>What the containers themselves say: their logs, what they use, how they were made, and whether their health check can be believed.</summary>
internal static partial class InsideContainers
{
    public static void Apply(Draft draft)
    {
        foreach (var log in draft.Readings.OfType<LogsReading>())
        {
            Log(draft, log);
        }

        foreach (var usage in draft.Readings.OfType<UsageReading>())
        {
            draft.Tell(FactKeys.SystemState, usage, usage.Text, usage.IsMuch ? "nearly all that it may use" : "");
        }

        if (draft.Get<DriftReading>() is { } drift)
        {
            foreach (var service in drift.Services)
            {
                draft.Tell(FactKeys.SystemState, drift, $"{service}: its container was not made from the Compose files as they are now", "they were changed since, or Compose was another version");
            }
        }

        HealthCheck(draft);
    }

    private static void Log(Draft draft, LogsReading log)
    {
        if (log.Lines == 0)
        {
            draft.Tell(FactKeys.SystemState, log, $"{log.Service}: it has logged nothing");
            return;
        }

        var counted = string.Create(CultureInfo.InvariantCulture, $"{log.Service}: {log.Lines} lines, {log.Errors} errors, {log.Warnings} warnings{(log.IsCut ? ", and more that were not read" : "")}");
        draft.Tell(FactKeys.SystemState, log, log.FirstErrors.IsEmpty && log.Last is [.., var last] ? $"{counted}; the last: {last}" : counted);
        foreach (var error in log.FirstErrors)
        {
            draft.Tell(FactKeys.SystemState, log, $"{log.Service}: {error}", "one of the first errors");
        }

        foreach (var message in log.NewMessages ?? [])
        {
            draft.Tell(FactKeys.SystemState, log, $"{log.Service}: {message}", "a good release does not log that");
        }
    }

    /// <summary>A check that cannot run says nothing of the application. That the application is well is said only where its address answers so.</summary>
    private static void HealthCheck(Draft draft)
    {
        if (draft.Get<ContainersReading>() is not { } seen)
        {
            return;
        }

        var broken = draft.Services.Where(s => s.Containers.Any(c => c.Health == "unhealthy" && c.HealthOutput is { } output && CannotRun().IsMatch(output))).ToList();
        foreach (var service in broken)
        {
            draft.Tell(FactKeys.ProbeBroken, seen, $"{service.Name}: its health check cannot run: {service.Containers.Select(c => c.HealthOutput).First(o => o is { } output && CannotRun().IsMatch(output))}", "it says nothing of the application");
        }

        if (broken.Count == 0)
        {
            if (draft.Services.Any(s => s.Trouble == Trouble.Unhealthy))
            {
                draft.Facts = draft.Facts with { ProbeBroken = Answer.Unknown };
            }

            return;
        }

        var answers = draft.Readings.OfType<HttpReading>().ToList();
        var isWell = broken.TrueForAll(b => answers.Exists(a => a.Service == b.Name && a.IsWell == true))
            && draft.Services.All(s => s.Trouble is Trouble.None or Trouble.Starting || broken.Contains(s)) && answers.TrueForAll(a => a.IsWell != false);
        draft.Facts = draft.Facts with { ProbeBroken = isWell ? Answer.Yes : Answer.Unknown };
        if (isWell)
        {
            draft.Contradict($"the health check says that {string.Join(", ", broken.Select(b => b.Name))} is not well, and the address answers as it should: the check cannot run");
        }
        else
        {
            draft.TellUnknown(FactKeys.ProbeBroken, seen.Source, seen.At, "whether the application itself is well: its health check cannot run, and no other sign says that it is");
        }
    }

    [GeneratedRegex("executable file not found|: not found|no such file or directory|permission denied.*exec|exec format error|OCI runtime exec failed|unable to start container process", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CannotRun();
}
