using System.Text;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests;

/// <summary>Walks <c>tests/cases/err</c>: each bad playbook with all the diagnostics that are expected of it, one a line: <c>line:column-endcolumn CODE severity message</c>.</summary>
public sealed class BadPlaybooksTests
{
    private static readonly string Folder = Repository.PathOf("tests", "cases", "err");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder, "*.yml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_playbook_has_the_diagnostics_that_are_expected_of_it(string name)
    {
        var diagnostics = Read(name);

        Assert.NotEmpty(diagnostics);
        Golden.Verify(string.Concat(diagnostics.Select(d => Line(d) + "\n")), $"err/{name}.expected");
    }

    [Fact]
    public void There_are_many_of_them_and_none_is_left_over()
    {
        var expected = Directory.EnumerateFiles(Folder, "*.expected").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

        Assert.True(Names.Count >= 60);
        Assert.Equal(Names.Select(n => n.Data), expected);
    }

    [Fact]
    public void Every_diagnostic_of_the_reader_is_raised_by_one_of_them()
    {
        var raised = Names.SelectMany(n => Read(n.Data)).Select(d => d.Code).ToHashSet(StringComparer.Ordinal);

        var declared = YamlDiagnostics.All.Concat(FieldDiagnostics.All).Concat(PlaybookDiagnostics.All).Concat(PartDiagnostics.All).Concat(TemplateDiagnostics.All).Select(d => d.Code)
            .Where(c => !c.StartsWith("RB3", StringComparison.Ordinal)).ToList(); // 3xxx belong to planning
        Assert.True(declared.Count >= 30);
        Assert.Equal([], declared.Where(c => !raised.Contains(c)));
    }

    [Fact]
    public void Windows_line_ends_change_no_diagnostic()
    {
        var twins = Names.Select(n => n.Data).Where(n => n.EndsWith("_crlf", StringComparison.Ordinal)).ToList();

        Assert.True(twins.Count >= 5);
        Assert.All(twins, twin => Assert.Equal(Read(twin[..^"_crlf".Length]).Select(Line), Read(twin).Select(Line)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_form_shows_every_diagnostic(string name)
    {
        var diagnostics = Read(name);

        Assert.Equal(diagnostics.Count, DiagnosticRenderer.OneLine(diagnostics).Count(c => c == '\n'));
        Assert.All(diagnostics, d => Assert.Contains($"{d.Code}: {DisplayText.Visible(d.Message)}", DiagnosticRenderer.Human(diagnostics), StringComparison.Ordinal));
    }

    private static List<Diagnostic> Read(string name)
    {
        var source = SourceText.FromBytes($"{name}.yml", File.ReadAllBytes(Path.Combine(Folder, $"{name}.yml")));
        return [.. PlaybookReader.Read(source, BuiltinKinds.Catalogue, Open).Diagnostics];
    }

    private static (SourceText?, string) Open(string file, SourceText from, string part)
    {
        var path = Path.GetFullPath(file, Folder);
        return File.Exists(path) ? (SourceText.FromBytes(Path.GetRelativePath(Folder, path), File.ReadAllBytes(path)), "") : (null, $"there is no file '{file}'");
    }

    private static string Line(Diagnostic d)
    {
        var (start, end) = (d.Start, d.End);
        var text = new StringBuilder($"{start.Line}:{start.Column}-{(end.Line == start.Line ? "" : $"{end.Line}:")}{end.Column} ");
        if (d.Source.Path.Contains('/', StringComparison.Ordinal))
        {
            text.Insert(0, $"{d.Source.Path}:");
        }

        return text.Append($"{d.Code} {d.Severity.ToString().ToLowerInvariant()} {DisplayText.Visible(d.Message)}").ToString();
    }
}
