using System.CommandLine;
using Runbooks.Builtin;
using Runbooks.Engine.Running;
using Runbooks.Language.Schema;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook schema</c>: the JSON Schema of playbooks, for editors.</summary>
public static class SchemaCommand
{
    public static Command Create(Composition composition)
    {
        var command = new Command("schema", "Print the JSON Schema of playbooks, for editors.");
        command.SetAction(_ =>
        {
            composition.Terminal.Out.Write(PlaybookSchema.Generate(BuiltinKinds.Catalogue));
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
