using System.CommandLine;
using Runbooks.Engine.Procedures;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook show</c>: a playbook as a page by which a person does it by hand.</summary>
public static class ShowCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var options = new PlanOptions(place);
        var format = new Option<string>("--format", "-f") { Description = "text or markdown", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown");
        var command = new Command("show", "Show a playbook as a page by which a person does it by hand. Touches nothing.");
        options.AddTo(command);
        command.Add(format);
        command.SetAction(parsed =>
        {
            var terminal = composition.Terminal;
            if (options.Make(parsed, composition, placeholders: true) is not { } planned)
            {
                terminal.Error.WriteLine("a value that decides what there is to do has to be given with --var; for any other that is missing its name stands on the page");
                return ExitCodes.Invalid;
            }

            terminal.Error.Write(Placeholder.Shown(DiagnosticRenderer.Human(planned.Warnings, terminal.Colour)));
            var page = Procedure.Of(planned.Plan);
            terminal.Out.Write(parsed.GetRequiredValue(format) == "markdown" ? ProcedureMarkdown.Write(page) : ProcedureText.Write(page));
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
