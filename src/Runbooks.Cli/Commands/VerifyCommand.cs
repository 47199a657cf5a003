using System.CommandLine;
using Runbooks.Cli.Views;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Running;
using Runbooks.Engine.Verifying;
using Runbooks.Host;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook verify</c>: asks the checks of a playbook, and nothing else of it.</summary>
public static class VerifyCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var options = new PlanOptions(place);
        var format = new Option<string>("--format", "-f") { Description = "text, markdown, json or junit", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown", "json", "junit");
        var once = new Option<bool>("--once") { Description = "ask every check once, now, however long it says to wait" };
        var command = new Command("verify", "Ask the checks of a playbook's steps and its validations, and show them as a checklist. Changes nothing.");
        options.AddTo(command);
        command.Add(format);
        command.Add(once);
        command.SetAction(async (parsed, _) =>
        {
            if (options.Make(parsed, composition, forChecks: true) is not { } planned)
            {
                return ExitCodes.Invalid;
            }

            var terminal = composition.Terminal;
            terminal.Error.Write(DiagnosticRenderer.Human(planned.Warnings, terminal.Colour));
            if (!Verifier.ChecksOf(planned.Plan).Any())
            {
                await terminal.Error.WriteLineAsync($"error: {planned.Plan.Playbook.Source.Path} has nothing to verify: give it 'validations:', or a step 'validate:'");
                return ExitCodes.Invalid;
            }

            var store = composition.RunStore(place.StoreOf(parsed, composition, planned.Plan.ProjectDirectory));
            using var signals = new StopSignals();
            var view = new ChecklistView(terminal, parsed.GetRequiredValue(format));
            try
            {
                var list = await new Verifier(composition.Ports(), store, composition.Planner()).VerifyAsync(planned.Plan, new SecretMask(planned.Secrets), parsed.GetValue(once), view.Answered, signals.Tokens.Interrupt);
                view.Done(list);
                return list.Verdict switch
                {
                    VerdictKind.Holds => ExitCodes.Succeeded,
                    VerdictKind.DoesNotHold => ExitCodes.Failed,
                    _ => ExitCodes.Inconclusive,
                };
            }
            catch (OperationCanceledException) when (signals.Tokens.Interrupt.IsCancellationRequested)
            {
                await terminal.Error.WriteLineAsync("stopped: not every check was asked");
                return ExitCodes.Of(Engine.Journal.Conclusion.Cancelled, signals.Signal);
            }
        });
        return command;
    }
}
