using System.CommandLine;
using Runbooks.Advisor.Advising;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Host;

namespace Runbooks.Cli.Commands;

/// <summary>Goes on from advice to a run: shows the plan, asks, and runs exactly that plan.</summary>
internal sealed class AdvisedRun(Composition composition, ProjectPlace place, IPrompt prompt)
{
    public async Task<int> RunAsync(ParseResult parsed, Advice advice, StopSignals signals)
    {
        if (advice.Way.Command is not { } command)
        {
            return advice.IsInconclusive ? ExitCodes.Inconclusive : ExitCodes.Succeeded;
        }

        if (AdvisedPlace.Absent([command.Playbook], place, parsed, composition) is { Length: > 0 } absent)
        {
            composition.Terminal.Error.WriteLine($"refused: {absent}; nothing was done");
            return ExitCodes.Refused;
        }

        if (!advice.Missing.IsEmpty)
        {
            composition.Terminal.Error.WriteLine($"error: the command has no value for {string.Join(", ", advice.Missing.Select(v => v.Name))}: put {(advice.Missing.Length > 1 ? "them" : "it")} into the facts below 'vars', or fill in the command; nothing was done");
            return ExitCodes.Invalid;
        }

        // The playbook is named from the project's folder, and looked for from the current one.
        string[] words = [.. Place(parsed), Path.Combine(place.DirectoryOf(parsed, composition), command.Playbook), .. Advice.Words(command).Skip(3)];
        if (Plan(words) is not { } planned)
        {
            return ExitCodes.Invalid;
        }

        prompt.Show($"\n{PlanText.Write(planned.Plan)}\n");
        while (true)
        {
            switch (await prompt.AskAsync("run exactly this? yes or no:", signals.Tokens.Interrupt))
            {
                case "yes":
                    return await App.RunAsync(["exec", .. words, "--digest", planned.Plan.Digest], composition);
                case "no" or null:
                    composition.Terminal.Error.WriteLine("refused: nothing was done");
                    return ExitCodes.Refused;
                default:
                    prompt.Show("write 'yes' or 'no'\n");
                    break;
            }
        }
    }

    /// <returns>Null when something is wrong, which was printed.</returns>
    private Planned? Plan(string[] words)
    {
        var options = new PlanOptions(place);
        var command = new Command("plan");
        options.AddTo(command);
        return options.Make(new RootCommand { place.Directory, place.Store, command }.Parse(["plan", .. words]), composition);
    }

    private IEnumerable<string> Place(ParseResult parsed) =>
        new[] { place.Directory, place.Store }.SelectMany(o => parsed.GetValue(o) is { } value ? (string[])[o.Name, value] : []);
}
