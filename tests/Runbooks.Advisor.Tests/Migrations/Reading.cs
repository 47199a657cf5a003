using Runbooks.Advisor.Migrations;

namespace Runbooks.Advisor.Tests.Migrations;

/// <summary>Short forms for the tests of readers.</summary>
internal static class Reading
{
    internal static MigrationHistory History(MigrationTool tool, params (string Path, string Text)[] files) => MigrationReading.Read(tool, files.Select(f => new MigrationText(f.Path, f.Text)));

    internal static ReadMigration One(MigrationTool tool, params (string Path, string Text)[] files) => Assert.Single(History(tool, files).Migrations);

    /// <summary>What a person would be told: "additive / destructive, reversible true, loss possible".</summary>
    internal static string Told(ReadMigration migration) =>
        $"{MigrationWords.Of(migration.Forward.Kind)} / {MigrationWords.Of(migration.Back.Kind)}, {migration.Reversible switch { true => "reversible", false => "not reversible", null => "perhaps" }}, {MigrationWords.Of(migration.Loss)}";
}
