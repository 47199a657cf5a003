using System.CommandLine;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin;
using Runbooks.Builtin.Projects;
using Runbooks.Builtin.Readiness;
using Runbooks.Builtin.Releases;
using Runbooks.Cli.Views;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Engine.Running;
using Runbooks.Host;
using Runbooks.Language.Fields;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook ready</c>: could this project be rolled back right now?</summary>
public static class ReadyCommand
{
    private const string DefaultDeadline = "30s";
    private const string DefaultAge = "1d";

    public static Command Create(Composition composition, ProjectPlace place)
    {
        var to = new Option<string>("--to") { Description = "the release that would be gone back to: 'previous', or 'current' before a deployment, or an id", HelpName = "RELEASE", DefaultValueFactory = _ => ReleaseHistory.PreviousWord };
        var deadline = new Option<string>("--deadline") { Description = $"what is not answered by then is unknown (default: {DefaultDeadline})", HelpName = "TIME", DefaultValueFactory = _ => DefaultDeadline };
        var age = new Option<string>("--backup-age") { Description = $"a backup of the data that is older is none (default: {DefaultAge})", HelpName = "TIME", DefaultValueFactory = _ => DefaultAge };
        var fix = new Option<bool>("--fix") { Description = "print a patch of what can be mended in files, for 'git apply' in the project's folder; changes nothing itself" };
        var format = new Option<string>("--format", "-f") { Description = "text, markdown, json or junit", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "markdown", "json", "junit");
        var command = new Command("ready", "Say whether the project could be rolled back right now, item by item, with the fix for each. Changes nothing. Exit 0: ready; 1: not ready; 6: unknown.") { to, age, deadline, fix, format };
        command.SetAction(async (parsed, _) =>
        {
            var terminal = composition.Terminal;
            if (Time(parsed, deadline, terminal) is not { } patience || Time(parsed, age, terminal) is not { } oldest)
            {
                return ExitCodes.Invalid;
            }

            var directory = place.DirectoryOf(parsed, composition);
            if (Inputs(composition, directory, place.StoreOf(parsed, composition)) is not { } inputs)
            {
                return ExitCodes.Invalid;
            }

            using var signals = new StopSignals();
            try
            {
                var report = await ReadyAsker.AskAsync(BuiltinReadiness.All, inputs with { Target = parsed.GetRequiredValue(to), OldestBackup = oldest }, patience, signals.Tokens.Interrupt);
                if (parsed.GetValue(fix))
                {
                    await PatchAsync(report, composition);
                }
                else
                {
                    await terminal.Out.WriteAsync(composition.Mask(Shown(report, parsed.GetRequiredValue(format), terminal)));
                }

                return report.Verdict switch
                {
                    VerdictKind.Holds => ExitCodes.Succeeded,
                    VerdictKind.DoesNotHold => ExitCodes.Failed,
                    _ => ExitCodes.Inconclusive,
                };
            }
            catch (OperationCanceledException) when (signals.Tokens.Interrupt.IsCancellationRequested)
            {
                await terminal.Error.WriteLineAsync("\nstopped: not everything was looked at");
                return ExitCodes.Of(Conclusion.Cancelled, signals.Signal);
            }
        });
        return command;
    }

    /// <returns>Null when it is none, which was printed.</returns>
    private static TimeSpan? Time(ParseResult parsed, Option<string> option, Terminal terminal)
    {
        if (Durations.Parse(parsed.GetRequiredValue(option)) is { Ticks: > 0 } time)
        {
            return time;
        }

        terminal.Error.WriteLine($"error: {option.Name} '{parsed.GetValue(option)}' is no time above zero: write 30s, 2m or 1d");
        return null;
    }

    /// <returns>Null when there is nothing to ask about, or the project file is wrong: that was printed.</returns>
    private static ReadyInputs? Inputs(Composition composition, string directory, string store)
    {
        var isGuessed = ProjectFiles.Find(directory, composition) is null;
        if ((isGuessed ? Guess(composition, directory) : ProjectFiles.Read(directory, composition)) is not { } project)
        {
            return null;
        }

        var (playbook, problems) = ProjectPlaybook.Make(project, directory, TimeSpan.FromMinutes(1), composition.Planner(), composition.Machine.Environment, Composition.EngineVersion);
        composition.Know(playbook?.Secrets ?? []);
        return new ReadyInputs
        {
            Ports = composition.Ports(),
            Directory = directory,
            Store = store,
            Runs = composition.RunStore(store),
            Project = project,
            IsGuessed = isGuessed,
            Playbook = playbook,
            PlaybookProblem = string.Join("; ", problems),
        };
    }

    private static ProjectFile? Guess(Composition composition, string directory)
    {
        var (guessed, problem) = ProjectGuess.In(directory, composition.Files);
        if (guessed is null)
        {
            composition.Terminal.Error.WriteLine($"error: there is no {ProjectFile.Names[0]} in {directory}, and none can be guessed: {problem}");
            return null;
        }

        return ProjectReader.Read(new SourceText(ProjectFile.Names[0], guessed.Text)).Value;
    }

    /// <summary>The patch is the answer; what it cannot mend is for people.</summary>
    private static async Task PatchAsync(ReadyReport report, Composition composition)
    {
        var terminal = composition.Terminal;
        var (patch, problems) = ReadyPatches.Of(report, composition.Files);
        await terminal.Error.WriteAsync(composition.Mask(ReadyView.Text(report, terminal.Style)));
        foreach (var problem in problems)
        {
            await terminal.Error.WriteLineAsync($"not in the patch: {problem}");
        }

        await terminal.Error.WriteLineAsync(patch.Length == 0 ? "nothing here is mended by a patch" : $"the patch is for 'git apply' in {report.Folder}; nothing was changed");
        await terminal.Out.WriteAsync(patch);
    }

    private static string Shown(ReadyReport report, string format, Terminal terminal) => format switch
    {
        "json" => ReadyJson.Write(report),
        "markdown" => ReadyView.Markdown(report),
        "junit" => ReadyView.JUnit(report),
        _ => ReadyView.Text(report, terminal.Style),
    };
}
