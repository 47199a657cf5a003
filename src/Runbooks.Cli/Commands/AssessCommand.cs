using System.CommandLine;
using Runbooks.Advisor.Assessing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Running;
using Runbooks.Host;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook assess</c>: what failed, and what changed, with evidence. Changes nothing.</summary>
public static class AssessCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var assessing = new Assessing(composition, place);
        var format = new Option<string>("--format", "-f") { Description = "text, markdown, or json, which 'runbook advise --facts' takes", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown", "json");
        var command = new Command("assess", "Look at what is deployed, read-only: what is ill, since when, what changed since the last good release. What cannot be found out is unknown. Exit 6 when nothing could be looked at.") { format, assessing.Deadline };
        command.SetAction(async (parsed, _) =>
        {
            var terminal = composition.Terminal;
            using var signals = new StopSignals();
            try
            {
                if (await assessing.AssessAsync(parsed, signals.Tokens.Interrupt) is not { } assessment)
                {
                    return ExitCodes.Invalid;
                }

                await terminal.Out.WriteAsync(composition.Mask(parsed.GetRequiredValue(format) switch
                {
                    "json" => AssessmentJson.Write(assessment),
                    "markdown" => AssessmentMarkdown.Write(assessment),
                    _ => AssessmentText.Write(assessment),
                }));
                return Assessing.ExitCodeOf(assessment);
            }
            catch (OperationCanceledException) when (signals.Tokens.Interrupt.IsCancellationRequested)
            {
                await terminal.Error.WriteLineAsync("\nstopped: nothing was done");
                return ExitCodes.Of(Conclusion.Cancelled, signals.Signal);
            }
        });
        return command;
    }
}
