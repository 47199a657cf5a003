using Runbooks.Advisor.Readiness;

namespace Runbooks.Builtin.Readiness.Rehearsal;

/// <summary>The ways back were gone before they are needed.</summary>
public sealed class RehearsalItem : IReadyItem
{
    public string Name => "rehearsal";

    public string Statement => "each playbook of the project that is a way back was run as it is now, and succeeded";

    public string Why => "A way back that nobody has ever gone breaks on the night on which it is needed.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var playbooks = (await project.PlaybooksAsync()).Where(p => p.Playbook is { Strategy.Length: > 0 }).Select(p => new WayBackPlaybook(p.Playbook?.Name ?? "", p.Path, p.Sha256));
        var runs = await project.RunsAsync();
        return RehearsalJudgement.Of([.. playbooks], [.. runs.Runs.Where(r => r.Started.Undoes is null).Select(Of)], runs.Left);
    }

    private static RunOnRecord Of(ReadyRun run) => new(
        run.Id,
        run.Started.Playbook,
        run.State.Basis?.PlaybookSha256 ?? run.Started.PlaybookSha256,
        run.State.StartedAt ?? default,
        run.State.Ended?.Conclusion,
        run.State.IsSealed,
        run.Started.ByHand == true);
}
