using System.Collections.Immutable;
using Runbooks.Builtin;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

public sealed class PlaybookTests
{
    private const string Schema = "# yaml-language-server: $schema=../schemas/playbook.v1.schema.json";

    private static readonly ImmutableArray<string> Shipped = Find();

    [Fact]
    public void Every_playbook_that_ships_can_be_read()
    {
        Assert.NotEmpty(Shipped);
        House.Holds(Shipped.SelectMany(p => Mistakes(SourceText.FromBytes(p, File.ReadAllBytes(Repository.PathOf(p))))));
    }

    [Fact]
    public void Every_playbook_that_ships_names_its_schema_for_editors_and_is_called_like_its_file()
    {
        House.Holds(Shipped.Where(p => File.ReadLines(Repository.PathOf(p)).First() != Schema).Select(p => $"{p} does not begin with '{Schema}'"));
        House.Holds(Shipped.Where(p => !File.ReadLines(Repository.PathOf(p)).Contains($"name: {Path.GetFileNameWithoutExtension(p)}")).Select(p => $"{p} has another name"));
    }

    [Fact]
    public void A_playbook_with_a_mistake_is_found()
    {
        var bad = new SourceText("playbooks/bad.yml", "runbook: v1\nname: bad\nsteps:\n  - runn: [true]\n");

        Assert.Contains("playbooks/bad.yml(4,", Assert.Single(Mistakes(bad)), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Mistakes(SourceText source)
    {
        var mistakes = PlaybookReader.Read(source, BuiltinKinds.Catalogue, (file, _, _) => (SourceText.FromBytes($"playbooks/{file}", File.ReadAllBytes(Repository.PathOf($"playbooks/{file}"))), "")).Diagnostics;
        return mistakes.IsEmpty ? [] : [DiagnosticRenderer.OneLine(mistakes).TrimEnd()];
    }

    private static ImmutableArray<string> Find()
    {
        var folder = Repository.PathOf("playbooks");
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "*.y*ml", SearchOption.TopDirectoryOnly)
                .Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
    }
}
