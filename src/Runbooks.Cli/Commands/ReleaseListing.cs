using System.CommandLine;
using Runbooks.Cli.Views;
using Runbooks.Engine.Releases;
using Runbooks.Engine.Running;
using Runbooks.Host;

namespace Runbooks.Cli.Commands;

/// <summary>The verbs of <c>runbook release</c> that only look. They need no engine: what it would have said is unknown then.</summary>
internal static class ReleaseListing
{
    public static Command List(Composition composition, ProjectPlace place)
    {
        var json = ReleaseCommand.Json();
        var command = new Command("list", "List the releases, newest first, and the one to go back to. Exit 1 when the record was altered.") { json };
        command.SetAction(async (parsed, _) =>
        {
            var work = ReleaseCommand.WorkOf(parsed, composition, place);
            if (work.Read() is not { } read)
            {
                return ExitCodes.Inconclusive;
            }

            using var signals = new StopSignals();
            var isAltered = work.SayBreak(read.Content);
            var anchors = await work.AnchorsAsync(read.History.Releases, signals.Tokens.Interrupt);
            var (history, why) = await work.LookedAtAsync(read.History, signals.Tokens.Interrupt);
            await composition.Terminal.Out.WriteAsync(parsed.GetValue(json) ? ReleaseJsonView.List(history, anchors) : ReleaseText.List(history, why, anchors, composition.Terminal.Style));
            return isAltered ? ExitCodes.Failed : ExitCodes.Succeeded;
        });
        return command;
    }

    public static Command Show(Composition composition, ProjectPlace place)
    {
        var id = new Argument<string>("release") { Description = "id of the release, or its beginning; 'current' or 'previous'", DefaultValueFactory = _ => ReleaseHistory.CurrentWord };
        var json = ReleaseCommand.Json();
        var command = new Command("show", "Show one release: what was deployed, and what became of it.") { id, json };
        command.SetAction(async (parsed, _) =>
        {
            var work = ReleaseCommand.WorkOf(parsed, composition, place);
            if (work.Read() is not { } read)
            {
                return ExitCodes.Inconclusive;
            }

            using var signals = new StopSignals();
            var isAltered = work.SayBreak(read.Content);
            var (history, _) = await work.LookedAtAsync(read.History, signals.Tokens.Interrupt);
            var (found, problem) = history.Find(parsed.GetRequiredValue(id));
            if (found is null)
            {
                await composition.Terminal.Error.WriteLineAsync($"error: {problem}");
                return ExitCodes.Invalid;
            }

            var anchors = await work.AnchorsAsync([found], signals.Tokens.Interrupt);
            await composition.Terminal.Out.WriteAsync(parsed.GetValue(json) ? ReleaseJsonView.Show(found, anchors) : ReleaseText.Show(found, read.History.Before(found), anchors, composition.Terminal.Style));
            return isAltered ? ExitCodes.Failed : ExitCodes.Succeeded;
        });
        return command;
    }

    public static Command Diff(Composition composition, ProjectPlace place)
    {
        var (from, to) = (Release("from", ReleaseHistory.PreviousWord), Release("to", ReleaseHistory.CurrentWord));
        var json = ReleaseCommand.Json();
        var command = new Command("diff", "Show in what two releases differ; values of variables are not shown. Without names: the previous one and the current one.") { from, to, json };
        command.SetAction(async (parsed, _) =>
        {
            var work = ReleaseCommand.WorkOf(parsed, composition, place);
            if (work.Read() is not { } read)
            {
                return ExitCodes.Inconclusive;
            }

            var isAltered = work.SayBreak(read.Content);
            // Compared is what is on record: the current release is the one that was recorded last, deployed or not.
            var (a, noA) = read.History.Find(parsed.GetRequiredValue(from));
            var (b, noB) = read.History.Find(parsed.GetRequiredValue(to));
            if (a is null || b is null)
            {
                await composition.Terminal.Error.WriteLineAsync($"error: {(a is null ? noA : noB)}");
                return ExitCodes.Invalid;
            }

            var differences = ReleaseDiff.Of(a.Release, b.Release).AddRange(ReleaseDiff.OfSources(a.Release, b.Release));
            await composition.Terminal.Out.WriteAsync(parsed.GetValue(json) ? ReleaseJsonView.Diff(a, b, differences) : ReleaseText.Diff(a, b, differences));
            return isAltered ? ExitCodes.Failed : ExitCodes.Succeeded;
        });
        return command;

        static Argument<string> Release(string name, string otherwise) => new(name) { Description = "id of a release, or its beginning; 'current' or 'previous'", DefaultValueFactory = _ => otherwise };
    }
}
