using System.Collections.Immutable;
using Runbooks.Language.Fields;

namespace Runbooks.Language.Playbooks;

/// <summary>The fields of the language that belong to no kind: of the playbook, of a step, of a check, of a variable.</summary>
public static class StepFields
{
    public const string Id = "id";
    public const string Name = "name";
    public const string Why = "why";
    public const string When = "when";
    public const string ForEach = "for_each";
    public const string Env = "env";
    public const string Cwd = "cwd";
    public const string Timeout = "timeout";
    public const string Retry = "retry";
    public const string Validate = "validate";
    public const string OnFailure = "on_failure";
    public const string Capture = "capture";
    public const string Effect = "effect";
    public const string Undo = "undo";
    public const string OnResume = "on_resume";
    public const string RequiresBackup = "requires_backup";
    public const string Acknowledge = "acknowledge";

    /// <summary>What a step without a timeout gets.</summary>
    public const string DefaultTimeout = "10m";

    public static readonly FieldSet Retrying = new("'retry'",
    [
        new Field("attempts", FieldShape.Integer, "how often the step is tried in all") { Minimum = 1, Maximum = 100, Default = "3" },
        new Field("delay", FieldShape.Duration, "wait before the second attempt") { Default = "1s", Maximum = 3_600_000 },
        new Field("backoff", FieldShape.Choice, "how the wait grows from attempt to attempt") { Choices = ["fixed", "linear", "exponential"], Default = "fixed" },
        new Field("max_delay", FieldShape.Duration, "the wait never grows beyond this") { Default = "1m" },
        new Field("jitter", FieldShape.Boolean, "vary each wait at random between half of it and all of it") { Default = "false" },
        new Field("until", FieldShape.Checks, "checks that must hold for an attempt to count as done"),
    ])
    { Shorthand = "attempts" };

    private static readonly ImmutableArray<Field> Shared =
    [
        new Field(Env, FieldShape.TextMap, "added to the environment of the program"),
        new Field(Cwd, FieldShape.Path, "folder the program starts in") { Otherwise = "the project directory" },
        new Field(Timeout, FieldShape.Duration, "the step is ended after this") { Default = DefaultTimeout, Minimum = 1 },
        new Field(Retry, FieldShape.Object, "try again after a failure") { Fields = Retrying },
    ];

    public static readonly FieldSet Defaults = new("'defaults'", Shared);

    public static readonly FieldSet Step = new("the step",
    [
        new Field(Id, FieldShape.Name, "its name in the plan, the journal and expressions") { AllowsTemplates = false, Otherwise = "step_N, by its position" },
        new Field(Name, FieldShape.Text, "one line for people"),
        new Field(Why, FieldShape.Text, "why the step exists; guides and reports print it"),
        new Field(When, FieldShape.Condition, "the step runs only when this is true"),
        new Field(ForEach, FieldShape.TextList, "repeats the step with 'item' set to each of these") { IsShown = true },
        .. Shared,
        new Field(Validate, FieldShape.Checks, "checks that must hold after the step"),
        new Field(OnFailure, FieldShape.Choice, "what happens when the step fails") { Choices = ["stop", "undo"], Otherwise = "what the playbook says", AllowsTemplates = false },
        new Field(Capture, FieldShape.Boolean, "make steps.<id>.stdout, .json and .exit_code available to later steps") { Default = "false", AllowsTemplates = false },
        new Field(Effect, FieldShape.Choice, "what the program does to the world") { Choices = ["read", "change", "destroy"], Default = "change", AllowsTemplates = false },
        new Field(RequiresBackup, FieldShape.TextList, "the earlier steps whose backups must be there, whole, before this step begins") { AllowsTemplates = false },
        new Field(Acknowledge, FieldShape.Text, "why the step may destroy without a backup; it goes on record") { AllowsTemplates = false, NotEmpty = true },
        new Field(OnResume, FieldShape.Choice, "what becomes of the step when a run was interrupted in it") { Choices = ["rerun", "verify", "ask"], Otherwise = "rerun if it only reads or can be repeated, verify if it has validations, else ask", AllowsTemplates = false },
        new Field(Undo, FieldShape.Action, "the step that takes this one back"),
    ]);

    public static readonly FieldSet Check = new("the check",
    [
        new Field(Name, FieldShape.Text, "one line for people"),
        new Field(When, FieldShape.Condition, "the check is asked only when this is true; of variables only"),
        new Field("within", FieldShape.Duration, "keep asking this long for the check to hold") { Default = "0s" },
        new Field("every", FieldShape.Duration, "time between two questions") { Default = "1s", Minimum = 10 },
        new Field("for", FieldShape.Duration, "once it holds, it must keep holding this long") { Default = "0s" },
    ]);

    public static readonly FieldSet Variable = new("the variable",
    [
        new Field("type", FieldShape.Choice, "what it holds") { Choices = ["string", "integer", "number", "boolean", "path", "duration", "list"], Default = "string", AllowsTemplates = false },
        new Field("required", FieldShape.Boolean, "a value must be given") { Default = "false", AllowsTemplates = false },
        new Field("default", FieldShape.Any, "the value when none is given") { AllowsTemplates = false },
        new Field("description", FieldShape.Text, "one line for the person who gives the value") { AllowsTemplates = false },
        new Field("pattern", FieldShape.Pattern, "a regular expression that the value must match") { AllowsTemplates = false },
        new Field("enum", FieldShape.TextList, "the only values allowed") { AllowsTemplates = false },
        new Field("min", FieldShape.Number, "smallest number, or shortest duration in seconds") { AllowsTemplates = false },
        new Field("max", FieldShape.Number, "largest number, or longest duration in seconds") { AllowsTemplates = false },
        new Field("from_env", FieldShape.Text, "environment variable that gives the value when none is given") { AllowsTemplates = false, NotEmpty = true },
        new Field("secret", FieldShape.Boolean, "the value is never shown and never written") { Default = "false", AllowsTemplates = false },
    ]);

    public static readonly FieldSet Playbook = new("the playbook",
    [
        new Field("runbook", FieldShape.Choice, "version of the language") { Required = true, Choices = ["v1"], AllowsTemplates = false },
        new Field(Name, FieldShape.Text, "what it is called") { Required = true, AllowsTemplates = false, NotEmpty = true },
        new Field("version", FieldShape.Text, "the playbook's own version") { AllowsTemplates = false },
        new Field("description", FieldShape.Text, "what it does, for people") { AllowsTemplates = false },
        new Field("strategy", FieldShape.Choice, "which way back it is") { Choices = ["application", "configuration", "infrastructure", "database", "sequential"], AllowsTemplates = false },
        new Field("risk", FieldShape.Choice, "how dangerous it is") { Choices = ["low", "medium", "high"], AllowsTemplates = false },
        new Field("downtime", FieldShape.Duration, "how long the service is expected to be away") { AllowsTemplates = false },
        new Field("vars", FieldShape.ObjectMap, "the values it is run with") { Fields = Variable },
        new Field("lock", FieldShape.Text, "one run at a time may hold it") { Otherwise = "the playbook's name", NotEmpty = true, IsShown = true },
        new Field("guards", FieldShape.Checks, "checks that must hold before the first step"),
        new Field("defaults", FieldShape.Object, "what all steps share") { Fields = Defaults },
        new Field("steps", FieldShape.Steps, "what is done, in order") { Required = true },
        new Field("validations", FieldShape.Checks, "checks that must hold at the end"),
        new Field(OnFailure, FieldShape.Choice, "what happens when a step fails") { Choices = ["stop", "undo"], Default = "stop", AllowsTemplates = false },
    ]);

    /// <summary>False for a common field of a step that means nothing in the inverse of one.</summary>
    public static bool AppliesToUndo(string field) => field is not (Id or When or ForEach or OnFailure or Capture or Undo);

    /// <summary>False for a common field of a step that means nothing beside this kind.</summary>
    public static bool AppliesTo(KindDeclaration kind, string field) => field switch
    {
        ForEach or Timeout or Retry or Undo or OnResume or RequiresBackup or Acknowledge => !kind.HoldsPlaybook && !kind.HoldsSteps,
        Validate or OnFailure => !kind.HoldsSteps,
        Env or Cwd => kind.StartsProgram,
        Capture => kind.StartsProgram || kind.MakesBackups,
        Effect => kind.EffectIsDeclared,
        _ => true,
    };
}
