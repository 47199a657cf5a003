using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Programs;

/// <summary>What can be wrong with a check that asks a program.</summary>
public static class AskedProgramDiagnostics
{
    public static readonly Descriptor NoProgram = new("RB3280", "command-no-program", "the first word names no program", Severity.Error,
        "The first word is the program; it is not empty.");

    public static readonly ImmutableArray<Descriptor> All = [NoProgram];
}
