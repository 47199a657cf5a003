using System.CommandLine;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook plan</c>: exactly what would run.</summary>
public static class PlanCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var options = new PlanOptions(place);
        var preview = new PreviewOptions();
        var output = new PlanOutput();
        var command = new Command("plan", "Show exactly what a run would do. Touches nothing.");
        options.AddTo(command);
        preview.AddTo(command);
        output.AddTo(command, preview);
        command.SetAction(async (parsed, cancel) =>
        {
            if (options.Make(parsed, composition) is not { } planned)
            {
                return ExitCodes.Invalid;
            }

            return await preview.ShowAsync(parsed, planned, composition, output, cancel);
        });
        return command;
    }
}

/// <summary>How a preview is shown; one code path for <c>plan</c> and <c>exec --dry-run</c>.</summary>
public sealed class PreviewOptions
{
    public Option<string> Format { get; } = new Option<string>("--format", "-f") { Description = "text, markdown or json", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown", "json");

    public Option<bool> Probe { get; } = new("--probe") { Description = "also ask the read-only guards now, and show the answers" };

    public void AddTo(Command command)
    {
        command.Add(Format);
        command.Add(Probe);
    }

    public async Task<int> ShowAsync(ParseResult parsed, Planned planned, Composition composition, PlanOutput? output, CancellationToken cancel)
    {
        var terminal = composition.Terminal;
        var text = parsed.GetRequiredValue(Format) switch
        {
            "json" => PlanJson.Write(planned.Plan),
            "markdown" => PlanMarkdown.Write(planned.Plan),
            _ => PlanText.Write(planned.Plan),
        };
        terminal.Error.Write(DiagnosticRenderer.Human(planned.Warnings, terminal.Colour));
        if (output?.FileOf(parsed) is not { } file)
        {
            terminal.Out.Write(text);
        }
        else if ((IsToBeRead(parsed) ? PlanOutput.WriteText(file, text, planned, composition) : output.Save(parsed, file, planned, composition)) is { } problem)
        {
            terminal.Error.WriteLine($"error: {problem}");
            return ExitCodes.Invalid;
        }

        return parsed.GetValue(Probe) ? await ProbeAsync(planned, composition, cancel) : ExitCodes.Succeeded;
    }

    /// <summary>A file holds the plan that can be run, unless a form for people was asked for.</summary>
    internal bool IsToBeRead(ParseResult parsed) => parsed.GetResult(Format) is { Implicit: false } && parsed.GetRequiredValue(Format) != "json";

    private static async Task<int> ProbeAsync(Planned planned, Composition composition, CancellationToken cancel)
    {
        var terminal = composition.Terminal;
        terminal.Error.WriteLine("\nguards, asked now");
        var answers = await Prober.AskGuardsAsync(planned.Plan, composition.Ports(), new SecretMask(planned.Secrets), cancel);
        foreach (var answer in answers)
        {
            terminal.Error.WriteLine($"  {CheckWords.Of(answer.Verdict.Kind),-14} {answer.Check.Name} ({answer.Verdict.Observed})");
        }

        return answers.All(a => a.Verdict.Kind == Engine.Kinds.VerdictKind.Holds) ? ExitCodes.Succeeded : ExitCodes.Refused;
    }
}
