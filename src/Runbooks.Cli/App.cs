using System.CommandLine;
using Runbooks.Cli.Commands;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Cli;

/// <summary>The command line: parse, then act.</summary>
public static class App
{
    public static async Task<int> RunAsync(string[] args, Composition composition)
    {
        var terminal = composition.Terminal;
        try
        {
            var root = Root(composition);
            var parsed = root.Parse(args);
            if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
            {
                foreach (var message in parsed.Errors.Select(e => e.Message.TrimEnd('.')).Distinct(StringComparer.Ordinal))
                {
                    await terminal.Error.WriteLineAsync($"error: {Lower(message)}{Hint(parsed)}");
                }

                await terminal.Error.WriteLineAsync($"'runbook {string.Join(' ', VerbsOf(parsed))}{(VerbsOf(parsed).Count > 0 ? " " : "")}--help' shows what it takes; nothing was done");
                return ExitCodes.Invalid;
            }

            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                // Signals are the run's own business: they stop steps in stages.
                ProcessTerminationTimeout = null,
            });
        }
        finally
        {
            await terminal.Out.FlushAsync();
            await terminal.Error.FlushAsync();
        }
    }

    public static RootCommand Root(Composition composition)
    {
        var place = new ProjectPlace();
        return new RootCommand("Rollback procedures as versioned playbooks: previewed, checked, journalled.")
        {
            place.Directory,
            place.Store,
            ExecCommand.Create(composition, place),
            PlanCommand.Create(composition, place),
            LintCommand.Create(composition, place),
            RunsCommand.Create(composition, place),
            SchemaCommand.Create(composition),
            ExplainCommand.Create(composition),
            CompletionCommand.Create(composition),
        };
    }

    private static List<string> VerbsOf(ParseResult parsed)
    {
        var verbs = new List<string>();
        for (var result = parsed.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent)
        {
            verbs.Insert(0, result.Command.Name);
        }

        return verbs;
    }

    private static string Hint(ParseResult parsed)
    {
        var words = parsed.CommandResult.Command.Subcommands.Select(c => c.Name).Concat(parsed.CommandResult.Command.Options.Select(o => o.Name)).ToList();
        return parsed.UnmatchedTokens.Select(t => Suggestion.For(t, words)).FirstOrDefault(s => s is not null) is { } near ? $"; did you mean '{near}'?" : "";
    }

    private static string Lower(string message) => message.Length > 0 ? char.ToLowerInvariant(message[0]) + message[1..] : message;
}
