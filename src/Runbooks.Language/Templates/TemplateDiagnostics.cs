using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;

namespace Runbooks.Language.Templates;

/// <summary>What can be wrong with an expression.</summary>
public static class TemplateDiagnostics
{
    public static readonly Descriptor Syntax = new("RB2001", "template-syntax", "an expression cannot be read", Severity.Error,
        "The text between {{ and }} is not a valid expression. A literal '{{' is written {{ \"{{\" }}.");

    public static readonly Descriptor UnknownName = new("RB2002", "unknown-name", "a name is not defined", Severity.Error,
        "Every name in an expression is a variable of the playbook, 'item' inside for_each, 'steps.<id>.<output>' of an earlier step, 'run.id', or a function. "
        + "Nothing undefined ever becomes empty text.");

    public static readonly Descriptor NotAllowed = new("RB2003", "statement-not-allowed", "a statement is not part of the language", Severity.Error,
        "Templates compute text from values and nothing else: expressions, pipes, if and for. Assignments, functions, includes, imports and while loops are not part of them.");

    public static readonly Descriptor TemplateInScript = new("RB2004", "template-in-script", "a script must not hold templates", Severity.Error,
        "A value is never code: in 'shell:' nothing is substituted. Pass the value through 'env:' and use it as \"$NAME\" in the script.");

    public static readonly Descriptor UnknownOutput = new("RB2005", "unknown-output", "an output does not exist", Severity.Error,
        "An expression can use steps.<id>.stdout, .json and .exit_code of a step that stands earlier and has 'capture: true'.");

    public static readonly Descriptor WrongCall = new("RB2007", "wrong-call", "a function is used in the wrong way", Severity.Error,
        "A function takes a fixed number of values; the value before the pipe is the first of them: {{ version | replace \"v\" \"\" }} gives three to 'replace'. Variables take none: between a value and a function stands a '|'.");

    public static readonly Descriptor Evaluation = new("RB3001", "evaluation", "an expression has no value", Severity.Error,
        "The expression is well formed but could not be computed with these values.");

    public static readonly Descriptor WrongType = new("RB3002", "value-type", "a value has the wrong type", Severity.Error,
        "After the expressions were computed, the value does not fit its field.");

    public static readonly Descriptor NotKnown = new("RB3003", "not-known-in-time", "a value is not known when the plan is made", Severity.Error,
        "Only text, words, environment values and conditions may wait for the output of a step. A timeout, a port, a path or a choice is part of what is reviewed and must be known before.");

    public static readonly Descriptor SecretVisible = new("RB3004", "secret-visible", "a secret would be visible", Severity.Error,
        "A secret may stand in an environment value, in standard input, in a header or in a body: there it is masked. In the words of a program every user of the machine "
        + "can read it (ps), and in a path, a name or a number it cannot be masked. Pass it through 'env:' or 'stdin:'.");

    public static readonly Descriptor Quoting = new("RB2006", "unbalanced-quote", "a quote is not closed", Severity.Error,
        "The words of 'run:' are split like a POSIX shell splits them, without any expansion. Close the quote, or write the words as a list.");

    public static readonly ImmutableArray<Descriptor> All =
        [Syntax, UnknownName, NotAllowed, TemplateInScript, UnknownOutput, Evaluation, WrongType, NotKnown, SecretVisible, Quoting, WrongCall];

    /// <summary>Reports a secret in a field that does not allow one.</summary>
    public static void AddSecretVisible(this DiagnosticBag bag, Fields.Field field, TextSpan span)
    {
        if (field.Shape == Fields.FieldShape.Words)
        {
            bag.Add(SecretVisible, span, "a secret in the words of a program can be read by every user of the machine", "pass it through 'env:' or 'stdin:'");
        }
        else
        {
            bag.Add(SecretVisible, span, $"'{field.Shown}' would show a secret");
        }
    }

    internal static void AddUnclosedExpression(this DiagnosticBag bag, TextSpan braces) =>
        bag.Add(Syntax, braces, "'{{' is never closed", "close it with '}}'; a literal '{{' is written {{ \"{{\" }}");
}
