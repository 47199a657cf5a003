using System.CommandLine;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;
using Runbooks.Cli.Views;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Host;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook advise</c>: from facts to one recommendation, with reasons.</summary>
public static class AdviseCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var assessing = new Assessing(composition, place);
        var file = new Option<string?>("--facts") { Description = "YAML or JSON file with what is known of the broken deployment, or - for the standard input; nothing is looked at then", HelpName = "FILE" };
        var format = new Option<string>("--format", "-f") { Description = "text, markdown or json", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown", "json");
        var interactive = new Option<bool>("--interactive", "-i") { Description = "ask for what is not known then" };
        var exec = new Option<bool>("--exec") { Description = "show the plan of the recommended playbook, ask, and run it" };
        var command = new Command("advise", "Recommend one way back from a broken deployment, with reasons, and the command. Looks at what is deployed, as 'runbook assess' does, unless --facts says it. Changes nothing without --exec.") { file, format, interactive, exec, assessing.Deadline };
        command.SetAction(async (parsed, _) =>
        {
            var terminal = composition.Terminal;
            if (parsed.GetValue(file) is StandardInput && (parsed.GetValue(interactive) || parsed.GetValue(exec)))
            {
                await terminal.Error.WriteLineAsync("refused: with --facts - the facts are read from where the answers would be; give a file. Nothing was done");
                return ExitCodes.Refused;
            }

            var read = parsed.GetValue(file) is { } name ? Read(name, composition) : Facts.None;
            if (read is not { } facts)
            {
                return ExitCodes.Invalid;
            }

            var (asks, runs) = (parsed.GetValue(interactive), parsed.GetValue(exec));
            var questions = terminal.Questions(isOutTaken: parsed.GetRequiredValue(format) != "text");
            if ((asks || runs) && questions is null)
            {
                await terminal.Error.WriteLineAsync($"refused: {(asks ? "--interactive" : "--exec")} asks, and there is no terminal to ask at; nothing was done");
                return ExitCodes.Refused;
            }

            var adviser = new Adviser(BuiltinStrategies.All);
            using var signals = new StopSignals();
            var prompt = questions is null ? null : new TerminalPrompt(text => Show(text, questions));
            var interview = prompt is null || !asks ? null : new Interview(prompt, adviser);
            try
            {
                if (parsed.GetValue(file) is null)
                {
                    if (await ObserveAsync(assessing, parsed, terminal, signals.Tokens.Interrupt) is not { } observed)
                    {
                        return ExitCodes.Invalid;
                    }

                    facts = observed;
                }

                facts = interview is null ? facts : await interview.AskAsync(facts, signals.Tokens.Interrupt);
                var advice = adviser.Advise(facts).Without(composition.Mask);
                advice = interview is null ? advice : await interview.CompleteAsync(advice, signals.Tokens.Interrupt);
                advice = AdvisedPlace.Of(advice, place, parsed, composition);
                await terminal.Out.WriteAsync(composition.Mask(parsed.GetRequiredValue(format) switch
                {
                    "json" => AdviceJson.Write(advice),
                    "markdown" => AdviceMarkdown.Write(advice),
                    _ => (asks ? "\n" : "") + AdviceText.Write(advice),
                }));
                await terminal.Out.FlushAsync(CancellationToken.None);
                return runs && prompt is not null
                    ? await new AdvisedRun(composition, place, prompt).RunAsync(parsed, advice, signals)
                    : advice.IsInconclusive ? ExitCodes.Inconclusive : ExitCodes.Succeeded;
            }
            catch (OperationCanceledException) when (signals.Tokens.Interrupt.IsCancellationRequested)
            {
                await terminal.Error.WriteLineAsync("\nstopped: nothing was done");
                return ExitCodes.Of(Conclusion.Cancelled, signals.Signal);
            }
        });
        return command;
    }

    private static void Show(string text, TextWriter questions)
    {
        questions.Write(string.Join('\n', text.Split('\n').Select(line => Printable.Line(line, LongestShown))));
        questions.Flush();
    }

    /// <summary>Of a line; a plan has longer ones.</summary>
    private const int LongestShown = 4096;

    /// <returns>What was seen; null when the command line is wrong, which was printed.</returns>
    private static async Task<Facts?> ObserveAsync(Assessing assessing, ParseResult parsed, Terminal terminal, CancellationToken cancel)
    {
        if (await assessing.AssessAsync(parsed, cancel) is not { } assessment)
        {
            return null;
        }

        if (!assessment.HasSeen)
        {
            await terminal.Error.WriteLineAsync($"nothing could be looked at: {string.Join("; ", assessment.Unseen.Where(u => u.Probe == "containers").Select(u => u.Why).Concat(assessment.Subject.Remarks).Distinct(StringComparer.Ordinal))}");
        }

        return assessment.Facts;
    }

    /// <returns>Null when they could not be read, which was printed.</returns>
    private static Facts? Read(string name, Composition composition)
    {
        var terminal = composition.Terminal;
        var read = name is StandardInput ? Piped(terminal) : composition.Files.Read(Path.GetFullPath(name, composition.CurrentDirectory));
        if (read.Bytes is not { } bytes)
        {
            terminal.Error.WriteLine($"error: --facts {name}: {read.Problem}");
            return null;
        }

        var facts = FactsReader.Read(SourceText.FromBytes(name is StandardInput ? "standard input" : name, bytes));
        terminal.Error.Write(DiagnosticRenderer.Human(facts.Diagnostics, terminal.Colour));
        return facts.Value;
    }

    private const string StandardInput = "-";
    private const int LongestFacts = 16 << 20;

    /// <summary>What is piped into the program, to its end.</summary>
    private static FileRead Piped(Terminal terminal)
    {
        using var input = terminal.In();
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = input.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > LongestFacts)
            {
                return new FileRead(null, $"the standard input has more than {LongestFacts >> 20} MiB");
            }
        }

        return bytes.Length == 0 ? new FileRead(null, "the standard input is empty") : new FileRead(bytes.ToArray(), null);
    }
}
