using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Resuming;
using Runbooks.Engine.Running;
using Runbooks.Engine.Undoing;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook undo</c>: takes back what a run changed, as a run of its own.</summary>
public static class UndoCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var id = RunChoice.Argument();
        var secrets = new SecretOptions();
        var seal = new SealOptions();
        var preview = new PreviewOptions();
        var from = new Option<string?>("--from") { Description = "take back only this step and those after it", HelpName = "STEP" };
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "show what would be taken back and stop; touches nothing" };
        var reason = new Option<string?>("--reason") { Description = "why, for the record", HelpName = "TEXT" };
        var json = new Option<bool>("--json") { Description = "print the journal's events on standard output, one a line" };
        var command = new Command("undo", "Take back what a run changed, the last step first, with a plan and a journal of its own.") { id, from, dryRun, reason, json };
        preview.AddTo(command);
        secrets.AddTo(command);
        seal.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var error = composition.Terminal.Error;
            var store = composition.RunStore(place.StoreOf(parsed, composition));
            if (RunChoice.Find(parsed.GetValue(id), store, composition.Terminal) is not { } found)
            {
                return ExitCodes.Invalid;
            }

            var (past, problem) = PastRun.Load(store, found);
            if (past is null)
            {
                await error.WriteLineAsync($"error: run {found} cannot be taken back: {problem}");
                return ExitCodes.Refused;
            }

            if (past.State.Started?.ByHand == true)
            {
                await error.WriteLineAsync($"error: run {found} was done by hand: what a person did is theirs to take back, 'runbook show' says how");
                return ExitCodes.Refused;
            }

            var first = parsed.GetValue(from);
            if (first is not null && past.State.Steps.All(s => s.Head.Id != first))
            {
                await error.WriteLineAsync($"error: the run has no step '{first}'; it has: {string.Join(", ", past.State.Steps.Select(s => s.Head.Id))}");
                return ExitCodes.Invalid;
            }

            // What a step did is not computed again, except of one that may have left no trace of it.
            ImmutableHashSet<string> settled = [.. past.State.Steps.Where(s => s.Standing != StepStanding.InDoubt || !s.Kept.IsEmpty || s.StateBefore is not null).Select(s => s.Head.Id)];
            if (secrets.Plan(parsed, past, null, settled, composition, store) is not { } planned)
            {
                return ExitCodes.Invalid;
            }

            var undo = UndoPlan.Of(planned.Plan, past, store, composition.Planner(), first);
            foreach (var left in undo.Left)
            {
                await error.WriteLineAsync($"warning: cannot be taken back and stays as it is: {left}");
            }

            if (parsed.GetValue(dryRun) && !undo.Plan.Steps.IsEmpty)
            {
                return await preview.ShowAsync(parsed, planned with { Plan = undo.Plan }, composition, null, cancel);
            }

            if (!seal.TryRead(parsed, composition, out var key))
            {
                return ExitCodes.Invalid;
            }

            using var sealing = key;
            var ports = composition.Ports();
            var locks = Composition.Locks(place.StoreOf(parsed, composition));
            var who = Operators.Of(composition.Machine);
            if (!past.State.IsSealed && !parsed.GetValue(dryRun) && new Aborter(ports, store, locks).Abort(past, who, "it is taken back", key) is { } obstacle)
            {
                await error.WriteLineAsync($"error: run {found} has no end yet and cannot be given one: {obstacle}");
                return ExitCodes.Refused;
            }

            if (undo.Plan.Steps.IsEmpty)
            {
                await composition.Terminal.Out.WriteLineAsync(undo.Left.IsEmpty ? $"run {found} changed nothing that is not taken back already" : "there is nothing that could be taken back");
                return undo.Left.IsEmpty ? ExitCodes.Succeeded : ExitCodes.UndoFailed;
            }

            var git = Operators.GitIdentityAsync(composition.Machine, ports, planned.Plan.ProjectDirectory);
            return await Performance.ShowAsync(composition, parsed.GetValue(json), planned.Warnings, stage =>
                new Runner(ports, store, locks, composition.Planner(), stage.Observer, stage.Random).RunAsync(new RunRequest
                {
                    Plan = undo.Plan,
                    RunId = RunIds.New(composition.Time.GetUtcNow(), composition.Machine),
                    Operator = who,
                    GitIdentity = git,
                    Reason = parsed.GetValue(reason) ?? "",
                    Undoes = found,
                    Undone = past.State,
                    SealKey = key,
                    Left = undo.Left,
                    Secrets = [.. planned.Secrets.Union(undo.Plan.Secrets, StringComparer.Ordinal)],
                    Hidden = composition.Know,
                    Stop = stage.Signals.Tokens,
                    StopSignal = () => stage.Signals.Signal,
                }));
        });
        return command;
    }
}
