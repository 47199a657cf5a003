using System.CommandLine;
using Runbooks.Advisor.Changes;
using Runbooks.Builtin.Changes;
using Runbooks.Cli.Views;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Running;
using Runbooks.Host;
using Runbooks.Host.Files;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook changes</c>: what changed between two revisions of a project, by what it means.</summary>
public static class ChangesCommand
{
    private const string Dots = "..";

    public static Command Create(Composition composition, ProjectPlace place)
    {
        var range = new Argument<string>("range") { Description = "GOOD..BAD: two git revisions; BAD is HEAD when it is left out" };
        var format = new Option<string>("--format", "-f") { Description = "text, markdown, or json, which 'runbook advise --facts' takes; facts is json", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown", "json", "facts");
        var command = new Command("changes", "Say what changed between two revisions: application, configuration, feature flags, infrastructure, database. Exit 6 when a part is unknown.") { range, format };
        command.SetAction(async (parsed, _) =>
        {
            var terminal = composition.Terminal;
            if (parsed.GetRequiredValue(range).Split(Dots) is not [{ Length: > 0 } good, var last] || last.StartsWith('.'))
            {
                await terminal.Error.WriteLineAsync("error: the two revisions are written GOOD..BAD, for example v1.4.0..HEAD");
                return ExitCodes.Invalid;
            }

            using var signals = new StopSignals();
            var (scratch, problem) = PrivateFolder.Make("runbook-changes-");
            if (scratch is null)
            {
                await terminal.Error.WriteLineAsync($"error: {problem}");
                return ExitCodes.Inconclusive;
            }

            try
            {
                using (scratch)
                {
                    var observer = new RevisionObserver(composition.Ports(), place.DirectoryOf(parsed, composition), scratch.Path, new KeyedHash([.. composition.Machine.RandomBytes(Sha256.Size)]));
                    return await CompareAsync(observer, good, last.Length > 0 ? last : "HEAD", parsed.GetRequiredValue(format), terminal, signals.Tokens.Interrupt);
                }
            }
            catch (OperationCanceledException) when (signals.Tokens.Interrupt.IsCancellationRequested)
            {
                await terminal.Error.WriteLineAsync("\nstopped: nothing was done");
                return ExitCodes.Of(Conclusion.Cancelled, signals.Signal);
            }
        });
        return command;
    }

    private static async Task<int> CompareAsync(RevisionObserver observer, string good, string bad, string format, Terminal terminal, CancellationToken cancel)
    {
        var (from, noFrom) = await observer.CommitAsync(good, cancel);
        var (to, noTo) = await observer.CommitAsync(bad, cancel);
        if (from is null || to is null)
        {
            await terminal.Error.WriteLineAsync($"error: {(from is null ? noFrom : noTo)}");
            return ExitCodes.Invalid;
        }

        // A project file that came later says what the project was before, too.
        var (now, project, problem) = await observer.ObserveAsync(bad, to, null, cancel);
        var (was, _, noPast) = now is null ? (null, null, "") : await observer.ObserveAsync(good, from, project, cancel);
        if (now is null || was is null)
        {
            await terminal.Error.WriteLineAsync($"error: {(now is null ? problem : noPast)}");
            return ExitCodes.Inconclusive;
        }

        var report = ChangeComparison.Between(was, now);
        await terminal.Out.WriteAsync(format switch
        {
            "json" or "facts" => ChangesJson.Write(report),
            "markdown" => ChangesView.Markdown(report),
            _ => ChangesView.Text(report, terminal.Style),
        });
        return report.Unknown.IsEmpty ? ExitCodes.Succeeded : ExitCodes.Inconclusive;
    }
}
