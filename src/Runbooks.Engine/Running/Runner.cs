using Runbooks.Engine.Guiding;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>Runs a plan: lock, guards, preflight, steps, validations, conclusion.</summary>
public sealed class Runner(EnginePorts ports, IRunStore store, ILocks locks, Planner planner, IRunObserver observer, Random random)
{
    private readonly RunBody _body = new(store, random);

    public async Task<RunResult> RunAsync(RunRequest request)
    {
        var state = new RunState();
        var (folder, problem) = store.Create(request.RunId);
        if (folder is null)
        {
            return Unwritable(problem ?? "the run's folder could not be made", state, "");
        }

        using (folder)
        {
            var mask = new SecretMask(request.Secrets);
            var journal = new JournalWriter(folder, ports.Time, (line, bytes) =>
            {
                state = state.Apply(line);
                observer.Written(line, bytes);
            });
            var run = new RunScope
            {
                Request = request,
                Ports = ports,
                Planner = planner,
                Journal = journal,
                Folder = folder,
                Observer = observer,
                Mask = mask,
                Started = ports.Time.GetUtcNow(),
                Began = ports.Time.GetUtcNow(),
                Basis = request.Plan.Digest,
                State = () => state,
                Scopes = new PartScopes(request.Plan, request.RunId),
            };
            var began = ports.Time.GetTimestamp();
            try
            {
                Begin(run);
                var (conclusion, why) = await BodyAsync(run, () => state);
                if (conclusion == Conclusion.Succeeded && !request.Left.IsEmpty)
                {
                    (conclusion, why) = (Conclusion.UndoFailed, $"left as it is: {string.Join("; ", request.Left)}");
                }

                return RunBody.End(run, conclusion, why, began, () => state);
            }
            catch (TrailUnwritableException e)
            {
                return Unwritable(e.Message, state, folder.Path);
            }
        }
    }

    private static RunResult Unwritable(string problem, RunState state, string folder) =>
        new(Conclusion.TrailUnwritable, ExitCodes.TrailUnwritable, $"the journal cannot be written: {problem}", state, folder);

    /// <summary>What is run, by whom and why. Durable with the first flush, which comes before the first effect.</summary>
    private static void Begin(RunScope run)
    {
        var (plan, request) = (run.Plan, run.Request);
        var parts = RunBody.WritePlaybooks(run, "playbook.yml");
        RunBody.WriteFile(run, "plan.json", PlanJson.Utf8(plan).Span);
        run.Journal.Append(new RunStarted
        {
            RunId = request.RunId,
            Playbook = plan.Playbook.Name,
            PlaybookVersion = plan.Playbook.Version,
            PlaybookPath = plan.Playbook.Source.Path,
            PlaybookSha256 = plan.PlaybookSha256,
            PlanDigest = plan.Digest,
            Project = plan.ProjectDirectory,
            Engine = plan.EngineVersion,
            Operator = request.Operator,
            Reason = run.Mask.Text(request.Reason),
            Undoes = request.Undoes,
            ByHand = request.IsGuided ? true : null,
            Steps = [.. plan.Steps.Select(s => new StepHead(s.Id, s.Name, s.Kind.Declaration.Name, s.Effect.ToString().ToLowerInvariant(), plan.PlaybookOf(s.Part).Source.PositionOf(s.Syntax.Span.Start).Line))],
            Parts = parts,
        });
        run.Journal.Enter(request.RunId);
    }

    private async Task<(Conclusion Conclusion, string Why)> BodyAsync(RunScope run, Func<RunState> state)
    {
        if (PlanUses.Refusal(run, store) is { } used)
        {
            await RunBody.IdentifyAsync(run);
            return (Conclusion.Refused, used);
        }

        var answer = locks.Take(run.Plan.Lock, run.Request.Holder(ports.Time.GetUtcNow()));
        var (holder, problem) = (answer.Holder, "");
        if (holder is not null && run.Request.StealsLock)
        {
            (answer, problem) = await new LockTheft(run, locks, holder).TakeAsync();
        }

        if (answer.Held is null)
        {
            await RunBody.IdentifyAsync(run);
            return (run.IsStopping ? Conclusion.Cancelled : Conclusion.Refused, $"{LockRefusals.Of(run.Plan.Lock, answer, store)}{problem}");
        }

        using (answer.Held)
        {
            run.Journal.Append(new LockTaken(run.Plan.Lock) { StolenFrom = problem.Length == 0 ? holder?.Text : null, Left = answer.Left?.Text });
            using var parts = new PartLocks(run, locks, store);
            if (parts.Take() is { } held)
            {
                await RunBody.IdentifyAsync(run);
                return (Conclusion.Refused, held);
            }

            if (run.Request is { IsGuided: true, Prompt: { } prompt })
            {
                return await new GuidedBody(run, prompt, random).GoAsync();
            }

            if (await RunBody.RefusalAsync(run) is { } refusal)
            {
                return (run.IsStopping ? Conclusion.Cancelled : Conclusion.Refused, refusal);
            }

            return PlanUses.Take(run, store) is { } taken ? (Conclusion.Refused, taken) : await _body.GoAsync(run, state);
        }
    }
}
