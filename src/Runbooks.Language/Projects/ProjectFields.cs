using System.Collections.Immutable;
using Runbooks.Language.Fields;

namespace Runbooks.Language.Projects;

/// <summary>The fields of a project file: the one source of its reader, its schema and its suggestions. Made on each call: no other command pays for them.</summary>
public static class ProjectFields
{
    internal const string Version = "project";
    internal const string Compose = "compose";
    internal const string Files = "files";
    internal const string EnvFile = "env_file";
    internal const string Name = "project";
    internal const string Directory = "directory";
    internal const string Services = "services";
    internal const string Kind = "kind";
    internal const string Health = "health";
    internal const string Status = "status";
    internal const string Migrations = "migrations";
    internal const string Tool = "tool";
    internal const string Folder = "folder";
    internal const string App = "app";
    internal const string Database = "database";
    internal const string Service = "service";
    internal const string User = "user";
    internal const string Host = "host";
    internal const string Port = "port";
    internal const string PasswordEnv = "password_env";
    internal const string Config = "config";
    internal const string Flags = "flags";
    internal const string Logs = "logs";
    internal const string Ignore = "ignore";
    internal const string MaxErrors = "max_errors";
    internal const string Baseline = "baseline";
    internal const string Verify = "verify";
    internal const string Within = "within";
    internal const string For = "for";
    internal const string Notify = "notify";
    internal const string WebhookEnv = "webhook_env";

    /// <summary>What a release has to keep holding before it counts as good, when the file does not say.</summary>
    internal const string DefaultFor = "10s";

    internal const string DefaultWithin = "60s";

    /// <summary>As the check 'migration' names them.</summary>
    public static ImmutableArray<string> Tools => ["alembic", "django", "rails", "golang-migrate", "flyway", "liquibase"];

    public static FieldSet Project() => new("the project file",
    [
        Plain(Version, FieldShape.Choice, "the version of this file's language") with { Required = true, Choices = ["v1"] },
        Plain(Compose, FieldShape.Object, "which Compose project it is") with { Fields = ComposeSet(), Otherwise = "the Compose file in the folder" },
        Plain(Services, FieldShape.ObjectMap, "the Compose services, by name") with { Required = true, Fields = ServiceSet() },
        Plain(Migrations, FieldShape.Object, "how the schema of the database is changed") with { Fields = MigrationSet(), Otherwise = "the project migrates no database" },
        Plain(Config, FieldShape.TextList, "configuration files that belong to a release; their bytes are kept with it, so that they can be restored") with { NotEmpty = true },
        Plain(Flags, FieldShape.TextList, "variables of services that are feature flags, where their names do not say so") with { NotEmpty = true },
        Plain(Logs, FieldShape.Object, "what the logs of a good release look like") with { Fields = LogSet() },
        Plain(Verify, FieldShape.Object, "for how long a release has to be well before it is good") with { Fields = VerifySet() },
        Plain(Notify, FieldShape.TextList, "who is told: names, addresses, channels") with { NotEmpty = true },
        Plain(WebhookEnv, FieldShape.Text, "the environment variable that holds the address of an incoming webhook (Slack, Mattermost and others that take a JSON object with a 'text'), which is told how a run ended; the address itself is a secret and never stands here") with { NotEmpty = true },
    ]);

    private static FieldSet ComposeSet() => new("'compose'",
    [
        Plain(Files, FieldShape.TextList, "the Compose files, each laid over the one before") with { Otherwise = "compose.yaml, compose.yml, docker-compose.yml or docker-compose.yaml, with its override file" },
        Plain(EnvFile, FieldShape.TextList, "the files with the variables of the Compose files") with { Otherwise = ".env in the folder, when it is there" },
        Plain(Name, FieldShape.Text, "the name of the Compose project") with { NotEmpty = true, Otherwise = "COMPOSE_PROJECT_NAME of the env file, 'name:' of the Compose file, or the name of its folder" },
        Plain(Directory, FieldShape.Path, "the folder to which relative paths in the Compose files belong") with { Otherwise = "the folder of the first Compose file" },
    ]);

    private static FieldSet ServiceSet() => new("the service",
    [
        Plain(Kind, FieldShape.Choice, "what it is: a database is not rolled back with the code, a worker answers no requests, a proxy stands before the others") with { Required = true, Choices = ["application", "worker", "database", "proxy"] },
        Plain(Health, FieldShape.Text, "the address that answers when it is well: absolute, http or https, as seen from this machine") with { NotEmpty = true },
        Plain(Status, FieldShape.TextList, "the statuses that count as well: codes, or classes like 2xx") with { Default = "200" },
    ])
    { Shorthand = Kind };

    private static FieldSet MigrationSet() => new("'migrations'",
    [
        Plain(Tool, FieldShape.Choice, "the tool that migrates") with { Required = true, Choices = Tools },
        Plain(Folder, FieldShape.Path, "the folder of the migrations"),
        Plain(App, FieldShape.Text, "the app whose migrations are meant, of Django only") with { NotEmpty = true },
        Plain(Database, FieldShape.Text, "the database that is migrated; without it no release knows at which migration it was") with { NotEmpty = true },
        Plain(Service, FieldShape.Text, "the Compose service inside which the programs of PostgreSQL run") with { NotEmpty = true, Otherwise = "they run on this machine" },
        Plain(User, FieldShape.Text, "the role that they connect as") with { NotEmpty = true, Otherwise = "what they take themselves" },
        Plain(Host, FieldShape.Text, "the server, as seen from where they run") with { NotEmpty = true, Otherwise = "what they take themselves" },
        Plain(Port, FieldShape.Integer, "its port") with { Minimum = 1, Maximum = 65535, Otherwise = "what they take themselves" },
        Plain(PasswordEnv, FieldShape.Text, "the environment variable that holds the password; the password itself never stands here") with { NotEmpty = true },
    ]);

    private static FieldSet LogSet() => new("'logs'",
    [
        Plain(Ignore, FieldShape.TextList, "regular expressions for entries that are normal, by their first line") with { NotEmpty = true },
        Plain(MaxErrors, FieldShape.Integer, "how many entries of level error or worse a service may have logged since its release was recorded") with { Minimum = 0, Otherwise = "the logs are not judged" },
        Plain(Baseline, FieldShape.Path, "a kept log of a good release, with which new ones are compared"),
    ]);

    private static FieldSet VerifySet() => new("'verify'",
    [
        Plain(Within, FieldShape.Duration, "keep trying this long") with { Default = DefaultWithin },
        Plain(For, FieldShape.Duration, "and then it must keep holding this long") with { Default = DefaultFor },
    ]);

    private static Field Plain(string name, FieldShape shape, string summary) => new(name, shape, summary) { AllowsTemplates = false };
}
