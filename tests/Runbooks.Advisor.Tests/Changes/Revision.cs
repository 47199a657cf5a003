using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Migrations;

namespace Runbooks.Advisor.Tests.Changes;

/// <summary>A revision as a test writes it: what Compose would print, and the files beside it.</summary>
internal static class Revision
{
    internal static RevisionState Of(string services, string rest = "", params (string Path, string Id)[] files) => new("HEAD", "0123456789abcdef0123456789abcdef01234567")
    {
        Model = ComposeModel.Read(Encoding.UTF8.GetBytes($"{{\"name\": \"shop\", \"services\": {{{services}}}{rest}}}")) ?? throw new InvalidOperationException("no model"),
        Files = files.ToImmutableSortedDictionary(f => f.Path, f => f.Id, StringComparer.Ordinal),
    };

    internal static RevisionState WithMigrations(this RevisionState state, params (string Path, string Text)[] files) =>
        state with { Migrations = MigrationReading.Read(MigrationTool.GolangMigrate, files.Select(f => new MigrationText(f.Path, f.Text))) };
}
