using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Command;

/// <summary>What can be wrong with a <c>command:</c> check.</summary>
public static class CommandDiagnostics
{
    public static readonly Descriptor NoProgram = new("RB3280", "command-no-program", "the first word names no program", Severity.Error,
        "The first word is the program; it is not empty.");

    public static readonly ImmutableArray<Descriptor> All = [NoProgram];
}
