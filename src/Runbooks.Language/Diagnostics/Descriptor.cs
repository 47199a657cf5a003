namespace Runbooks.Language.Diagnostics;

/// <summary>How much a diagnostic weighs: an <see cref="Error"/> anywhere means that nothing is planned and nothing runs.</summary>
public enum Severity
{
    Info,
    Warning,
    Error,
}

/// <summary>A kind of mistake: its code is for ever, its page is what <c>runbook explain CODE</c> prints.</summary>
/// <param name="Code">RB and four digits: 0xxx text and YAML, 1xxx fields, 2xxx references, 3xxx planning, 4xxx running, 5xxx lint, 9xxx internal.</param>
/// <param name="Name">Kebab case, for suppressions and search.</param>
/// <param name="Title">One line, for lists.</param>
/// <param name="Severity">What it weighs unless configured otherwise.</param>
/// <param name="Help">What it means and what to do, a short paragraph.</param>
public sealed record Descriptor(string Code, string Name, string Title, Severity Severity, string Help);
