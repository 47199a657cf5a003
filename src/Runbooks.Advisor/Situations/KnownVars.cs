using System.Collections.Immutable;

namespace Runbooks.Advisor.Situations;

/// <summary>The values that facts can hold for the variables of playbooks.</summary>
public static class KnownVars
{
    /// <summary>Each with what it is; one that is a list can also be given as one text.</summary>
    public static ImmutableArray<(string Name, bool IsList, string Meaning)> All { get; } =
    [
        ("service", false, "the Compose service of the application"),
        ("workers", true, "Compose services that run the same image"),
        ("version", false, "the tag of the release to go back to"),
        ("failed_version", false, "the tag of the failed release"),
        ("image", false, "the repository of the image, without the tag"),
        ("fetch", false, "the image of the release to go back to, by its digest: REPOSITORY@sha256:…"),
        ("port", false, "the host port of the service"),
        ("url", false, "where the application says that it is well"),
        ("compose", true, "the Compose files, each laid over the one before"),
        ("compose_project", false, "the name of the Compose project"),
        ("env_file", true, "the files with the variables of the Compose files"),
        ("files", true, "what goes back to that revision together: Compose files and whatever else of the project changed, as far as git has them"),
        ("revision", false, "the git revision at which the files were good"),
        ("tool", false, "the tool that made the migrations"),
        ("head", false, "the migration that the database must be at afterwards"),
        ("from", true, "the migration that the database is at now"),
        ("django_app", false, "the app whose migrations are meant, of Django only"),
        ("database", false, "the database"),
        ("db_service", false, "the Compose service of the database"),
        ("db_user", false, "the role of the database to connect as"),
        ("db_host", false, "the server of the database"),
        ("dump", false, "the dump from before the migrations"),
        ("sql_file", false, "the SQL file that goes the other way"),
        ("networks", true, "networks that are made anew, by their whole names"),
        ("gone", true, "services or networks that the good revision does not have"),
        ("reach", true, "who must reach whom, as FROM/TO:PORT"),
    ];
}
