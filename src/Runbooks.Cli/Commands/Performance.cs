using Runbooks.Cli.Views;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Host;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Cli.Commands;

/// <summary>Shows a run while it happens and what it came to; the same for everything that runs steps.</summary>
internal static class Performance
{
    /// <param name="past">Where the run stood when it was interrupted.</param>
    public static async Task<int> ShowAsync(Composition composition, bool json, IEnumerable<Diagnostic> warnings, Func<Stage, Task<RunResult>> run, RunState? past = null)
    {
        var terminal = composition.Terminal;
        var people = json ? terminal.Error : terminal.Out;
        people.Write(DiagnosticRenderer.Human(warnings, terminal.Colour));
        people.Flush();

        using var signals = new StopSignals();
        var view = new RunView(terminal, people, composition.Time);
        view.Know(past?.Started);
        IRunObserver observer = json ? new RunViews(new SafeRunView(new JsonRunView(terminal.Out)), new SafeRunView(view)) : new SafeRunView(view);
        using var stopping = signals.Tokens.Interrupt.Register(() => view.Stopping(signals.Signal ?? ""));
        var result = await run(new Stage(
            observer,
            new Random(BitConverter.ToInt32([.. composition.Machine.RandomBytes(4)])),
            signals,
            terminal.Questions(json) is { } questions ? new TerminalPrompt(text => view.Ask(text, questions)) : null));
        try
        {
            view.Dispose();
            Conclude(result, people, composition);
        }
        catch (IOException)
        {
            // A full disk behind a redirection: what the run came to is not changed by nobody being told.
        }

        await TellAsync(result, people, composition, signals.Tokens.Kill);
        return result.ExitCode;
    }

    /// <summary>Also when the operator cannot be told any more. Nothing that goes wrong with it is another outcome of the run.</summary>
    private static async Task TellAsync(RunResult result, TextWriter people, Composition composition, CancellationToken cancel)
    {
        string? line;
        try
        {
            line = await new RunNotice(composition).TellAsync(result.State, result.Why, result.Conclusion, cancel);
        }
        catch (Exception e)
        {
            line = $"nobody was told, by a mistake in this program: {e.GetType().Name}: {e.Message}";
        }

        try
        {
            people.Write(line is null ? "" : $"{composition.Mask(line)}\n");
            people.Flush();
        }
        catch (IOException)
        {
            // A full disk or a closed pipe behind it, as above.
        }
    }

    private static void Conclude(RunResult result, TextWriter people, Composition composition)
    {
        people.WriteLine();
        people.Write(RunSummary.Conclusion(result.State, result.Why, result.Conclusion, composition.Terminal.Style));
        if (result.Folder.Length > 0)
        {
            people.WriteLine($"record in {PlaybookFile.Shown(result.Folder, composition.CurrentDirectory)}{(result.Conclusion == Conclusion.Succeeded ? "" : $"; 'runbook runs show {Path.GetFileName(result.Folder)}' shows it")}");
        }

        people.Flush();
    }
}

/// <summary>What surrounds a run.</summary>
/// <param name="Random">The source of jitter.</param>
/// <param name="Prompt">Null when nobody can be asked.</param>
internal sealed record Stage(IRunObserver Observer, Random Random, StopSignals Signals, IPrompt? Prompt);
