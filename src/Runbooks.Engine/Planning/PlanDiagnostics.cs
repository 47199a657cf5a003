using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Engine.Planning;

/// <summary>What can be wrong once the values are known.</summary>
public static class PlanDiagnostics
{
    public static readonly Descriptor EnvironmentName = new("RB3005", "environment-name", "an environment name is not valid", Severity.Error,
        "The name of an environment variable is not empty and holds neither '=' nor a NUL.");

    public static readonly Descriptor NulCharacter = new("RB3006", "nul-character", "a value holds a NUL character", Severity.Error,
        "The operating system ends words and environment values at a NUL: the program would receive something else than the plan shows.");

    public static readonly Descriptor EmptyForEach = new("RB3007", "empty-for-each", "a step repeats over nothing", Severity.Error,
        "The list of 'for_each' is empty, so the step would not run at all. Give the list, or guard the step with 'when'.");

    public static readonly Descriptor CheckWaitsForever = new("RB3008", "check-window", "a check's times contradict each other", Severity.Error,
        "'every' must be shorter than 'within' and 'for', or the check is asked only once.");

    public static readonly Descriptor SkippedBackup = new("RB3009", "skipped-backup", "a required backup is not made", Severity.Error,
        "The condition of the step that makes the backup is false with these values, and that of the step which requires it is not: the run would stop before that step.");

    public static readonly Descriptor NoGate = new("RB3010", "no-gate", "a step that needs an approval comes without one", Severity.Error,
        "A restore over something that is in use destroys what was written since the backup. A person decides that, when it happens: with an 'approve' step before it.");

    public static readonly Descriptor SecretBecomesOpen = new("RB3011", "secret-becomes-open", "a secret is given to a variable that is none", Severity.Error,
        "In the playbook that gets it, it would be shown and recorded like any other value: declare the variable there with 'secret: true'.");

    public static readonly Descriptor UndecidedPart = new("RB3012", "undecided-part", "whether something is part of the plan depends on the output of a step", Severity.Error,
        "What a plan consists of is known before it is begun: 'when' of a 'playbook' or 'parallel' step and of a check may use variables, not outputs. Give the condition to the steps in it.");

    public static readonly Descriptor SameFile = new("RB3013", "same-file-side-by-side", "two steps that are run side by side change the same file", Severity.Error,
        "Each is planned on what the file holds before it is changed: which of the two comes first is not known, and what the other wrote would be lost. Put one after the other.");

    public static readonly Descriptor GateBesideSteps = new("RB3014", "gate-beside-steps", "a gate is asked while other steps run", Severity.Error,
        "A person who is asked whether the run may go on must not be asked while it goes on. Put the gate before the steps, or after them.");

    public static readonly ImmutableArray<Descriptor> All = [EnvironmentName, NulCharacter, EmptyForEach, CheckWaitsForever, SkippedBackup, NoGate, SecretBecomesOpen, UndecidedPart, SameFile, GateBesideSteps];
}
