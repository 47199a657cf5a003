using System.Collections.Immutable;
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
            var root = Root(composition, args);
            var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
            if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
            {
                foreach (var message in Messages(parsed))
                {
                    await terminal.Error.WriteLineAsync($"error: {message}");
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
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // The top of the program. Whatever a run had begun is in doubt, and its journal says so.
            // What an exception quotes may be a secret.
            await terminal.Error.WriteLineAsync($"internal error: {composition.Mask($"{bug}")}\nThis is a bug in runbook: please report it. 'runbook runs show' tells how far a run came.");
            return ExitCodes.InternalError;
        }
        finally
        {
            await terminal.Out.FlushAsync();
            await terminal.Error.FlushAsync();
        }
    }

    private const string Description = "Rollback procedures as versioned playbooks: previewed, checked, journalled.";

    /// <summary>What an argument looks like that asks for help or the version.</summary>
    private static readonly ImmutableArray<string> Explains = ["--help", "-h", "-?", "/?", "/h", "--version"];

    /// <summary>The verbs, in the order in which the help shows them.</summary>
    private static readonly ImmutableArray<(string Name, Func<Composition, ProjectPlace, Command> Create)> Verbs =
    [
        ("exec", ExecCommand.Create),
        ("plan", PlanCommand.Create),
        ("show", ShowCommand.Create),
        ("guide", GuideCommand.Create),
        ("lint", LintCommand.Create),
        ("assess", AssessCommand.Create),
        ("advise", AdviseCommand.Create),
        ("changes", ChangesCommand.Create),
        ("verify", VerifyCommand.Create),
        ("ready", ReadyCommand.Create),
        ("init", InitCommand.Create),
        ("release", ReleaseCommand.Create),
        ("resume", ResumeCommand.Create),
        ("undo", UndoCommand.Create),
        ("abort", AbortCommand.Create),
        ("runs", RunsCommand.Create),
        ("audit", AuditCommand.Create),
        ("keys", (composition, _) => KeysCommand.Create(composition)),
        ("schema", (composition, _) => SchemaCommand.Create(composition)),
        ("explain", (composition, _) => ExplainCommand.Create(composition)),
        ("completion", (composition, _) => CompletionCommand.Create(composition)),
    ];

    /// <param name="args">When they begin with a verb, only that is put together: all of them with their options are a twentieth of a start.</param>
    private static Command Root(Composition composition, string[] args)
    {
        var place = new ProjectPlace();
        var asked = Verbs.Where(v => args.Length > 0 && v.Name == args[0]).ToList();
        // What a RootCommand has in addition (help, version, completions) comes with the program's name and its texts in the language of the machine, a thirtieth of a start.
        var root = asked.Count > 0 && !args.Any(Explains.Contains) ? new Command("runbook", Description) : new RootCommand(Description);
        root.Add(place.Directory);
        root.Add(place.Store);
        foreach (var verb in asked.Count > 0 ? asked : [.. Verbs])
        {
            root.Add(verb.Create(composition, place));
        }

        return root;
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

    /// <summary>One message for a misspelt verb: the library's others are about words that it therefore could not place.</summary>
    private static IEnumerable<string> Messages(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var words = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).ToList();
        if (parsed.UnmatchedTokens is [var first, ..])
        {
            var hint = Suggestion.For(first, words) is { } near ? $"; did you mean '{near}'?" : "";
            return [$"'{first}' is not known here{hint}"];
        }

        return parsed.Errors.Select(e => Lower(e.Message.TrimEnd('.'))).Distinct(StringComparer.Ordinal);
    }

    private static string Lower(string message) => message.Length > 0 ? char.ToLowerInvariant(message[0]) + message[1..] : message;
}
