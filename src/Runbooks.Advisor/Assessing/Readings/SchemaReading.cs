using Runbooks.Advisor.Migrations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>At which migration the database is.</summary>
public sealed record SchemaReading(string Source, DateTimeOffset At, ReleasedSchema Schema) : Reading(Source, At);

/// <summary>The migrations of the project, read from the files that are there now.</summary>
/// <param name="Folder">As people write it.</param>
public sealed record MigrationFilesReading(string Source, DateTimeOffset At, string Folder, MigrationHistory History) : Reading(Source, At);

/// <summary>How many values would be lost if a migration were taken back now.</summary>
/// <param name="Migration">The migration, by its key.</param>
/// <param name="Table">As its way back names it.</param>
/// <param name="Column">Null when the whole table goes.</param>
/// <param name="Count">Rows that have a value there; at most <paramref name="Most"/> are counted.</param>
/// <param name="Most">When <paramref name="Count"/> is this, there may be more.</param>
public sealed record LostValuesReading(string Source, DateTimeOffset At, string Migration, string Table, string? Column, long Count, long Most) : Reading(Source, At);

/// <summary>Whether the source of a release names what a later migration has taken away.</summary>
/// <param name="Release">Its id.</param>
/// <param name="Migration">The migration, by its key.</param>
/// <param name="Name">Of a table or a column.</param>
/// <param name="Places">File and line, of the first ones; empty when it is named nowhere.</param>
/// <param name="More">How many there are beside them.</param>
public sealed record SourceUseReading(string Source, DateTimeOffset At, string Release, string Migration, string Name, System.Collections.Immutable.ImmutableArray<string> Places, int More) : Reading(Source, At);
