using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Builtin;
using Runbooks.Builtin.Projects;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Projects;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook lint</c>: everything that is wrong with playbooks, in four forms.</summary>
public static class LintCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var files = new Argument<string[]>("playbook") { Description = "files, as for exec", Arity = ArgumentArity.OneOrMore };
        var format = new Option<string>("--format", "-f") { Description = "human, line, json or sarif", DefaultValueFactory = _ => "human" }.AcceptOnlyFromAmong("human", "line", "json", "sarif");
        var command = new Command("lint", "Report every mistake in playbooks and in a project file, with its place and what to do.") { files, format };
        command.SetAction(parsed =>
        {
            var terminal = composition.Terminal;
            var project = place.DirectoryOf(parsed, composition);
            var found = ImmutableArray.CreateBuilder<Diagnostic>();
            var unreadable = false;
            foreach (var name in parsed.GetRequiredValue(files))
            {
                var (source, problem) = PlaybookFile.Read(name, project, composition);
                if (source is null)
                {
                    terminal.Error.WriteLine($"error: {problem}");
                    unreadable = true;
                    continue;
                }

                if (ProjectReader.IsOne(source))
                {
                    var read = ProjectReader.Read(source);
                    found.AddRange(read.Diagnostics);
                    found.AddRange(read.Value is { } file && !read.HasErrors ? ProjectLint.Check(file, Path.GetDirectoryName(Path.GetFullPath(source.Path, composition.CurrentDirectory)) ?? project, composition.Files) : []);
                    continue;
                }

                found.AddRange(PlaybookReader.Read(source, BuiltinKinds.Catalogue, new PartFiles(composition.Files, project, source, Path.GetFullPath(source.Path, composition.CurrentDirectory)).Open).Diagnostics);
            }

            terminal.Out.Write(parsed.GetRequiredValue(format) switch
            {
                "line" => DiagnosticRenderer.OneLine(found),
                "json" => DiagnosticRenderer.Json(found),
                "sarif" => DiagnosticRenderer.Sarif(found, Composition.EngineVersion),
                _ => DiagnosticRenderer.Human(found, terminal.Colour) is { Length: > 0 } text ? text : unreadable ? "" : "no mistakes\n",
            });
            return unreadable || found.Any(d => d.Severity == Severity.Error) ? ExitCodes.Invalid : ExitCodes.Succeeded;
        });
        return command;
    }
}
