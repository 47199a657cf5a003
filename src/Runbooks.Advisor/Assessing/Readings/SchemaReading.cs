using Runbooks.Advisor.Migrations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>At which migration the database is.</summary>
public sealed record SchemaReading(string Source, DateTimeOffset At, ReleasedSchema Schema) : Reading(Source, At);

/// <summary>The migrations of the project, read from the files that are there now.</summary>
/// <param name="Folder">As people write it.</param>
public sealed record MigrationFilesReading(string Source, DateTimeOffset At, string Folder, MigrationHistory History) : Reading(Source, At);
