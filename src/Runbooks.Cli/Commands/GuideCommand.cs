using System.CommandLine;
using Runbooks.Engine.Running;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook guide</c>: a person does what the playbook says, one item at a time, and the record is the same.</summary>
public static class GuideCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var options = new PlanOptions(place);
        var seal = new SealOptions();
        var reason = new Option<string?>("--reason") { Description = "why, for the record", HelpName = "TEXT" };
        var command = new Command("guide", "Walk a person through a playbook at a terminal, with the commands to paste, and record what they say. Starts nothing itself.");
        options.AddTo(command);
        command.Add(reason);
        seal.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (composition.Terminal.Questions(isOutTaken: false) is null)
            {
                composition.Terminal.Error.WriteLine("refused: guide asks a person at a terminal, and there is none; 'runbook show' prints the same as a page. Nothing was changed");
                return ExitCodes.Refused;
            }

            if (!seal.TryRead(parsed, composition, out var key))
            {
                return ExitCodes.Invalid;
            }

            using var sealing = key;
            if (options.Make(parsed, composition) is not { } planned)
            {
                return ExitCodes.Invalid;
            }

            var store = place.StoreOf(parsed, composition, planned.Plan.ProjectDirectory);
            return await Performance.ShowAsync(composition, json: false, planned.Warnings, stage =>
                new Runner(composition.Ports(), composition.RunStore(store), Composition.Locks(store), composition.Planner(), stage.Observer, stage.Random).RunAsync(new RunRequest
                {
                    Plan = planned.Plan,
                    RunId = RunIds.New(composition.Time.GetUtcNow(), composition.Machine),
                    // Git is not asked who that is: it would be a program that is started.
                    Operator = Operators.Of(composition.Machine),
                    Reason = parsed.GetValue(reason) ?? "",
                    IsGuided = true,
                    SealKey = key,
                    Secrets = planned.Secrets,
                    Hidden = composition.Know,
                    Prompt = stage.Prompt,
                    Stop = stage.Signals.Tokens,
                    StopSignal = () => stage.Signals.Signal,
                }));
        });
        return command;
    }
}
