using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>Performs a <see cref="ComposeReturn"/>: looks, decides, does what is needed, and looks again. Nothing is called done that the engine does not say.</summary>
internal sealed class Returning(ComposeReturn back, StepContext context)
{
    private readonly ProgramSequence _programs = new(context);
    private readonly List<string> _notes = [];

    public async Task<ActionOutcome> RunAsync()
    {
        var services = back.Services;
        var found = await AskAsync();
        if (found.Value is not { } now)
        {
            return Untouched($"which containers are there could not be found out: {found.Problem}");
        }

        if (services.Select(s => Obstacle(s, now.Of(s.Service))).FirstOrDefault(o => o is not null) is { } obstacle)
        {
            return Untouched(obstacle);
        }

        var (work, refusal) = await WorkAsync(services, now);
        if (refusal is not null)
        {
            return refusal;
        }

        if (work.Count > 0)
        {
            context.KeepState(now.ToJson());
        }

        string? failure = null;
        foreach (var start in work)
        {
            failure ??= await _programs.RunAsync(start);
        }

        var (verified, verdict) = await VerifyAsync(services, work.Count > 0);
        failure = (failure, verdict) switch
        {
            (null, _) => verdict,
            (_, null) => failure,
            _ => $"{failure}; {verdict}",
        };
        return _programs.Told(new ActionOutcome
        {
            Changed = work.Count > 0,
            Failure = failure,
            Observed = failure is null ? verified : "",
            Notes = [.. _notes],
        });
    }

    private static ActionOutcome Untouched(string failure) => ActionOutcome.Failed(failure) with { Changed = false, Untouched = true };

    private static string? Obstacle(ServiceReturn service, ImmutableArray<ServiceContainer> now) => service.Stranger(now) is { } image
        ? $"service {service.Service} was deployed anew since the step, from image {ContainerWords.Short(image)}, and is left as it is; before the step it had {ServiceReturn.Words(service.Before)}"
        : null;

    /// <summary>What has to be done, in order: away with what was not there, then stop, then start or make.</summary>
    private async Task<(List<ProgramStart> Work, ActionOutcome? Refusal)> WorkAsync(ImmutableArray<ServiceReturn> services, ProjectState now)
    {
        var (first, then) = (new List<ProgramStart>(), new List<ProgramStart>());
        foreach (var service in services)
        {
            var here = now.Of(service.Service);
            if (back.IsFinal ? !service.IsOutdated(here) : service.IsBack(here))
            {
                continue;
            }

            if (service.Before.IsEmpty)
            {
                first.Add(back.Compose(service.Removal));
            }
            else if (service.HasItsContainers(here))
            {
                var (stopping, starting) = (Wrong(service.ToStop, here), Wrong(service.ToStart, here));
                first.AddRange(stopping ? [back.Stopping(service.ToStop.Select(c => c.Id))] : []);
                then.AddRange(starting ? [back.Starting(service.ToStart.Select(c => c.Id))] : []);
            }
            else
            {
                var (make, refusal) = await MakingAsync(service, here);
                if (refusal is not null)
                {
                    return ([], refusal);
                }

                (service.Ran ? then : first).AddRange(make is null ? [] : [make]);
            }
        }

        return ([.. first, .. then], null);
    }

    private static bool Wrong(IEnumerable<ServiceContainer> wanted, ImmutableArray<ServiceContainer> here) =>
        wanted.Any(w => here.Any(h => h.Id == w.Id && h.Standing != w.Standing));

    /// <summary>New containers from the image that it had: by the Compose files alone where they name it, else with the image laid over them.</summary>
    /// <returns>Null and null when what is there was made from what the files say.</returns>
    private async Task<(ProgramStart? Make, ActionOutcome? Refusal)> MakingAsync(ServiceReturn service, ImmutableArray<ServiceContainer> here)
    {
        if (service.Image is not { } wanted)
        {
            return (null, Untouched($"service {service.Service} had {ServiceReturn.Words(service.Before)}: Compose cannot make that again"));
        }

        var image = await context.Ports.Docker.ImageAsync(wanted.Image, context.Stop.Interrupt);
        if (image.Problem is { } problem)
        {
            return (null, Untouched($"the image of service {service.Service} could not be looked up: {problem}"));
        }

        if (image.Value?.Id != wanted.ImageId)
        {
            return (null, Untouched(image.Value is null
                ? $"service {service.Service} had {ServiceReturn.Words(service.Before)}, and that image is not on this machine any more"
                : $"service {service.Service} had {ServiceReturn.Words(service.Before)}, and {wanted.Image} names another image by now: 'docker tag {wanted.ImageId} {wanted.Image}' brings it back, then undo once more"));
        }

        var (refusal, plain) = await ProjectReading.ReadAsync(back.Compose(service.Digest), context, back.Reach.AllowsBlank);
        var (overlayRefusal, overlaid) = refusal is null ? await ProjectReading.ReadAsync(back.Overlaid(service, service.Digest), context, back.Reach.AllowsBlank) : (refusal, "");
        if (overlayRefusal is not null)
        {
            return (null, overlayRefusal);
        }

        if (back.IsFinal && here.All(c => overlaid.Contains(c.ConfigHash, StringComparison.Ordinal)))
        {
            return (null, null);
        }

        if (!overlaid.Contains(wanted.ConfigHash, StringComparison.Ordinal) || wanted.ConfigHash.Length == 0)
        {
            _notes.Add($"service {service.Service} is made anew from the Compose files and the image that it had; that they say the same as when its container was made before could not be told from Compose's digest (it also differs by the version of Compose and by --no-deps)");
        }

        return (plain == overlaid ? back.Compose(back.Making(service)) : back.Overlaid(service, back.Making(service)), null);
    }

    private async Task<(string Verified, string? Problem)> VerifyAsync(ImmutableArray<ServiceReturn> services, bool wasChanged)
    {
        var answer = await AskAsync();
        if (answer.Value is not { } now)
        {
            return ("", $"whether the services are back could not be found out: {answer.Problem}");
        }

        if (wasChanged)
        {
            context.LeaveState(now.ToJson());
        }

        var problems = services.Where(s => !s.IsBack(now.Of(s.Service)))
            .Select(s => $"service {s.Service} had {ServiceReturn.Words(s.Before)} before the step, and has {ServiceReturn.Words(now.Of(s.Service))} now: look at it with '{back.Program.Name} ps --all {s.Service}' and its logs; when what is in the way is gone, undo once more")
            .Concat(Unsure(services, now))
            .ToList();
        var words = services.Select(s => $"service {s.Service} has {ServiceReturn.Words(s.Before)}, as before").DefaultIfEmpty("the step had changed no service");
        return (string.Join("; ", words), problems.Count == 0 ? null : string.Join("; ", problems));
    }

    /// <summary>A step that was interrupted may have started what the named services depend on.</summary>
    private IEnumerable<string> Unsure(ImmutableArray<ServiceReturn> services, ProjectState now) => back.After is not null || !back.Reach.Others
        ? []
        : back.Before.Services.Concat(now.Services).Distinct(StringComparer.Ordinal)
            .Where(s => services.All(r => r.Service != s) && !back.Elsewhere.Contains(s))
            .Select(s => new ServiceReturn(s, back.Before.Of(s), null))
            .Where(s => !s.IsBack(now.Of(s.Service)))
            .Select(s => $"service {s.Service} had {ServiceReturn.Words(s.Before)} before the step, and has {ServiceReturn.Words(now.Of(s.Service))} now; whether the step did that is not on record, so it is left as it is");

    private Task<DockerAnswer<ProjectState>> AskAsync() => ProjectState.AskAsync(back.Reach, context.Ports.Docker, context.Mask, context.Stop.Interrupt);
}
