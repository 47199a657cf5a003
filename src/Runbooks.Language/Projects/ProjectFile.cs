using System.Collections.Immutable;
using Runbooks.Language.Fields;
using Runbooks.Language.Text;

namespace Runbooks.Language.Projects;

/// <summary>What a project says of itself: which Compose project it is, what its services are, and what makes a release of it good.</summary>
public sealed record ProjectFile
{
    /// <summary>The names under which it is looked for.</summary>
    public static ImmutableArray<string> Names => ["runbook.yml", "runbook.yaml"];

    public required SourceText Source { get; init; }

    public required BoundFields Fields { get; init; }

    public ComposeFiles Compose { get; init; } = new([], [], "", "");

    /// <summary>In the order of the file.</summary>
    public ImmutableArray<ServiceDeclaration> Services { get; init; } = [];

    /// <summary>Null when no database is migrated.</summary>
    public ProjectMigrations? Migrations { get; init; }

    /// <summary>Paths as written.</summary>
    public ImmutableArray<string> Config { get; init; } = [];

    /// <summary>Variables of services that are feature flags.</summary>
    public ImmutableArray<string> Flags { get; init; } = [];

    /// <summary>Regular expressions.</summary>
    public ImmutableArray<string> IgnoredLogs { get; init; } = [];

    /// <summary>Null when the logs are not judged.</summary>
    public long? MaxErrors { get; init; }

    /// <summary>Path as written; empty when there is none.</summary>
    public string LogBaseline { get; init; } = "";

    public TimeSpan VerifiedWithin { get; init; }

    public TimeSpan VerifiedFor { get; init; }

    /// <summary>Names, addresses, channels: for people to read.</summary>
    public ImmutableArray<string> Notify { get; init; } = [];

    /// <summary>The environment variable with the address that is told how a run ended; empty when nobody is.</summary>
    public string WebhookEnv { get; init; } = "";
}

/// <summary>Which Compose project it is. What is empty is found as Compose finds it.</summary>
public sealed record ComposeFiles(ImmutableArray<string> Files, ImmutableArray<string> EnvFiles, string Project, string Directory);

/// <param name="Health">The address that answers when it is well; empty when there is none.</param>
/// <param name="Status">Statuses that count: codes, or classes like 2xx.</param>
/// <param name="Span">Of its name in the file.</param>
public sealed record ServiceDeclaration(string Name, ServiceKind Kind, string Health, ImmutableArray<string> Status, TextSpan Span);

public enum ServiceKind
{
    Application,
    Worker,
    Database,
    Proxy,
}

/// <summary>How the schema of the database is changed, and where it can be asked. What is not said is empty.</summary>
public sealed record ProjectMigrations(string Tool)
{
    public string Folder { get; init; } = "";

    public string App { get; init; } = "";

    /// <summary>Empty when it cannot be asked.</summary>
    public string Database { get; init; } = "";

    public string Service { get; init; } = "";

    public string User { get; init; } = "";

    public string Host { get; init; } = "";

    public long? Port { get; init; }

    /// <summary>Name of the environment variable with the password.</summary>
    public string PasswordEnv { get; init; } = "";
}
