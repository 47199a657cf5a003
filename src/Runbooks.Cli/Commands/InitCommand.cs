using System.CommandLine;
using System.Text;
using Runbooks.Builtin.Projects;
using Runbooks.Engine.Running;
using Runbooks.Language.Projects;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook init</c>: a project file, written from what is found.</summary>
public static class InitCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var command = new Command("init", $"Write {ProjectFile.Names[0]} from what is found in the project's folder, and say what was guessed. Overwrites nothing.");
        command.SetAction(parsed =>
        {
            var (terminal, folder) = (composition.Terminal, place.DirectoryOf(parsed, composition));
            if (ProjectFiles.Find(folder, composition) is { } there)
            {
                terminal.Error.WriteLine($"error: {PlaybookFile.Shown(there, composition.CurrentDirectory)}: it exists already; nothing was written");
                return ExitCodes.Invalid;
            }

            var (guessed, problem) = ProjectGuess.In(folder, composition.Files);
            if (guessed is null)
            {
                terminal.Error.WriteLine($"error: {problem}; nothing was written");
                return ExitCodes.Invalid;
            }

            var path = Path.Combine(folder, ProjectFile.Names[0]);
            var shown = PlaybookFile.Shown(path, composition.CurrentDirectory);
            if (composition.Files.Create(path, Encoding.UTF8.GetBytes(guessed.Text)) is { } failure)
            {
                terminal.Error.WriteLine($"error: {shown}: {failure}; nothing was written");
                return ExitCodes.Invalid;
            }

            terminal.Out.WriteLine($"wrote {shown}");
            foreach (var found in guessed.Found)
            {
                terminal.Out.WriteLine($"  {found}");
            }

            terminal.Out.WriteLine($"read it, and put right what was guessed wrong; 'runbook lint {shown}' checks it");
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
