using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Shell;

/// <summary>What can be wrong with a <c>shell:</c> step.</summary>
public static class ShellDiagnostics
{
    public static readonly Descriptor NotAScript = new("RB3110", "script-not-passable", "a script cannot be handed to its shell", Severity.Error,
        "The script reaches the shell as one argument, and the system limits an argument to 128 KiB without zero bytes. Put a long script into a file of the project and start it with 'run:'.");

    public static readonly ImmutableArray<Descriptor> All = [NotAScript];
}
