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
        var range = new Argument<string>("range") { Description = "GOOD..BAD: two git revisions, BAD is HEAD when it is left out; or two recorded releases, by their ids" };
        var format = new Option<string>("--format", "-f") { Description = "text, markdown, or json, which 'runbook advise --facts' takes; facts is json", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown", "json", "facts");
        var command = new Command("changes", "Say what changed between two revisions, or two recorded releases: application, configuration, feature flags, infrastructure, database. Exit 6 when a part is unknown.") { range, format };
        command.SetAction(async (parsed, _) =>
        {
            var terminal = composition.Terminal;
            if (parsed.GetRequiredValue(range).Split(Dots) is not [{ Length: > 0 } good, var last] || last.StartsWith('.'))
            {
                await terminal.Error.WriteLineAsync("error: the two revisions are written GOOD..BAD, for example v1.4.0..HEAD");
                return ExitCodes.Invalid;
            }

            using var signals = new StopSignals();
            var work = ReleaseCommand.WorkOf(parsed, composition, place);
            if (IsRelease(good) || IsRelease(last))
            {
                return await CompareAsync(work, good, last, place.StoreOf(parsed, composition), parsed.GetRequiredValue(format), composition, signals.Tokens.Interrupt);
            }

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

        return await ShowAsync(ChangeComparison.Between(was, now), format, terminal);
    }

    /// <summary>Ids of releases begin with a time, as no branch and no tag does.</summary>
    private static bool IsRelease(string word) => word.Length > 8 && word[..8].All(char.IsAsciiDigit) && word[8] == 'T';

    private static async Task<int> CompareAsync(ReleaseWork work, string good, string bad, string store, string format, Composition composition, CancellationToken cancel)
    {
        if (work.Read() is not { } read)
        {
            return ExitCodes.Inconclusive;
        }

        var (from, noFrom) = read.History.Find(good);
        var (to, noTo) = read.History.Find(bad);
        if (work.SayBreak(read.Content) || from is null || to is null)
        {
            await composition.Terminal.Error.WriteLineAsync($"error: {(read.Content.IsAltered ? "the journal of releases was altered" : from is null ? noFrom : noTo)}; the two ends are two recorded releases or two git revisions, and not one of each");
            return ExitCodes.Invalid;
        }

        var project = ProjectFiles.Find(work.Directory, composition) is null ? null : ProjectFiles.Read(work.Directory, composition);
        var revisions = new ReleaseRevisions(composition.Files, work.Directory, store, project);
        return await ShowAsync(ChangeComparison.Between(revisions.StateOf(from.Release, cancel), revisions.StateOf(to.Release, cancel)), format, composition.Terminal);
    }

    private static async Task<int> ShowAsync(ChangeReport report, string format, Terminal terminal)
    {
        await terminal.Out.WriteAsync(format switch
        {
            "json" or "facts" => ChangesJson.Write(report),
            "markdown" => ChangesView.Markdown(report),
            _ => ChangesView.Text(report, terminal.Style),
        });
        return report.Unknown.IsEmpty ? ExitCodes.Succeeded : ExitCodes.Inconclusive;
    }
}
