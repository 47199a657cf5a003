using System.CommandLine;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Engine.Signing;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook exec</c>: runs a playbook, or with <c>--dry-run</c> shows the plan that it would run.</summary>
public static class ExecCommand
{
    /// <summary>A plan of so many steps leaves megabytes of garbage; of fewer, less than collecting it is worth.</summary>
    private const int ManySteps = 200;

    public static Command Create(Composition composition, ProjectPlace place)
    {
        var options = new PlanOptions(place);
        var saved = new SavedPlanOptions(place, options);
        var seal = new SealOptions();
        var preview = new PreviewOptions();
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "show the plan and stop; touches nothing" };
        var reason = new Option<string?>("--reason") { Description = "why, for the record", HelpName = "TEXT" };
        var json = new Option<bool>("--json") { Description = "print the journal's events on standard output, one a line" };
        var steal = new Option<bool>("--steal") { Description = "end the run that holds the lock, as TERM does, wait for its end and take the lock" };
        var consent = new ConsentOptions();
        var command = new Command("exec", "Run a playbook: lock, guards, steps, validations, with a journal of all of it.");
        options.AddTo(command);
        saved.AddTo(command);
        command.Add(dryRun);
        preview.AddTo(command);
        command.Add(reason);
        consent.AddTo(command);
        command.Add(json);
        command.Add(steal);
        seal.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(dryRun))
            {
                var (previewed, wrong) = saved.Make(parsed, composition);
                return previewed is null ? wrong : await preview.ShowAsync(parsed, previewed, composition, null, cancel);
            }

            if (!seal.TryRead(parsed, composition, out var key))
            {
                return ExitCodes.Invalid;
            }

            using var sealing = key;
            // Git is asked who runs it while the plan is made and the guards are asked.
            var ports = composition.Ports();
            var who = Operators.GitIdentityAsync(composition.Machine, ports, place.DirectoryOf(parsed, composition));
            var (planned, exit) = saved.Make(parsed, composition);
            if (planned is null)
            {
                await who;
                return exit;
            }

            var (given, refusal) = consent.Read(parsed, planned.Plan, parsed.GetValue(json), composition);
            if (given is null)
            {
                await who;
                return refusal;
            }

            return await RunAsync(
                new Execution(planned, given, who, parsed.GetValue(reason) ?? "", parsed.GetValue(json), place.StoreOf(parsed, composition, planned.Plan.ProjectDirectory), key) { StealsLock = parsed.GetValue(steal) },
                ports,
                composition);
        });
        return command;
    }

    private static Task<int> RunAsync(Execution execution, EnginePorts ports, Composition composition)
    {
        var (planned, consent, who, reason, json, store, key) = execution;
        if (planned.Plan.Steps.Length >= ManySteps)
        {
            // What reading and planning needed goes before the run adds its own: the peak of a run is that of its planning.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        return Performance.ShowAsync(composition, json, planned.Warnings, stage =>
            new Runner(ports, composition.RunStore(store), Composition.Locks(store), composition.Planner(), stage.Observer, stage.Random).RunAsync(new RunRequest
            {
                Plan = planned.Plan,
                RunId = RunIds.New(composition.Time.GetUtcNow(), composition.Machine),
                Operator = Operators.Of(composition.Machine),
                GitIdentity = who,
                Reason = reason,
                SavedPlan = planned.SavedPlan,
                SealKey = key,
                StealsLock = execution.StealsLock,
                Secrets = planned.Secrets,
                Hidden = composition.Know,
                Prompt = stage.Prompt,
                Approvals = consent.Approvals,
                AsksBeforeSteps = consent.AsksBeforeSteps,
                Stop = stage.Signals.Tokens,
                StopSignal = () => stage.Signals.Signal,
            }));
    }
}

/// <summary>What the command line asked for.</summary>
internal sealed record Execution(Planned Planned, Consent Consent, Task<string> GitIdentity, string Reason, bool Json, string Store, SigningKey? SealKey)
{
    /// <summary>A run that holds the lock is ended.</summary>
    public bool StealsLock { get; init; }
}

/// <summary>Ids of runs: they sort by time, also those that a person or a script starts right after each other, and no two are equal.</summary>
internal static class RunIds
{
    public static string New(DateTimeOffset now, Engine.Ports.IMachine machine) =>
        $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'.'fff'Z'}-{Convert.ToHexStringLower([.. machine.RandomBytes(3)])}";
}
