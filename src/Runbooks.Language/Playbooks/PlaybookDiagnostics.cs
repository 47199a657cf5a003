using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;

namespace Runbooks.Language.Playbooks;

/// <summary>What can be wrong with a playbook as a whole, its steps and its variables.</summary>
public static class PlaybookDiagnostics
{
    public static readonly Descriptor NotAPlaybook = new("RB1010", "not-a-playbook", "the file is not a playbook", Severity.Error,
        "A playbook is a mapping that begins with 'runbook: v1', 'name:' and 'steps:'.");

    public static readonly Descriptor NoAction = new("RB1011", "no-action", "a step does nothing", Severity.Error,
        "Exactly one key of a step says what it does: run, shell, edit, compose, http, wait …");

    public static readonly Descriptor SeveralActions = new("RB1012", "several-actions", "a step does two things", Severity.Error,
        "A step is one unit of work, so that it can be journalled, checked and undone alone. Make two steps of it.");

    public static readonly Descriptor NoCheckKind = new("RB1013", "no-check-kind", "a check asks nothing", Severity.Error,
        "Exactly one key of a check says what it asks: http, tcp, container, image, file …");

    public static readonly Descriptor SeveralCheckKinds = new("RB1014", "several-check-kinds", "a check asks two things", Severity.Error,
        "A check has one question, so that its answer is one of: holds, does not hold, unknown. Make two checks of it.");

    public static readonly Descriptor NotForThisKind = new("RB1015", "not-for-this-kind", "a key means nothing beside this action", Severity.Error,
        "env, cwd and effect belong to steps that start a program of yours (run, shell), capture to those and to backups. Beside another action they would be ignored in silence.");

    public static readonly Descriptor NotInUndo = new("RB1018", "not-in-undo", "a key means nothing in an undo", Severity.Error,
        "An undo belongs to its step: it is taken when the step may have changed something, under the step's id, and nothing takes it back or reads its output.");

    public static readonly Descriptor NotSideBySide = new("RB1019", "not-side-by-side", "a step cannot be run beside others", Severity.Error,
        "'parallel' holds steps that begin at the same time. A playbook, and steps that hold steps, have an order of their own: put them before it or after it.");

    public static readonly Descriptor EmptyList = new("RB1017", "empty-list", "a list is empty", Severity.Error,
        "An empty list of checks holds without having looked at anything, and a playbook without steps does nothing: both are mistakes.");

    public static readonly Descriptor DuplicateId = new("RB2010", "duplicate-id", "two steps have the same id", Severity.Error,
        "An id names one step in the plan, the journal and expressions.");

    public static readonly Descriptor ReservedName = new("RB2011", "reserved-name", "the name already means something", Severity.Error,
        "item, steps, run, the functions and the words of the template language cannot be names of variables.");

    public static readonly Descriptor BadDefault = new("RB2012", "bad-default", "a default does not fit its variable", Severity.Error,
        "The default must satisfy the type, the pattern, the enum and the range of its own variable.");

    public static readonly Descriptor Contradiction = new("RB2013", "contradiction", "two keys contradict each other", Severity.Error,
        "The message names the two keys: one of them cannot have an effect.");

    public static readonly Descriptor NoBackup = new("RB2014", "destroys-without-backup", "a step destroys, and nothing says how what it destroys is kept", Severity.Error,
        "What is destroyed is gone. 'requires_backup' names an earlier step that makes a backup: the step does not begin unless that is there and whole. Where no backup is needed, 'acknowledge' says why, and goes on record.");

    public static readonly Descriptor NoSuchBackup = new("RB2015", "no-such-backup", "the backup that a step requires is not made before it", Severity.Error,
        "'requires_backup' names earlier steps of the playbook that make backups, by their ids.");

    public static readonly Descriptor UnusedVar = new("RB5001", "unused-variable", "a variable is never used", Severity.Warning,
        "A value that the operator gives and nothing reads is a promise not kept. Use it or remove it.");

    public static readonly ImmutableArray<Descriptor> All =
    [
        NotAPlaybook, NoAction, SeveralActions, NoCheckKind, SeveralCheckKinds, NotForThisKind, NotInUndo, NotSideBySide, EmptyList,
        DuplicateId, ReservedName, BadDefault, Contradiction, NoBackup, NoSuchBackup, UnusedVar,
    ];

    /// <summary>Also for a step that turns out to destroy only when the plan is made.</summary>
    /// <param name="noun">"step 'drop'", "the undo of step 'drop'".</param>
    public static void AddNoBackup(this DiagnosticBag bag, StepSyntax step, string noun) => bag.Add(
        NoBackup,
        step.Common.Find<BoundText>(StepFields.Effect)?.Span ?? step.Span,
        $"{noun} destroys, and nothing says how what it destroys is kept",
        "name the step that saves it: 'requires_backup: <step>'; or say why none is needed: 'acknowledge: \"…\"'");
}
