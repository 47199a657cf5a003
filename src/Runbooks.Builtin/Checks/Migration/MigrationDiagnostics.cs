using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary>What can be wrong with a <c>migration:</c> check.</summary>
public static class MigrationDiagnostics
{
    public static readonly Descriptor App = new("RB3330", "migration-app", "it is not said of which app, or there are no apps", Severity.Error,
        "Django counts the migrations of each of its apps for itself: give 'app' with 'tool: django', and with no other.");

    public static readonly Descriptor Files = new("RB3360", "migration-files", "the files of the migrations are missing, or nothing is asked of them", Severity.Error,
        "Whether migrations can be taken back stands in their files: give 'migrations' with 'reversible: true'. 'migrations', 'to' and 'reviewed' mean nothing without it.");

    public static readonly Descriptor Server = new("RB3361", "migration-server", "a field belongs to another product", Severity.Error,
        "MySQL and MariaDB have programs of different names, PostgreSQL has not: 'programs' goes with 'server: mysql' only.");

    public static readonly ImmutableArray<Descriptor> All = [App, Files, Server];
}
