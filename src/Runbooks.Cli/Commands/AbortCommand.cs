using System.CommandLine;
using Runbooks.Engine.Resuming;
using Runbooks.Engine.Running;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook abort</c>: seals a run that was interrupted, as it is.</summary>
public static class AbortCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var id = RunChoice.Argument();
        var seal = new SealOptions();
        var reason = new Option<string?>("--reason") { Description = "why, for the record", HelpName = "TEXT" };
        var command = new Command("abort", "Seal a run that was interrupted: nobody goes on with it. Changes nothing else.") { id, reason };
        seal.AddTo(command);
        command.SetAction(parsed =>
        {
            var terminal = composition.Terminal;
            var store = composition.RunStore(place.StoreOf(parsed, composition));
            if (RunChoice.Find(parsed.GetValue(id), store, terminal) is not { } found)
            {
                return ExitCodes.Invalid;
            }

            if (!seal.TryRead(parsed, composition, out var key))
            {
                return ExitCodes.Invalid;
            }

            using var sealing = key;
            var (past, problem) = PastRun.Load(store, found);
            var isLate = past?.LacksLedgerSeal(store) == true && !AuditCommand.IsAlive(past.State.Operator, composition.Machine);
            problem = past is null ? problem
                : past.State.IsSealed && !isLate ? $"it is over ({Views.RunSummary.Word(past.State.Ended?.Conclusion ?? default)})"
                : new Aborter(composition.Ports(), store, Composition.Locks(place.StoreOf(parsed, composition))).Abort(past, Operators.Of(composition.Machine), parsed.GetValue(reason) ?? "", key);
            if (problem is not null)
            {
                terminal.Error.WriteLine($"error: run {found} is not aborted: {problem}");
                return ExitCodes.Refused;
            }

            terminal.Out.WriteLine(isLate ? $"run {found} was sealed already; its seal is in the ledger now, as one that came late" : $"run {found} is sealed; 'runbook undo {found}' takes back what it changed");
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
