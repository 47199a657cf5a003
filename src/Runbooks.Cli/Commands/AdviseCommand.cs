using System.CommandLine;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook advise</c>: from facts to one recommendation, with reasons.</summary>
public static class AdviseCommand
{
    public static Command Create(Composition composition)
    {
        var file = new Option<string?>("--facts") { Description = "YAML or JSON file with what is known of the broken deployment", HelpName = "FILE" };
        var format = new Option<string>("--format", "-f") { Description = "text, markdown or json", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown", "json");
        var command = new Command("advise", "Recommend one way back from a broken deployment, with reasons, and the command. Changes nothing.") { file, format };
        command.SetAction(parsed =>
        {
            if (Read(parsed.GetValue(file), composition) is not { } facts)
            {
                return ExitCodes.Invalid;
            }

            var advice = new Adviser(BuiltinStrategies.All).Advise(facts);
            composition.Terminal.Out.Write(parsed.GetRequiredValue(format) switch
            {
                "json" => AdviceJson.Write(advice),
                "markdown" => AdviceMarkdown.Write(advice),
                _ => AdviceText.Write(advice),
            });
            return advice.IsInconclusive ? ExitCodes.Inconclusive : ExitCodes.Succeeded;
        });
        return command;
    }

    /// <returns>Null when they could not be read, which was printed.</returns>
    private static Facts? Read(string? name, Composition composition)
    {
        var terminal = composition.Terminal;
        if (name is null)
        {
            terminal.Error.WriteLine("error: nothing is known of the deployment: give --facts FILE");
            return null;
        }

        var read = composition.Files.Read(Path.GetFullPath(name, composition.CurrentDirectory));
        if (read.Bytes is not { } bytes)
        {
            terminal.Error.WriteLine($"error: --facts {name}: {read.Problem}");
            return null;
        }

        var facts = FactsReader.Read(SourceText.FromBytes(name, bytes));
        terminal.Error.Write(DiagnosticRenderer.Human(facts.Diagnostics, terminal.Colour));
        return facts.Value;
    }
}
