using System.CommandLine;
using Runbooks.Builtin;
using Runbooks.Engine.Running;
using Runbooks.Language.Schema;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook schema</c>: the JSON Schema of playbooks and of project files, for editors.</summary>
public static class SchemaCommand
{
    public static Command Create(Composition composition)
    {
        var of = new Argument<string>("of") { Description = "playbook, or project for the project file", DefaultValueFactory = _ => "playbook" }.AcceptOnlyFromAmong("playbook", "project");
        var command = new Command("schema", "Print the JSON Schema of playbooks, or of project files, for editors.") { of };
        command.SetAction(parsed =>
        {
            composition.Terminal.Out.Write(parsed.GetRequiredValue(of) == "project" ? ProjectSchema.Generate() : PlaybookSchema.Generate(BuiltinKinds.Catalogue));
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
