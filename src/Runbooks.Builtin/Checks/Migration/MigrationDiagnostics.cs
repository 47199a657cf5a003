using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary>What can be wrong with a <c>migration:</c> check.</summary>
public static class MigrationDiagnostics
{
    public static readonly Descriptor App = new("RB3330", "migration-app", "it is not said of which app, or there are no apps", Severity.Error,
        "Django counts the migrations of each of its apps for itself: give 'app' with 'tool: django', and with no other.");

    public static readonly ImmutableArray<Descriptor> All = [App];
}
