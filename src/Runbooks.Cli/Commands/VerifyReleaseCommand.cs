using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Builtin.Releases;
using Runbooks.Cli.Views;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Engine.Running;
using Runbooks.Engine.Verifying;
using Runbooks.Host;
using Runbooks.Language.Projects;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook release verify</c>: asks the project's checks of what is deployed, and calls the release good when all of them hold.</summary>
internal static class VerifyReleaseCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var id = new Argument<string>("release") { Description = "id of the release, or its beginning", DefaultValueFactory = _ => ReleaseHistory.CurrentWord };
        var json = ReleaseCommand.Json();
        var command = new Command("verify", "Ask the project's checks of the release that is deployed. It is good when all hold, and its images are kept from then on.") { id, json };
        command.SetAction(async (parsed, _) =>
        {
            var work = ReleaseCommand.WorkOf(parsed, composition, place);
            var terminal = composition.Terminal;
            if (ProjectFiles.Read(work.Directory, composition) is not { } project || work.Read() is not { } read)
            {
                return ExitCodes.Invalid;
            }

            var (found, problem) = work.SayBreak(read.Content) ? (null, "the journal of releases was altered") : read.History.Find(parsed.GetRequiredValue(id));
            if (found is null || found.Standing == ReleaseStanding.Bad)
            {
                await terminal.Error.WriteLineAsync(found is null ? $"error: {problem}" : $"error: release {found.Release.Id} is bad ({found.Condemned?.Reason}): deploy what is good, and record that");
                return found is null ? ExitCodes.Invalid : ExitCodes.Refused;
            }

            using var signals = new StopSignals();
            try
            {
                return await VerifyAsync(new Verification(work, project, found, parsed.GetValue(json)), composition, signals.Tokens.Interrupt);
            }
            catch (OperationCanceledException) when (signals.Tokens.Interrupt.IsCancellationRequested)
            {
                await terminal.Error.WriteLineAsync($"stopped: not every check was asked, and nothing is on record of release {found.Release.Id}");
                return ExitCodes.Of(Conclusion.Cancelled, signals.Signal);
            }
        });
        return command;
    }

    private static async Task<int> VerifyAsync(Verification asked, Composition composition, CancellationToken cancel)
    {
        var (work, release, terminal) = (asked.Work, asked.Release, composition.Terminal);
        var (key, noKey) = work.Store.Key();
        if (key is null)
        {
            await terminal.Error.WriteLineAsync($"error: {noKey}");
            return ExitCodes.TrailUnwritable;
        }

        if (work.Playbook(asked.Project, release.RecordedAt) is not { } first || await work.ObserveAsync(asked.Project, first, key, release.Release.Id, cancel) is not { } before)
        {
            return ExitCodes.Inconclusive;
        }

        if (Differences(release.Release, before.Release) is { IsEmpty: false } other)
        {
            await terminal.Error.WriteLineAsync($"refused: what is deployed is not release {release.Release.Id}:\n{ReleaseText.Lines(other)}'runbook release record' puts on record what is");
            return ExitCodes.Refused;
        }

        // Logs count from when the containers were started, which can be before they were recorded.
        var started = await StartedAsync(work, before, cancel) is { } at && at < release.RecordedAt ? at : release.RecordedAt;
        if (work.Playbook(asked.Project, started) is not { } playbook)
        {
            return ExitCodes.Invalid;
        }

        void Say(string statement, Verdict answer)
        {
            if (!asked.Json)
            {
                terminal.Out.Write(ReleaseText.Answered(statement, answer, terminal.Style));
                terminal.Out.Flush();
            }
        }

        if (asked.Project.Services.All(s => s.Health.Length == 0))
        {
            await terminal.Error.WriteLineAsync("warning: runbook.yml names no 'health' address of any service: good means no more than that the containers run");
        }

        var mask = new SecretMask([.. playbook.Secrets, .. before.Secrets]);
        var list = await new Verifier(work.Ports, work.Runs, composition.Planner()).VerifyAsync(playbook.Plan, mask, once: false, (_, item) => Say(item.Name, item.Verdict), cancel);
        var after = await work.ObserveAsync(asked.Project, playbook, key, release.Release.Id, cancel);
        var (verdict, checks) = Judge(list, release.Release, after?.Release);
        foreach (var check in checks.Skip(list.Items.Length))
        {
            Say(check.Statement, new Verdict(check.Verdict, check.Observed));
        }

        var by = await work.AuthorAsync();
        var healthy = (after?.Release.Services ?? []).Where(s => s.HealthyAfter is not null).ToImmutableSortedDictionary(s => s.Name, s => s.HealthyAfter ?? 0, StringComparer.Ordinal);
        if (work.Store.Append(new ReleaseVerified { Release = release.Release.Id, By = by, Verdict = verdict, Checks = checks, HealthyAfter = healthy }, work.Now, now => BadBy(now, release)) is { } refused)
        {
            await terminal.Error.WriteLineAsync($"error: {refused}; the verification is not on record");
            return ExitCodes.TrailUnwritable;
        }

        ImmutableArray<ImageAnchor> anchors = [];
        if (verdict == VerdictKind.Holds)
        {
            anchors = await new ImageAnchors(work.Ports, work.Directory).MakeAsync(release.Release, cancel);
            if (work.Store.Append(new ReleaseAnchored { Release = release.Release.Id, By = by, Anchors = anchors }, work.Now) is { } unrecorded)
            {
                await terminal.Error.WriteLineAsync($"error: {unrecorded}; that its images are kept is not on record");
                return ExitCodes.TrailUnwritable;
            }
        }

        await terminal.Out.WriteAsync(asked.Json ? ReleaseJsonView.Verified(release.Release.Id, verdict, checks, anchors) : ReleaseText.Verified(release.Release.Id, verdict, anchors, terminal.Style));
        return verdict switch
        {
            VerdictKind.Holds => ExitCodes.Succeeded,
            VerdictKind.DoesNotHold => ExitCodes.Failed,
            _ => ExitCodes.Inconclusive,
        };
    }

    /// <summary>All checks, and that nothing was deployed while they were asked. What could not be observed at deployment cannot be verified.</summary>
    private static (VerdictKind Verdict, ImmutableArray<AnsweredCheck> Checks) Judge(Checklist list, Release release, Release? after)
    {
        var changed = after is null ? [] : Differences(release, after);
        var mixed = release.Services.Where(s => s.IsMixed).Select(s => s.Name).ToList();
        var same = after is null ? new AnsweredCheck("what is deployed is still this release", VerdictKind.Unknown, "it could not be looked at again")
            : new AnsweredCheck("what is deployed is still this release", changed.IsEmpty ? VerdictKind.Holds : VerdictKind.DoesNotHold, changed.IsEmpty ? "the same images, variables, mounts and files" : ReleaseText.Lines(changed).Trim());
        ImmutableArray<AnsweredCheck> checks =
        [
            .. list.Items.Select(i => new AnsweredCheck(i.Statement, i.Verdict.Kind, i.Verdict.Observed)),
            same,
            .. mixed.Select(s => new AnsweredCheck($"all containers of {s} run one image", VerdictKind.DoesNotHold, "they run several: the deployment was not finished")),
        ];
        return (checks.Any(c => c.Verdict == VerdictKind.DoesNotHold) ? VerdictKind.DoesNotHold : checks.All(c => c.Verdict == VerdictKind.Holds) ? VerdictKind.Holds : VerdictKind.Unknown, checks);
    }

    /// <summary>How many containers a service has is no part of a release.</summary>
    private static ImmutableArray<ReleaseDifference> Differences(Release release, Release deployed) =>
        release.Project != deployed.Project ? [new("project", release.Project, $"it is {deployed.Project}")]
        : [.. ReleaseDiff.Of(release, deployed).Where(d => d.Area != "containers")];

    private static async Task<DateTimeOffset?> StartedAsync(ReleaseWork work, ObservedRelease observed, CancellationToken cancel)
    {
        var answer = await work.Ports.Docker.ContainersAsync(new Engine.Ports.ContainerFilter { Project = observed.Release.Project }, cancel);
        return answer.Problem is null ? answer.Value.Min(c => c.CreatedAt) : null;
    }

    /// <summary>Somebody may have said so while the checks were asked.</summary>
    private static string? BadBy(ReleaseContent now, ReleaseState release) =>
        ReleaseHistory.Of(now).Find(release.Release.Id).Release is { Condemned: { } bad } ? $"release {release.Release.Id} was called bad meanwhile: {bad.Reason}" : null;

    private sealed record Verification(ReleaseWork Work, ProjectFile Project, ReleaseState Release, bool Json);
}
