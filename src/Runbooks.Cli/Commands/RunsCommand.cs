using System.CommandLine;
using System.Text;
using Runbooks.Cli.Views;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook runs</c>: the record, read from the journals alone.</summary>
public static class RunsCommand
{
    public static Command Create(Composition composition, ProjectPlace place) => new("runs", "Show what was run, from the journals.")
    {
        List(composition, place),
        Show(composition, place),
        Log(composition, place),
    };

    private static Command List(Composition composition, ProjectPlace place)
    {
        var json = new Option<bool>("--json") { Description = "one JSON object a line" };
        var command = new Command("list", "List the runs, newest first.") { json };
        command.SetAction(parsed =>
        {
            var store = composition.RunStore(place.StoreOf(parsed, composition));
            var ids = store.List();
            if (ids.Count == 0 && !parsed.GetValue(json))
            {
                composition.Terminal.Out.WriteLine("no runs yet");
            }

            foreach (var id in ids.Reverse())
            {
                var journal = JournalReader.Read(store.ReadJournal(id).Bytes ?? []);
                composition.Terminal.Out.WriteLine(RunLine.Of(id, journal, Standing(RunState.Of(journal), composition.Machine), parsed.GetValue(json), composition.Terminal.Style));
            }

            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Show(Composition composition, ProjectPlace place)
    {
        var id = RunChoice.Argument();
        var json = new Option<bool>("--json") { Description = "print the journal's lines as they are" };
        var timeline = new Option<bool>("--timeline") { Description = "the run once more, an event a line, with the time since it began" };
        var command = new Command("show", "Show one run: what was done, what was not, what is in doubt. Exit 1 when its journal was altered.") { id, json, timeline };
        command.SetAction(parsed =>
        {
            var store = composition.RunStore(place.StoreOf(parsed, composition));
            if (RunChoice.Find(parsed.GetValue(id), store, composition.Terminal) is not { } found)
            {
                return ExitCodes.Invalid;
            }

            var read = store.ReadJournal(found);
            if (read.Bytes is not { } bytes)
            {
                composition.Terminal.Error.WriteLine($"error: the journal of {found} cannot be read: {read.Problem}");
                return ExitCodes.Invalid;
            }

            var terminal = composition.Terminal;
            var problem = new Auditor(store, who => AuditCommand.IsAlive(who, composition.Machine)).JournalProblem(found);
            if (parsed.GetValue(json))
            {
                terminal.Out.Write(Encoding.UTF8.GetString(bytes));
            }
            else if (parsed.GetValue(timeline))
            {
                Timeline(JournalReader.Read(bytes), terminal);
            }
            else
            {
                var journal = JournalReader.Read(bytes);
                var state = RunState.Of(journal);
                terminal.Out.Write(RunSummary.Whole(state, Standing(state, composition.Machine), journal, terminal.Style));
            }

            if (problem is null)
            {
                return ExitCodes.Succeeded;
            }

            terminal.Error.WriteLine($"{terminal.Style.Bad}{AuditText.WordOf(problem.Meaning)}{terminal.Style.Reset}: {AuditText.Problem(problem)}");
            return problem.Meaning == Alteration.Unreadable ? ExitCodes.Inconclusive : ExitCodes.Failed;
        });
        return command;
    }

    private static void Timeline(JournalContent journal, Terminal terminal)
    {
        foreach (var line in journal.Lines)
        {
            terminal.Out.WriteLine(EventLine.Since(journal.Lines[0].Time, line));
        }
    }

    private static Command Log(Composition composition, ProjectPlace place)
    {
        var id = RunChoice.Argument();
        var step = new Argument<string?>("step") { Description = "only this step's output", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("log", "Print the events of a run, or the output of one of its steps.") { id, step };
        command.SetAction(parsed =>
        {
            var store = composition.RunStore(place.StoreOf(parsed, composition));
            if (RunChoice.Find(parsed.GetValue(id), store, composition.Terminal) is not { } found)
            {
                return ExitCodes.Invalid;
            }

            var journal = JournalReader.Read(store.ReadJournal(found).Bytes ?? []);
            return parsed.GetValue(step) is { } wanted ? Output(found, wanted, RunState.Of(journal), store, composition.Terminal) : Events(journal, composition.Terminal);
        });
        return command;
    }

    private static int Events(JournalContent journal, Terminal terminal)
    {
        foreach (var line in journal.Lines)
        {
            terminal.Out.WriteLine(EventLine.Of(line));
        }

        if (journal.Break is { } broken)
        {
            terminal.Out.WriteLine($"line {broken.LineNumber} (byte {broken.Offset}): {broken.Problem}");
        }

        return ExitCodes.Succeeded;
    }

    private static int Output(string run, string wanted, RunState state, IRunStore store, Terminal terminal)
    {
        var step = state.Steps.FirstOrDefault(s => s.Head.Id == wanted);
        if (step is null)
        {
            terminal.Error.WriteLine($"error: run {run} has no step '{wanted}'; it has: {string.Join(", ", state.Steps.Select(s => s.Head.Id))}");
            return ExitCodes.Invalid;
        }

        if (step.Ended?.Output is not { Length: > 0 } name)
        {
            terminal.Error.WriteLine($"step '{wanted}' left no output");
            return ExitCodes.Succeeded;
        }

        var read = store.ReadFile(run, name);
        if (read.Bytes is not { } bytes)
        {
            terminal.Error.WriteLine($"error: {Path.Combine(store.PathOf(run), name)}: {read.Problem}");
            return ExitCodes.Invalid;
        }

        terminal.Out.Write(Encoding.UTF8.GetString(bytes));
        return ExitCodes.Succeeded;
    }

    /// <summary>What a run without a conclusion is doing: its process is alive, or it is gone.</summary>
    private static string Standing(RunState state, IMachine machine)
    {
        if (state.Operator is not { } who)
        {
            return "it never got to its first event";
        }

        if (who.Host != machine.HostName)
        {
            return $"started on {who.Host}: only there it can be seen whether it still runs";
        }

        var stamp = machine.ProcessStamp(who.ProcessId);
        return stamp is not null && stamp == who.ProcessStamp ? $"still running (process {who.ProcessId})" : "interrupted: its process is gone, and it recorded no end";
    }
}
