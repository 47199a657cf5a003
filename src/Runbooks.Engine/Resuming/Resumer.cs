using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Engine.Undoing;

namespace Runbooks.Engine.Resuming;

/// <summary>Goes on with a run that was interrupted, in its own journal. A refusal leaves it as it was: it can be tried again.</summary>
public sealed class Resumer(EnginePorts ports, IRunStore store, ILocks locks, Planner planner, IRunObserver observer, Random random)
{
    /// <param name="past">The run as it was when the plan was made.</param>
    /// <param name="said">What the operator says of steps in doubt, by id: done or again.</param>
    public async Task<RunResult> ResumeAsync(RunRequest request, PastRun past, ImmutableDictionary<string, string> said)
    {
        var name = past.State.Lock.Length > 0 ? past.State.Lock : request.Plan.Lock;
        var answer = locks.Take(name, request.Holder(ports.Time.GetUtcNow()));
        if (answer.Held is null)
        {
            return Refused(LockRefusals.Of(name, answer, store), past.State, past);
        }

        using (answer.Held)
        {
            // Under the lock: nobody has gone on with it meanwhile.
            if (PastRun.Load(store, past.RunId).Run is not { } now || now.Head != past.Head || now.State.IsSealed)
            {
                return Refused("it went on while this was prepared: look at it again", past.State, past);
            }

            var alive = ports.Processes.Marked("RUNBOOK_RUN", past.RunId);
            if (!alive.IsEmpty)
            {
                return Refused($"processes of it are still alive: {string.Join(", ", alive.Select(p => $"{p.Pid} {p.CommandLine}"))}; end them, or wait for them", past.State, past);
            }

            return await UnderLockAsync(request, past, said, answer.Left);
        }
    }

    private static RunResult Refused(string why, RunState state, PastRun past) => new(Conclusion.Refused, ExitCodes.Refused, $"run {past.RunId} is not resumed: {why}", state, "");

    private async Task<RunResult> UnderLockAsync(RunRequest request, PastRun past, ImmutableDictionary<string, string> said, LockHolder? left)
    {
        var (folder, problem) = store.Open(past.RunId, past.Length);
        if (folder is null)
        {
            return new RunResult(Conclusion.TrailUnwritable, ExitCodes.TrailUnwritable, $"the journal cannot be written: {problem}", past.State, "");
        }

        using (folder)
        {
            var state = past.State;
            var journal = new JournalWriter(folder, ports.Time, (line, bytes) =>
            {
                state = state.Apply(line);
                observer.Written(line, bytes);
            }, past.Count, past.Head);
            var run = new RunScope
            {
                Request = request,
                Ports = ports,
                Planner = planner,
                Journal = journal,
                Folder = folder,
                Observer = observer,
                Mask = new SecretMask(request.Secrets),
                Started = past.State.StartedAt ?? ports.Time.GetUtcNow(),
                Began = ports.Time.GetUtcNow(),
                Basis = past.IsOf(request.Plan) ? past.State.Basis?.PlanDigest ?? "" : request.Plan.Digest,
                State = () => state,
                Scopes = new PartScopes(request.Plan, past.RunId, (part, scope) => past.WithOutputs(part, scope, store)),
            };
            var began = ports.Time.GetTimestamp();
            try
            {
                journal.Append(new RunResumed(request.Operator, run.Mask.Text(request.Reason), request.Plan.EngineVersion, past.TornBytes) { Basis = NewBasis(run, past) });
                past.EnsureEntered(store, journal);
                journal.Append(new LockTaken(request.Plan.Lock) { Left = left?.Text });
                using var parts = new PartLocks(run, locks, store);
                var held = parts.Take();
                await RunBody.IdentifyAsync(run);
                if (held is not null)
                {
                    journal.Flush();
                    return Refused(held, state, past);
                }

                if (await ObstacleAsync(run, () => state, said) is { } obstacle)
                {
                    journal.Flush();
                    return Refused(obstacle, state, past);
                }

                var (conclusion, why) = await GoAsync(run, () => state);
                return RunBody.End(run, conclusion, why, began, () => state);
            }
            catch (TrailUnwritableException e)
            {
                return new RunResult(Conclusion.TrailUnwritable, ExitCodes.TrailUnwritable, $"the journal cannot be written: {e.Message}", state, folder.Path);
            }
        }
    }

    /// <summary>The playbook and the plan, when the operator accepted that the playbook is another than before.</summary>
    private static RunBasis? NewBasis(RunScope run, PastRun past)
    {
        if (past.IsOf(run.Plan))
        {
            return null;
        }

        var number = past.State.Resumed + 2;
        var basis = new RunBasis($"playbook-{number}.yml", run.Plan.PlaybookSha256, $"plan-{number}.json", run.Plan.Digest);
        basis = basis with { Parts = RunBody.WritePlaybooks(run, basis.Playbook) };
        RunBody.WriteFile(run, basis.Plan, PlanJson.Utf8(run.Plan).Span);
        return basis;
    }

    /// <summary>What keeps the run from going on; null when nothing does.</summary>
    private static async Task<string?> ObstacleAsync(RunScope run, Func<RunState> now, ImmutableDictionary<string, string> said)
    {
        var state = now();
        if (state.UndoWhy.Length == 0 && await RunBody.RefusalAsync(run) is { } refusal)
        {
            var isGuardOnly = now().PreflightProblems.IsEmpty && !run.IsStopping;
            if (!isGuardOnly)
            {
                return refusal;
            }

            if (!run.Request.AcceptsChanges)
            {
                return $"{refusal}; if that is the run's own doing, --accept-changes goes on";
            }
        }

        var questions = new List<string>();
        var settlement = new Settlement(run, said);
        foreach (var past in state.Steps.Where(s => s.Standing == StepStanding.InDoubt || s.Undo == UndoStanding.InDoubt))
        {
            var undo = past.Undo == UndoStanding.InDoubt;
            var step = run.Plan.Steps.FirstOrDefault(s => s.Id == past.Head.Id);
            var asked = undo ? step?.Undo ?? (step is null ? null : Inverses.PuttingBack(step)) : step;

            // What is taken back anyway need not be settled: its undo is made for half-done steps.
            if (asked is not null && (undo || state.UndoWhy.Length == 0) && await settlement.SettleAsync(asked, undo) is { } question)
            {
                questions.Add(question);
            }
        }

        return questions.Count == 0 ? null : string.Join("; ", questions);
    }

    private async Task<(Conclusion Conclusion, string Why)> GoAsync(RunScope run, Func<RunState> state)
    {
        var before = state();
        return before.UndoWhy.Length > 0
            ? (await new UndoRunner(run, store, random).RunAsync(before, before.UndoWhy) ?? Conclusion.Undone, before.UndoWhy)
            : await new RunBody(store, random).GoAsync(run, state);
    }
}
