using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests;

/// <summary>Every kind has its folder, its page and its place in the list; what the pages show is true.</summary>
public sealed class PagesTests
{
    private const int StepKindsAtLeast = 6;
    private const int ExamplesAtLeast = 20;

    /// <summary>What the examples may use, and what its values are.</summary>
    private static readonly ImmutableArray<(string Name, string Value, bool IsSecret)> Vars =
    [
        ("service", "app", false), ("version", "v1.2.3", false), ("compose", "docker-compose.yml", false), ("env_file", ".env", false),
        ("image", "myapp:v1.2.3", false), ("url", "http://localhost:8080", false), ("port", "8080", false), ("token", "s3cr3t-t0ken", true), ("db_password", "hunter2-hunter2", true),
    ];

    private static readonly string Folder = Repository.PathOf("src", "Runbooks.Builtin");

    private static readonly ImmutableArray<(IKind Kind, bool IsStep)> Kinds = [.. BuiltinKinds.Steps.Select(k => ((IKind)k, true)), .. BuiltinKinds.Checks.Select(k => ((IKind)k, false))];

    public static TheoryData<string> Names => [.. Kinds.Select(k => k.IsStep ? $"Steps/{k.Kind.Declaration.Name}" : $"Checks/{k.Kind.Declaration.Name}")];

    [Fact]
    public void Every_folder_has_its_kind_in_the_list_and_every_kind_its_folder()
    {
        Assert.Equal(FoldersOf("Steps"), BuiltinKinds.Steps.Select(k => k.Declaration.Name.Replace("_", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(FoldersOf("Checks"), BuiltinKinds.Checks.Select(k => k.Declaration.Name.Replace("_", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.True(BuiltinKinds.Steps.Length >= StepKindsAtLeast, $"only {BuiltinKinds.Steps.Length} kinds of steps were found");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_has_the_headings_that_people_look_for(string name)
    {
        var (kind, isStep) = KindOf(name);
        var page = PageOf(name);

        Assert.Equal(kind.Declaration.Name, page.Title);
        Assert.Equal(isStep ? ["What it does", "Examples", "What can go wrong", "Undo"] : ["What it asks", "Examples", "What can go wrong"], page.Headings);
        Assert.Contains(kind.Declaration.Summary, File.ReadAllText(page.Path), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_are_good_or_fail_exactly_as_they_say(string name)
    {
        var (_, isStep) = KindOf(name);
        var examples = PageOf(name).Examples.Where(e => e.Fence == (isStep ? "yaml step" : "yaml check")).ToList();

        Assert.Contains(examples, e => !Page.Announcement().IsMatch(e.Text));
        Assert.Contains(examples, e => Page.Announcement().IsMatch(e.Text));
        Assert.All(examples, e => Assert.Equal(Announced(e), Found(e, isStep)));
    }

    [Fact]
    public void There_are_examples_to_look_at() => Assert.True(Names.Select(n => PageOf(n.Data).Examples.Length).Sum() >= ExamplesAtLeast);

    [Fact]
    public void No_other_fences_hide_from_the_test() =>
        Assert.All(Names.SelectMany(n => PageOf(n.Data).Examples), e => Assert.True(e.Fence is "yaml step" or "yaml check" or "text", $"line {e.Line}: '{e.Fence}'"));

    [Fact]
    public void Codes_belong_to_one_mistake_each()
    {
        var descriptors = Kinds.SelectMany(k => k.Kind.Descriptors).Distinct().ToList();

        Assert.NotEmpty(descriptors);
        Assert.Equal(descriptors.Select(d => d.Code).Distinct(), descriptors.Select(d => d.Code));
        Assert.Equal(descriptors.Select(d => d.Name).Distinct(), descriptors.Select(d => d.Name));
        Assert.All(descriptors, d => Assert.Matches("^RB3[1-9][0-9]{2}$", d.Code));
    }

    private static IEnumerable<string> FoldersOf(string group) => !Directory.Exists(Path.Combine(Folder, group))
        ? []
        : Directory.GetDirectories(Path.Combine(Folder, group)).Select(d => Path.GetFileName(d).ToLowerInvariant()).Order(StringComparer.Ordinal);

    private static (IKind Kind, bool IsStep) KindOf(string name) => Kinds.Single(k => name == (k.IsStep ? "Steps/" : "Checks/") + k.Kind.Declaration.Name);

    private static Page PageOf(string name)
    {
        var (group, kind) = (name.Split('/')[0], name.Split('/')[1]);
        var folder = Directory.GetDirectories(Path.Combine(Folder, group)).Single(d => string.Equals(Path.GetFileName(d), kind.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
        return Page.Read(Path.Combine(folder, $"{kind}.md"));
    }

    private static IEnumerable<string> Announced(PageExample example) =>
        example.Text.Split('\n').SelectMany((line, i) => Page.Announcement().Matches(line).Select(m => $"{m.Groups["stage"].Value} {m.Groups["code"].Value} in line {example.Line + 1 + i}"));

    private static IEnumerable<string> Found(PageExample example, bool isStep)
    {
        var vars = string.Concat(Vars.Select(v => $"  {v.Name}: {{ secret: {(v.IsSecret ? "true" : "false")} }}\n"));
        var item = string.Join('\n', example.Text.TrimEnd('\n').Split('\n').Select((l, i) => l.Length == 0 ? l : (i == 0 ? "  - " : "    ") + l));
        var before = $"runbook: v1\nname: example\nvars:\n{vars}" + (isStep ? "steps:\n  - approve: Go on?\n" : "steps:\n  - run: [\"true\"]\nvalidations:\n");
        var source = new SourceText("example.yml", before + item + "\n");
        var firstLine = before.Count(c => c == '\n') + 1;

        var scope = Vars.Aggregate(TemplateScope.Empty, (s, v) => s.With(v.Name, v.Value, v.IsSecret));
        var planned = PlannedPlaybook.Of(source, scope, Project());
        var stage = planned.WasRead ? "plan error" : "error";
        return [.. planned.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => $"{stage} {d.Code} in line {d.Start.Line - firstLine + example.Line + 1}")];
    }

    /// <summary>The project in which the examples of the pages stand.</summary>
    private static InMemoryFiles Project() => new InMemoryFiles()
        .With($"{PlannedPlaybook.Project}/docker-compose.yml", "name: shop\nservices:\n  app:\n    image: myapp:v1.2.4\n    ports: [\"8080:80\"]\n  worker:\n    image: myapp:v1.2.4\n  db:\n    image: postgres:15\n")
        .With($"{PlannedPlaybook.Project}/.env", "TAG=v1.2.4\n")
        .With($"{PlannedPlaybook.Project}/config/app.json", "{ \"log\": { \"level\": \"info\" } }\n")
        .With($"{PlannedPlaybook.Project}/sql/add-index.sql", "CREATE INDEX orders_release ON orders (release);\n")
        .With($"{PlannedPlaybook.Project}/sql/drop-discount.sql", "ALTER TABLE orders DROP COLUMN discount;\n")
        .With($"{PlannedPlaybook.Project}/sql/own-transaction.sql", "BEGIN;\nDROP TABLE orders;\nCOMMIT;\n")
        .With($"{PlannedPlaybook.Project}/restart.yml", "runbook: v1\nname: Restart\nvars:\n  service: { default: app }\nsteps:\n  - compose: { command: restart, services: [\"{{ service }}\"] }\n")
        .With($"{PlannedPlaybook.Project}/Dockerfile", "FROM alpine\n");
}
