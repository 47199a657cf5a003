using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>How the system is now, and whom it serves.</summary>
internal static class SystemStates
{
    public static void Apply(Draft draft)
    {
        Containers(draft);
        Addresses(draft);
        Traffic(draft);
    }

    private static void Containers(Draft draft)
    {
        if (draft.Get<ContainersReading>() is not { } seen)
        {
            return;
        }

        if (seen.Containers.IsEmpty)
        {
            NoContainers(draft, seen);
            return;
        }

        MadeIn(draft, seen);
        draft.Facts = draft.Facts with
        {
            Deployed = Answer.Yes,
            Swarm = seen.Containers.Any(c => c.Labels.ContainsKey("com.docker.swarm.service.name")) ? Answer.Yes : Answer.No,
        };
        foreach (var service in draft.Services)
        {
            foreach (var container in service.Containers)
            {
                draft.Tell(FactKeys.SystemState, $"{seen.Source} {container.Name}: .State", seen.At, $"{service.Name}: {ServiceSight.Line(container)}", Means(service.Of(container)));
                if (container.HealthOutput is { Length: > 0 } health && container.Health is not "healthy")
                {
                    draft.Tell(FactKeys.SystemState, $"{seen.Source} {container.Name}: .State.Health.Log", seen.At, $"{service.Name}: {health}", "the newest health probe");
                }
            }

            if (service.Containers.IsEmpty)
            {
                draft.Tell(FactKeys.SystemState, seen, $"{service.Name}: it has no container", "it is expected to run");
            }
        }

        draft.Facts = draft.Facts with { SystemState = StateOf(draft) };
    }

    private static void MadeIn(Draft draft, ContainersReading seen)
    {
        if (seen.MadeIn.Length == 0)
        {
            return;
        }

        var isOther = seen.MadeIn != seen.Folder;
        draft.Facts = draft.Facts with { OtherFolder = isOther ? Answer.Yes : Answer.No };
        if (isOther)
        {
            draft.Tell(FactKeys.OtherFolder, seen, $"the containers of project {seen.Project} were made in {seen.MadeIn}, and this is {seen.Folder}", $"look there: runbook -C {seen.MadeIn} assess");
        }
    }

    /// <summary>Nothing is deployed only where it is certain that it was looked in the right place.</summary>
    private static void NoContainers(Draft draft, ContainersReading seen)
    {
        if (seen.Project.Length == 0)
        {
            draft.TellUnknown(FactKeys.Deployed, seen.Source, seen.At, $"no container was made by Compose in {draft.Subject.Directory}: is it the project's folder? ('-C DIR' names another)");
        }
        else if (!seen.Elsewhere.IsEmpty)
        {
            draft.TellUnknown(FactKeys.Deployed, seen.Source, seen.At, $"project {seen.Project} has no container, but this folder has containers of project {string.Join(", ", seen.Elsewhere)}: name the project in runbook.yml");
        }
        else if (draft.IsTakenDown)
        {
            draft.Facts = draft.Facts with { Deployed = Answer.Yes, SystemState = SystemState.Crashed };
            draft.Tell(FactKeys.SystemState, seen, $"project {seen.Project} has no container, and release {draft.Get<ReleasesReading>()?.History.Current?.Release.Id} was deployed", "it was taken down, or a deployment ended before it had made one");
        }
        else
        {
            draft.Facts = draft.Facts with { Deployed = Answer.No };
            draft.Tell(FactKeys.Deployed, seen, $"project {seen.Project} has no container", "nothing is deployed");
        }
    }

    private static SystemState StateOf(Draft draft)
    {
        var services = draft.Services;
        var mixed = draft.Get<RunningReading>()?.Running.Services.Any(s => s.IsMixed) == true;
        var addresses = draft.Readings.OfType<HttpReading>().ToList();
        return services.Any(s => s.Trouble is Trouble.NotStarted or Trouble.Missing) || mixed || IsHalfDone(draft) ? SystemState.PartiallyDeployed
            : draft.Served.Any() && draft.Served.All(s => s.IsDown && !IsServing(draft, s)) ? SystemState.Crashed
            : services.Any(s => s.Trouble is not (Trouble.None or Trouble.Starting)) || addresses.Exists(a => a.IsWell == false || a.Status is null) ? SystemState.Degraded
            // Without an address nobody knows whether what runs also answers as it should.
            : addresses.Exists(a => a.IsWell == true) && services.All(s => s.Trouble == Trouble.None) ? SystemState.FullyDeployed
            : SystemState.Unknown;
    }

    /// <summary>It ends again and again, and serves in between.</summary>
    private static bool IsServing(Draft draft, ServiceSight service) => service.Runs && draft.Readings.OfType<HttpReading>().Any(a => a.Service == service.Name && a.Status is not null);

    /// <summary>Of the services whose image changed in the files, some still run the previous one.</summary>
    private static bool IsHalfDone(Draft draft)
    {
        if (draft.Good is not { } good || draft.Get<RunningReading>() is not { } running)
        {
            return false;
        }

        var images = (draft.Report?.Changes ?? []).Where(c => c is { Area: "image", Image.Now.Length: > 0 }).ToList();
        var behind = images.Where(c => running.Running.Services.FirstOrDefault(s => s.Name == c.Subject) is { } now
            && good.Release.Services.FirstOrDefault(s => s.Name == c.Subject) is { } then && now.ImageId == then.ImageId && now.Reference == then.Reference).ToList();
        foreach (var change in behind)
        {
            draft.Tell(FactKeys.SystemState, running, $"{change.Subject}: it still runs {change.Image.Was}, and the files say {change.Image.Now}", "the release was not deployed to it");
        }

        return behind.Count > 0;
    }

    private static void Addresses(Draft draft)
    {
        foreach (var answer in draft.Readings.OfType<HttpReading>())
        {
            var who = answer.Service.Length > 0 ? $"{answer.Service}: " : "";
            var value = answer.Status is { } status
                ? $"{who}status {status} in {Math.Round(answer.Elapsed.TotalMilliseconds)}ms{(answer.FirstLine.Length > 0 ? $": {answer.FirstLine}" : "")}"
                : $"{who}{answer.Problem}";
            if (answer.Status is null && !answer.IsDown)
            {
                draft.TellUnknown(FactKeys.SystemState, answer.Source, answer.At, value);
            }
            else
            {
                draft.Tell(FactKeys.SystemState, answer, value, answer switch
                {
                    { IsWell: true } => "well",
                    { IsWell: false } => "not well",
                    { IsClosed: true } => "it lets nobody in, and says nothing of what is behind it",
                    { Status: null } => "nothing answers there",
                    _ => "it answers; what it should answer is not known: name its 'health' in runbook.yml",
                });
            }
        }

        if (draft.Services.FirstOrDefault(s => s.Trouble == Trouble.None && s.Containers.All(c => c.Health == "healthy") && draft.Readings.OfType<HttpReading>().Any(a => a.Service == s.Name && a.IsWell == false)) is { } odd)
        {
            draft.Contradict($"the health check in the container of {odd.Name} says that it is well, and its address does not");
        }

        if (draft.Services.FirstOrDefault(s => s.IsDown && !s.Runs && draft.Readings.OfType<HttpReading>().Any(a => a.Service == s.Name && a.IsWell == true)) is { } other)
        {
            draft.Contradict($"no container of {other.Name} runs, and its address answers well: something else may listen there");
        }
    }

    private static void Traffic(Draft draft)
    {
        var answers = draft.Readings.OfType<HttpReading>().ToList();
        var (closed, maintenance) = (answers.Find(a => a.IsClosed), draft.Get<MaintenanceReading>());
        var traffic = closed is not null || maintenance is not null ? Situations.Traffic.Maintenance
            : answers.Exists(a => a.Status is not null) ? Situations.Traffic.Production
            : answers.Count > 0 && answers.TrueForAll(a => a.IsDown) ? Situations.Traffic.Offline
            : draft.Served.Any() && draft.Served.All(s => s.IsDown) ? Situations.Traffic.Offline
            : Situations.Traffic.Unknown;
        draft.Facts = draft.Facts with { Traffic = traffic };
        if (maintenance is not null)
        {
            draft.Tell(FactKeys.Traffic, maintenance, $"traffic was stopped by run {maintenance.Run}{(maintenance.Since is { } since ? $" at {Times.Shown(since)}" : "")}, and {maintenance.Switch} is still there", "nobody is let in");
        }

        if (closed is not null)
        {
            draft.Tell(FactKeys.Traffic, closed, $"{closed.Service} answers with status 503 and Retry-After", "nobody is let in");
        }

        if (traffic == Situations.Traffic.Production)
        {
            foreach (var answer in answers.Where(a => a.Status is not null))
            {
                draft.Tell(FactKeys.Traffic, answer, $"it answers with status {answer.Status}", "who asks is served, well or not");
            }
        }
        else if (traffic == Situations.Traffic.Offline && answers.Count > 0)
        {
            draft.Tell(FactKeys.Traffic, answers[0], answers[0].Problem, "nobody is served");
        }
        else if (traffic == Situations.Traffic.Offline && draft.Get<ContainersReading>() is { } seen)
        {
            draft.Tell(FactKeys.Traffic, seen, "no container of the application runs", "nobody is served");
        }
    }

    private static string Means(Trouble trouble) => trouble switch
    {
        Trouble.Starting => "its health is not decided yet",
        Trouble.Restarted => "it ended once, and the engine started it again",
        Trouble.Unhealthy => "not well, by its health check",
        Trouble.NotStarted => "it was made and never started",
        Trouble.Ended => "it ended by itself, or was stopped",
        Trouble.Crashed => "it crashed",
        Trouble.CrashLoop => "it ends again and again",
        _ => "",
    };
}
