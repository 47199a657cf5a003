using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Language.Playbooks;

/// <summary>What can be wrong with the values that a playbook is run with. No message and no snippet holds the value of a secret.</summary>
public static class VarDiagnostics
{
    public static readonly Descriptor Unknown = new("RB2020", "unknown-variable", "a value is given for a variable that does not exist", Severity.Error,
        "The playbook declares no variable of this name. A value that nobody reads would be ignored in silence.");

    public static readonly Descriptor Missing = new("RB2021", "missing-variable", "a required variable has no value", Severity.Error,
        "Give it with --var NAME=VALUE, in a --vars-file, or through the environment variable that 'from_env' names (an empty environment variable counts as not set).");

    public static readonly Descriptor WrongValue = new("RB2022", "wrong-variable-value", "a value does not fit its variable", Severity.Error,
        "The value does not satisfy the type, the pattern, the enum or the range that the playbook declares for the variable.");

    public static readonly Descriptor Malformed = new("RB2023", "malformed-assignment", "--var is not followed by name=value", Severity.Error,
        "Write --var NAME=VALUE; everything after the first '=' is the value. Quote the whole for the shell when the value has blanks: --var 'NAME=some text'.");

    public static readonly Descriptor Twice = new("RB2024", "variable-given-twice", "a variable is given twice", Severity.Error,
        "Only a list may be given several times on the command line: then its items are collected.");

    public static readonly Descriptor SecretOnCommandLine = new("RB2025", "secret-on-command-line", "a secret is given on the command line", Severity.Warning,
        "The arguments of a program can be read by every user of the machine while it runs, and the shell keeps them in its history. Declare 'from_env' and set the environment variable, or use a --vars-file that only you can read.");

    public static readonly Descriptor SecretTooShort = new("RB2026", "secret-too-short", "a secret is too short to be masked", Severity.Error,
        "Everything that is shown or written is searched for the secret. With fewer than four characters that search would mask half of every text, so such a value is refused. "
        + "A secret of several lines needs one that is long enough: each such line is masked where it stands alone, shorter ones are not.");

    public static readonly Descriptor BadFile = new("RB2027", "bad-vars-file", "the vars file is not a mapping of names to values", Severity.Error,
        "A vars file is one YAML or JSON mapping: 'version: v1.2.3', or {\"version\": \"v1.2.3\"}. Values are single values, or lists for variables of type list.");

    public static readonly Descriptor Unfilled = new("RB2028", "unfilled-placeholder", "a placeholder is given in the place of a value", Severity.Error,
        "A command that was handed over ('runbook advise') has <NAME> where nobody knew the value. Find the value out and write it there; what stands for a value is never taken for one.");

    public static readonly ImmutableArray<Descriptor> All = [Unknown, Missing, WrongValue, Malformed, Twice, SecretOnCommandLine, SecretTooShort, BadFile, Unfilled];
}
