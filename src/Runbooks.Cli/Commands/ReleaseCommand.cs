using System.CommandLine;
using Runbooks.Cli.Views;
using Runbooks.Engine.Releases;
using Runbooks.Engine.Running;
using Runbooks.Host;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook release</c>: what is deployed, on record; and which of it was good.</summary>
public static class ReleaseCommand
{
    public static Command Create(Composition composition, ProjectPlace place) => new("release", "Record what is deployed, verify it, and find the way back to what was good.")
    {
        Record(composition, place),
        VerifyReleaseCommand.Create(composition, place),
        Bad(composition, place),
        ReleaseListing.List(composition, place),
        ReleaseListing.Show(composition, place),
        ReleaseListing.Diff(composition, place),
    };

    internal static ReleaseWork WorkOf(ParseResult parsed, Composition composition, ProjectPlace place) =>
        new(composition, place.DirectoryOf(parsed, composition), place.StoreOf(parsed, composition));

    internal static Option<bool> Json() => new("--json") { Description = "one JSON object, for programs" };

    private static Command Record(Composition composition, ProjectPlace place)
    {
        var reason = new Option<string>("--reason") { Description = "why it was deployed", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var json = Json();
        var command = new Command("record", "Put what is deployed on record, after a deployment. It is a candidate until it is verified.") { reason, json };
        command.SetAction(async (parsed, _) =>
        {
            var work = WorkOf(parsed, composition, place);
            if (ProjectFiles.Read(work.Directory, composition) is not { } project || work.Playbook(project, work.Now) is not { } playbook)
            {
                return ExitCodes.Invalid;
            }

            var (terminal, id) = (composition.Terminal, RunIds.New(work.Now, composition.Machine));
            using var signals = new StopSignals();
            var (key, noKey) = work.Store.Key();
            if (key is null)
            {
                await terminal.Error.WriteLineAsync($"error: {noKey}; nothing was recorded");
                return ExitCodes.TrailUnwritable;
            }

            if (await work.ObserveAsync(project, playbook, key, id, signals.Tokens.Interrupt) is not { } observed)
            {
                return ExitCodes.Inconclusive;
            }

            var refused = observed.Kept.Select(kept => work.Store.Keep(kept.Value, kept.Key)).FirstOrDefault(problem => problem is not null)
                ?? work.Store.Append(new ReleaseRecorded { Release = id, By = await work.AuthorAsync(), Reason = composition.Mask(parsed.GetRequiredValue(reason)), State = observed.Release }, work.Now);
            if (refused is not null)
            {
                await terminal.Error.WriteLineAsync($"error: {refused}; nothing was recorded");
                return ExitCodes.TrailUnwritable;
            }

            if (work.Read() is not { } now || now.History.Current is not { } recorded)
            {
                return ExitCodes.TrailUnwritable;
            }

            var previous = now.History.Before(recorded);
            var anchors = await work.AnchorsAsync(previous.Previous is { } good ? [good] : [], signals.Tokens.Interrupt);
            await terminal.Out.WriteAsync(parsed.GetValue(json) ? ReleaseJsonView.Recorded(recorded, previous) : ReleaseText.Recorded(recorded, previous, anchors, terminal.Style));
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Bad(Composition composition, ProjectPlace place)
    {
        var id = new Argument<string>("release") { Description = "id of the release, or its beginning; 'current' is the last one" };
        var reason = new Option<string>("--reason") { Description = "what is wrong with it", HelpName = "TEXT", Required = true };
        var command = new Command("bad", "Say that a release is bad: it is never gone back to.") { id, reason };
        command.SetAction(async (parsed, _) =>
        {
            var work = WorkOf(parsed, composition, place);
            var terminal = composition.Terminal;
            if (work.Read() is not { } read)
            {
                return ExitCodes.Inconclusive;
            }

            var (found, problem) = read.History.Find(parsed.GetRequiredValue(id));
            if (found is null || string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
            {
                await terminal.Error.WriteLineAsync($"error: {(found is null ? problem : "say with --reason what is wrong with it")}");
                return ExitCodes.Invalid;
            }

            if (work.Store.Append(new ReleaseCondemned { Release = found.Release.Id, By = await work.AuthorAsync(), Reason = parsed.GetRequiredValue(reason) }, work.Now) is { } refused)
            {
                await terminal.Error.WriteLineAsync($"error: {refused}; nothing was recorded");
                return ExitCodes.TrailUnwritable;
            }

            await terminal.Out.WriteLineAsync($"release {found.Release.Id} is bad: {parsed.GetValue(reason)}");
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
