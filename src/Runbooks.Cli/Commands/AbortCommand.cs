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
        var reason = new Option<string?>("--reason") { Description = "why, for the record", HelpName = "TEXT" };
        var command = new Command("abort", "Seal a run that was interrupted: nobody goes on with it. Changes nothing else.") { id, reason };
        command.SetAction(parsed =>
        {
            var terminal = composition.Terminal;
            var store = composition.RunStore(place.StoreOf(parsed, composition));
            if (RunChoice.Find(parsed.GetValue(id), store, terminal) is not { } found)
            {
                return ExitCodes.Invalid;
            }

            var (past, problem) = PastRun.Load(store, found);
            problem = past is null ? problem
                : past.State.IsSealed ? $"it is over ({Views.RunSummary.Word(past.State.Ended?.Conclusion ?? default)})"
                : new Aborter(composition.Ports(), store, Composition.Locks(place.StoreOf(parsed, composition))).Abort(past, Operators.Of(composition.Machine), parsed.GetValue(reason) ?? "");
            if (problem is not null)
            {
                terminal.Error.WriteLine($"error: run {found} is not aborted: {problem}");
                return ExitCodes.Refused;
            }

            terminal.Out.WriteLine($"run {found} is sealed; 'runbook undo {found}' takes back what it changed");
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
