using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Language.Tests.Playbooks;

public sealed class PlaybookReaderTests
{
    private const string Head = "runbook: v1\nname: x\n";

    [Fact]
    public void Good_playbooks_have_no_mistakes_with_either_line_end()
    {
        foreach (var text in GoodPlaybooks.All.SelectMany(p => (string[])[p, p.ReplaceLineEndings("\r\n")]))
        {
            var read = PlaybookReader.Read(new SourceText("a.yml", text), TestKinds.Catalogue);

            Assert.Equal("", DiagnosticRenderer.Human(read.Diagnostics));
            Assert.NotNull(read.Value);
        }
    }

    [Fact]
    public void Everything_that_is_written_is_in_the_model()
    {
        var playbook = PlaybookReader.Read(new SourceText("a.yml", GoodPlaybooks.Rollback), TestKinds.Catalogue).Value;

        Assert.NotNull(playbook);
        Assert.Equal(("app-rollback", "1.2.0", "application", "low"), (playbook.Name, playbook.Version, playbook.Strategy, playbook.Risk));
        Assert.Equal(TimeSpan.FromSeconds(30), playbook.Downtime);
        Assert.Equal(["service", "version", "compose", "db_password", "parts"], playbook.Vars.Select(v => v.Name));
        Assert.Equal(["web", "worker two"], playbook.Vars[4].Default ?? []);
        Assert.Equal(["stop", "pin", "find", "look", "step_5"], playbook.Steps.Select(s => s.Id));
        Assert.Equal("run", playbook.Steps[0].Undo?.Kind.Name);
        Assert.True(playbook.Steps[3].Captures);
        Assert.Equal(["file", "file"], playbook.Guards.Select(g => g.Kind.Name));
        Assert.Equal("http", Assert.Single(playbook.Validations).Kind.Name);
        Assert.Equal(OnFailure.Stop, playbook.OnFailure);
    }

    // The marked place is the place of the one diagnostic.
    [Theory]
    [InlineData("RB1001", Head + "[|stesp|]: []\nsteps:\n  - run: a\n")]
    [InlineData("RB1001", Head + "steps:\n  - run: a\n    [|timout|]: 5s\n")]
    [InlineData("RB1001", Head + "steps:\n  - [|rnu|]: a\n")]
    [InlineData("RB1001", Head + "steps:\n  - http: {url: a, [|prot|]: 1}\n")]
    [InlineData("RB1002", "[|runbook|]: v1\nsteps:\n  - run: a\n")]
    [InlineData("RB1002", Head + "steps:\n  - [|edit|]: {file: a}\n")]
    [InlineData("RB1002", Head + "steps:\n  - http:\n      url: a\n      headers:\n        - [|value: a|]\n")]
    [InlineData("RB1003", Head + "steps: [|run|]\n")]
    [InlineData("RB1003", Head + "steps:\n  - [|run|]\n")]
    [InlineData("RB1003", Head + "steps:\n  - run: [|{argv2: x}|]\n", "RB1001")]
    [InlineData("RB1003", Head + "steps:\n  - edit: [|./file|]\n")]
    [InlineData("RB1003", Head + "steps:\n  - run: [a, [|{b: c}|]]\n")]
    [InlineData("RB1004", "runbook: [|v2|]\nname: x\nsteps:\n  - run: a\n")]
    [InlineData("RB1004", Head + "steps:\n  - run: a\n    timeout: [|30|]\n")]
    [InlineData("RB1004", Head + "steps:\n  - run: a\n    id: [|A-b|]\n")]
    [InlineData("RB1004", Head + "steps:\n  - run: a\n    capture: [|yes|]\n")]
    [InlineData("RB1005", Head + "steps:\n  - run: a\n    retry: [|0|]\n")]
    [InlineData("RB1005", Head + "steps:\n  - wait: [|61m|]\n")]
    [InlineData("RB1006", Head + "steps:\n  - [|run|]:\n")]
    [InlineData("RB1006", Head + "steps:\n  - run: a\n    [|timeout|]: ~\n")]
    [InlineData("RB1006", Head + "steps:\n  - run: [a, [|~|]]\n")]
    [InlineData("RB1010", "[|- a|]\n")]
    [InlineData("RB1010", "[|text|]\n")]
    [InlineData("RB1011", Head + "steps:\n  - [|name|]: a\n")]
    [InlineData("RB1012", Head + "steps:\n  - run: a\n    [|shell|]: b\n")]
    [InlineData("RB1013", Head + "guards:\n  - [|name|]: a\nsteps:\n  - run: a\n")]
    [InlineData("RB1014", Head + "guards:\n  - file: a\n    [|http|]: b\nsteps:\n  - run: a\n")]
    [InlineData("RB1015", Head + "steps:\n  - wait: 1s\n    [|env|]: {A: b}\n")]
    [InlineData("RB1015", Head + "steps:\n  - wait: 1s\n    [|effect|]: read\n")]
    [InlineData("RB1018", Head + "steps:\n  - run: a\n    undo: { run: b, [|when|]: \"{{ true }}\" }\n")]
    [InlineData("RB1017", Head + "steps: [|[ ]|]\n")]
    [InlineData("RB2001", Head + "steps:\n  - run: echo {{ [|(|] }}\n", null)]
    [InlineData("RB2002", Head + "steps:\n  - run: echo {{ [|nothing|] }}\n")]
    [InlineData("RB2002", Head + "steps:\n  - run: echo {{ [|item|] }}\n")]
    [InlineData("RB2002", Head + "steps:\n  - run: echo {{ [|run.no|] }}\n")]
    [InlineData("RB2002", Head + "steps:\n  - run: \"echo \\\"q\\\" {{ [|nothing|] }}\"\n")]
    [InlineData("RB2002", Head + "steps:\n  - run: >-\n      echo\n      {{ [|nothing|] }}\n")]
    [InlineData("RB2002", Head + "description: 🎉\nsteps:\n  - name: 🎉 {{ [|nothing|] }}\n    run: a\n")]
    [InlineData("RB2002", Head + "vars: {v: {default: a}}\nsteps:\n  - run: 'echo {{ [|v.x|] }}'\n")]
    [InlineData("RB2002", Head + "steps:\n  - run: echo \"{{ for i in 1..2 }}{{ i }}{{ end }}{{ [|i|] }}\"\n")]
    [InlineData("RB2003", Head + "steps:\n  - run: echo {{ [|x|] = 1 }}\n")]
    [InlineData("RB2003", Head + "steps:\n  - run: echo {{ [|t|]his }}\n")]
    [InlineData("RB2004", Head + "steps:\n  - shell: |\n      echo\n      echo [|{{ a }}|]\n")]
    [InlineData("RB2005", Head + "steps:\n  - run: echo {{ [|steps.b.stdout|] }}\n")]
    [InlineData("RB2005", Head + "steps:\n  - {run: a, id: b}\n  - run: echo {{ [|steps.b.stdout|] }}\n")]
    [InlineData("RB2005", Head + "steps:\n  - {run: a, id: b, capture: true}\n  - run: echo {{ [|steps.b.out|] }}\n")]
    [InlineData("RB2006", Head + "steps:\n  - run: echo [|'|]a\n")]
    [InlineData("RB0006", Head + "steps:\n  - wait: [|{{ x }}|]\n")]
    [InlineData("RB2007", Head + "steps:\n  - run: echo {{ [|upper|] }}\n")]
    [InlineData("RB2007", Head + "steps:\n  - run: echo {{ 'a' | [|replace|] 'a' }}\n")]
    [InlineData("RB2007", Head + "vars: {v: {default: a}, count: {default: b}}\nsteps:\n  - run: 'echo {{ [|v|] count }}'\n")]
    [InlineData("RB2010", Head + "steps:\n  - {run: a, id: b}\n  - {run: a, id: [|b|]}\n")]
    [InlineData("RB2011", Head + "vars: {[|item|]: {default: a}}\nsteps:\n  - run: a\n")]
    [InlineData("RB2012", Head + "vars: {v: {type: integer, default: [|a|]}}\nsteps:\n  - run: 'echo {{ v }}'\n")]
    [InlineData("RB2013", Head + "vars: {v: {required: true, default: [|a|]}}\nsteps:\n  - run: 'echo {{ v }}'\n")]
    [InlineData("RB5001", Head + "vars: {[|v|]: {default: a}}\nsteps:\n  - run: a\n")]
    public void A_mistake_is_reported_where_it_is(string code, string marked, string? other = "")
    {
        var text = Marked.Parse(marked);

        var found = Assert.Single(PlaybookReader.Read(text.Source, TestKinds.Catalogue).Diagnostics, d => d.Code == code || d.Code == other);

        if (other == "")
        {
            Assert.Equal((code, text.Source.Slice(text.Span), text.Span), (found.Code, found.Source.Slice(found.Span), found.Span));
        }
        else
        {
            Assert.InRange(found.Span.Start, 0, text.Source.Content.Length);
        }
    }

    [Fact]
    public void All_mistakes_of_a_file_are_reported_at_once_and_in_its_order()
    {
        const string Text = "runbook: v2\nnme: x\nvars: {v: {type: intger, max: x}}\nsteps:\n  - rnu: a\n  - run: echo {{ w }} 'b\n  - run: a\n    timeout: 5\n    shell: b\n";

        var diagnostics = PlaybookReader.Read(new SourceText("a.yml", Text), TestKinds.Catalogue).Diagnostics;

        Assert.Equal(["RB1002", "RB1004", "RB1001", "RB1004", "RB1004", "RB1001", "RB2006", "RB1004", "RB1012"], diagnostics.Select(d => d.Code));
        Assert.Equal(diagnostics.Select(d => d.Span.Start).Order(), diagnostics.Select(d => d.Span.Start));
    }

    [Fact]
    public void After_a_syntax_error_nothing_is_called_missing()
    {
        var diagnostics = PlaybookReader.Read(new SourceText("a.yml", "runbook: v1\nvars: {a: b\nname: x\n"), TestKinds.Catalogue).Diagnostics;

        Assert.Contains(diagnostics, d => d.Code == "RB0001");
        Assert.DoesNotContain(diagnostics, d => d.Code is "RB1002" or "RB5001");
    }

    [Theory]
    [InlineData("docker ps --format '{{.Names}}'")]
    [InlineData("docker ps --format '{{json .}}'")]
    [InlineData("docker ps --format '{{range .X}}{{.Y}}{{else}}{{end}}'")]
    [InlineData("echo '{{'")]
    public void Braces_of_other_languages_are_text_in_a_script(string script)
    {
        var text = $"{Head}steps:\n  - shell: |\n      {script}\n";

        Assert.Empty(PlaybookReader.Read(new SourceText("a.yml", text), TestKinds.Catalogue).Diagnostics);
    }

    [Fact]
    public void A_secret_that_stands_in_the_file_is_not_repeated()
    {
        var text = $"{Head}vars: {{p: {{secret: true, type: integer, default: hunter2}}}}\nsteps:\n  - {{run: env, env: {{P: '{{{{ p }}}}'}}}}\n";

        var diagnostics = PlaybookReader.Read(new SourceText("a.yml", text), TestKinds.Catalogue).Diagnostics;

        Assert.Equal("RB2013", Assert.Single(diagnostics).Code);
        Assert.DoesNotContain("hunter2", DiagnosticRenderer.Human(diagnostics) + DiagnosticRenderer.Json(diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_are_unique_and_in_their_range()
    {
        var all = YamlDiagnosticsAndOthers();

        Assert.True(all.Count >= 40);
        Assert.Equal(all.Count, all.Select(d => d.Code).Distinct().Count());
        Assert.Equal(all.Count, all.Select(d => d.Name).Distinct().Count());
        Assert.All(all, d => Assert.Matches("^RB[0-359][0-9]{3}$", d.Code));
        Golden.Verify(string.Concat(all.OrderBy(d => d.Code, StringComparer.Ordinal).Select(d => $"{d.Code} {d.Name} {d.Severity.ToString().ToLowerInvariant()}: {d.Title}\n")), "diagnostics/language-codes.golden");
    }

    private static List<Descriptor> YamlDiagnosticsAndOthers() =>
    [
        .. Language.Yaml.YamlDiagnostics.All, .. Language.Fields.FieldDiagnostics.All, .. PlaybookDiagnostics.All, .. PartDiagnostics.All, .. Language.Templates.TemplateDiagnostics.All, .. VarDiagnostics.All,
    ];
}
