using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Builtin;
using Runbooks.Builtin.Projects;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Resuming;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook resume</c>: goes on with a run that was interrupted.</summary>
public static class ResumeCommand
{
    public static Command Create(Composition composition, ProjectPlace place)
    {
        var id = RunChoice.Argument();
        var secrets = new SecretOptions();
        var approvals = new ApprovalOptions();
        var seal = new SealOptions();
        var settle = new Option<string[]>("--settle") { Description = "what became of a step in doubt, when you have looked", HelpName = "STEP=done|again", Arity = ArgumentArity.OneOrMore };
        var accept = new Option<bool>("--accept-changes") { Description = "go on although the playbook, what the rest of the plan would do, or a guard is not what it was" };
        var reason = new Option<string?>("--reason") { Description = "why, for the record", HelpName = "TEXT" };
        var json = new Option<bool>("--json") { Description = "print the journal's events on standard output, one a line" };
        var command = new Command("resume", "Go on with a run that was interrupted: settle what is in doubt, then do the rest.") { id, settle, accept, reason, json };
        secrets.AddTo(command);
        approvals.AddTo(command);
        seal.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var error = composition.Terminal.Error;
            var store = composition.RunStore(place.StoreOf(parsed, composition));
            if (RunChoice.Find(parsed.GetValue(id), store, composition.Terminal) is not { } found)
            {
                return ExitCodes.Invalid;
            }

            var (past, problem) = PastRun.Load(store, found);
            if (past is null)
            {
                await error.WriteLineAsync($"error: run {found} cannot be resumed: {problem}");
                return ExitCodes.Refused;
            }

            if (past.State.Started?.ByHand == true)
            {
                await error.WriteLineAsync($"error: run {found} was done by hand: nothing goes on with it by itself. 'runbook abort {found}' seals it, 'runbook guide' begins anew");
                return ExitCodes.Refused;
            }

            if (past.State.IsSealed)
            {
                await error.WriteLineAsync($"error: run {found} is over ({Views.RunSummary.Word(past.State.Ended?.Conclusion ?? default)}): there is nothing to resume. 'runbook undo {found}' takes back what it changed");
                return ExitCodes.Refused;
            }

            if (Settlements(parsed.GetValue(settle) ?? [], past, error) is not { } said)
            {
                return ExitCodes.Invalid;
            }

            var changed = Changed(past, composition);
            var present = parsed.GetValue(accept) && changed.Count > 0 ? Present(past, composition) : null;
            if (secrets.Plan(parsed, past, present, past.Settled, composition) is not { } planned)
            {
                return ExitCodes.Invalid;
            }

            if (approvals.Read(parsed, planned.Plan, composition) is not { } approved)
            {
                return ExitCodes.Invalid;
            }

            var differences = past.DifferencesTo(planned.Plan, past.IsOf(planned.Plan)).ToList();
            if (present is null)
            {
                differences.InsertRange(0, changed.Select(path => $"the playbook {path} is not the one that was run"));
            }

            if (differences.Count > 0)
            {
                await error.WriteLineAsync($"{(parsed.GetValue(accept) ? "accepted" : "changed")} since run {found} was begun:\n{string.Join('\n', differences.Select(d => $"  {d}"))}");
                var ids = planned.Plan.Steps.Select(s => s.Id);
                if (!parsed.GetValue(accept) || !ids.SequenceEqual(past.State.Steps.Select(s => s.Head.Id), StringComparer.Ordinal))
                {
                    await error.WriteLineAsync(parsed.GetValue(accept)
                        ? "error: a run goes on with the steps that it began with, and the playbook has others now; nothing was done"
                        : "error: the run is not resumed, nothing was done; --accept-changes goes on with what is now");
                    return ExitCodes.Refused;
                }
            }

            if (!seal.TryRead(parsed, composition, out var key))
            {
                return ExitCodes.Invalid;
            }

            using var sealing = key;
            var ports = composition.Ports();
            var who = Operators.GitIdentityAsync(composition.Machine, ports, planned.Plan.ProjectDirectory);
            return await Performance.ShowAsync(composition, parsed.GetValue(json), planned.Warnings, stage =>
                new Resumer(ports, store, Composition.Locks(place.StoreOf(parsed, composition)), composition.Planner(), stage.Observer, stage.Random).ResumeAsync(
                    new RunRequest
                    {
                        Plan = planned.Plan,
                        RunId = found,
                        Operator = Operators.Of(composition.Machine),
                        GitIdentity = who,
                        Reason = parsed.GetValue(reason) ?? "",
                        Secrets = planned.Secrets,
                        Hidden = composition.Know,
                        Prompt = stage.Prompt,
                        Approvals = approved,
                        SealKey = key,
                        AcceptsChanges = parsed.GetValue(accept),
                        Stop = stage.Signals.Tokens,
                        StopSignal = () => stage.Signals.Signal,
                    },
                    past,
                    said), past.State);
        });
        return command;
    }

    private static ImmutableDictionary<string, string>? Settlements(string[] given, PastRun past, TextWriter error)
    {
        var said = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.LastIndexOf('=');
            var (step, word) = at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
            if (word is not ("done" or "again"))
            {
                error.WriteLine($"error: --settle {text}: write STEP=done or STEP=again");
                return null;
            }

            if (past.State.Steps.All(s => s.Head.Id != step))
            {
                error.WriteLine($"error: --settle {text}: the run has no step '{step}'; it has: {string.Join(", ", past.State.Steps.Select(s => s.Head.Id))}");
                return null;
            }

            said[step] = word;
        }

        return said.ToImmutable();
    }

    /// <summary>The playbook as it is now; the one that was run when it is gone.</summary>
    private static SourceText Present(PastRun past, Composition composition) =>
        composition.Files.Read(Path.GetFullPath(past.Playbook.Path, composition.CurrentDirectory)).Bytes is { } bytes ? SourceText.FromBytes(past.Playbook.Path, bytes) : past.Playbook;

    /// <summary>The paths of the playbooks that are there and are others than were run.</summary>
    private static List<string> Changed(PastRun past, Composition composition) =>
    [
        .. past.Parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value).Prepend(past.Playbook)
            .Where(was => composition.Files.Read(Path.GetFullPath(was.Path, composition.CurrentDirectory)).Bytes is { } bytes && Engine.Hashing.Sha256.Hex(bytes) != Planner.Sha256Of(was))
            .Select(was => was.Path)
            .Distinct(StringComparer.Ordinal),
    ];
}

/// <summary>Where the secrets of a run come from a second time: they are on no record.</summary>
internal sealed class SecretOptions
{
    private readonly Option<string?> _varsFile = new("--vars-file") { Description = "YAML or JSON file with the values of the secrets, which are on no record", HelpName = "FILE" };

    public void AddTo(Command command) => command.Add(_varsFile);

    /// <param name="present">The playbook as it is now, when that counts; null for the playbooks that were run.</param>
    /// <param name="outputs">Where the outputs of its steps are read, when the plan is to know them.</param>
    /// <summary>The plan of a run once more, from what is on record; what is wrong was printed when there is none.</summary>
    public Planned? Plan(ParseResult parsed, PastRun past, SourceText? present, ImmutableHashSet<string> settled, Composition composition, IRunStore? outputs = null)
    {
        var project = past.State.Started?.Project ?? "";
        OpenPlaybook open = present is null ? past.Open : new PartFiles(composition.Files, project, present, Path.GetFullPath(present.Path, composition.CurrentDirectory)).Open;
        var read = PlaybookReader.Read(present ?? past.Playbook, BuiltinKinds.Catalogue, open);
        if (read.Value is not { } playbook || read.HasErrors)
        {
            return Invalid(read.Diagnostics, composition);
        }

        if (!PlanOptions.TryReadVarsFile(parsed.GetValue(_varsFile), composition, out var file))
        {
            return null;
        }

        var bindings = VarBinder.Bind(playbook, new VarInputs { File = file, Recorded = past.Vars, Environment = composition.Machine.Environment });
        if (bindings.Value is not { } vars || bindings.HasErrors)
        {
            return Invalid(bindings.Diagnostics, composition);
        }

        composition.Know(vars.Secrets);
        var plan = composition.Planner().Make(new PlanRequest
        {
            Playbook = playbook,
            Vars = [.. vars.Items.Select(PlannedVar.Of)],
            Scope = outputs is null ? vars.ToScope() : past.WithOutputs("", vars.ToScope(), outputs),
            Parts = new PartInputs
            {
                Recorded = past.Vars,
                Environment = composition.Machine.Environment,
                Outputs = (part, scope) => outputs is null ? scope : past.WithOutputs(part, scope, outputs),
            },
            ForUndo = outputs is not null,
            ProjectDirectory = project,
            EngineVersion = Composition.EngineVersion,
            Settled = settled,
        });
        composition.Know(plan.Value?.Secrets ?? []);
        return plan.Value is null ? Invalid(plan.Diagnostics, composition) : new Planned(plan.Value, [], vars.Secrets);
    }

    private static Planned? Invalid(IEnumerable<Diagnostic> diagnostics, Composition composition)
    {
        composition.Terminal.Error.Write(DiagnosticRenderer.Human(diagnostics, composition.Terminal.Colour));
        return null;
    }
}
