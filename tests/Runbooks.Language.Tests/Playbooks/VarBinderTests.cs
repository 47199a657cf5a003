using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Language.Tests.Playbooks;

public sealed class VarBinderTests
{
    private const string Declared = """
        version: { type: string, required: true, pattern: '^v\d+$' }
        service: { type: string, default: app, enum: [app, web] }
        count: { type: integer, default: 3, min: 1, max: 10 }
        ratio: { type: number, default: 0.5 }
        wait: { type: duration, default: 90s, max: 3600 }
        force: { type: boolean, default: false }
        parts: { type: list, default: [a] }
        host: { type: string, from_env: APP_HOST, default: localhost }
        file: { type: path, default: x.yml }
        note: { type: string }
        password: { type: string, secret: true, from_env: DB_PASSWORD }
        pin: { type: integer, secret: true }
        """;

    [Fact]
    public void Without_anything_given_the_defaults_hold()
    {
        var bindings = Bind(["version=v1"]).Value;

        Assert.NotNull(bindings);
        Assert.Equal(
            ["version=v1 CommandLine", "service=app Default", "count=3 Default", "ratio=0.5 Default", "wait=1m30s Default", "force=false Default", "parts=a Default", "host=localhost Default", "file=x.yml Default", "note= Nowhere", "password= Nowhere", "pin= Nowhere"],
            bindings.Items.Select(b => $"{b.Name}={b.Shown} {b.Origin}"));
        Assert.Equal(TimeSpan.FromSeconds(90), bindings.Find("wait")?.Value);
        Assert.Equal(3L, bindings.Find("count")?.Value);
    }

    [Fact]
    public void The_command_line_wins_over_the_file_over_the_environment_over_the_default()
    {
        var inputs = new VarInputs { Environment = name => name == "APP_HOST" ? "from-env" : null };
        Assert.Equal("from-env", Host(inputs));

        inputs = inputs with { File = new SourceText("vars.yml", "host: from-file") };
        Assert.Equal("from-file", Host(inputs));

        inputs = inputs with { Assignments = ["host=from-line"] };
        Assert.Equal("from-line", Host(inputs));
        Assert.Equal("localhost", Host(new VarInputs { Environment = _ => "" }));

        static string? Host(VarInputs inputs) => Bind(inputs with { Assignments = inputs.Assignments.Add("version=v1") }).Value?.Find("host")?.Shown;
    }

    [Theory]
    [InlineData("web,worker", "web|worker")]
    [InlineData(" web , worker ", "web|worker")]
    [InlineData("[web, \"a,b\", 'c']", "web|a,b|c")]
    [InlineData("one", "one")]
    [InlineData("", "")]
    [InlineData("[]", "")]
    [InlineData("a b", "a b")]
    public void A_list_is_written_with_commas_or_in_brackets(string text, string expected)
    {
        var value = Bind(["version=v1", $"parts={text}"]).Value?.Find("parts")?.Value;

        Assert.Equal(expected, string.Join('|', Assert.IsType<ImmutableArray<string>>(value)));
    }

    [Fact]
    public void A_list_given_several_times_collects()
    {
        var value = Bind(["parts=a,b", "version=v1", "parts=c", "parts=[d]"]).Value?.Find("parts")?.Value;

        Assert.Equal(["a", "b", "c", "d"], Assert.IsType<ImmutableArray<string>>(value));
    }

    [Fact]
    public void A_value_is_taken_as_it_is_behind_the_first_equals_sign()
    {
        const string Hostile = "a=b \"'$(touch x)\n; rm -rf {{ count }} 🎉";

        var bound = Bind(["version=v1", $"note={Hostile}"]);

        Assert.Equal(Hostile, bound.Value?.Find("note")?.Value);
        Assert.Empty(bound.Diagnostics);
    }

    [Theory]
    [InlineData("version: v2\ncount: 4\nforce: True\nparts: [x, 'y']\nratio: 1e2\nwait: 1m\n")]
    [InlineData("{\"version\": \"v2\", \"count\": 4, \"force\": true, \"parts\": [\"x\", \"y\"], \"ratio\": 100, \"wait\": \"60s\"}")]
    [InlineData("{\r\n\t\"version\": \"v2\",\r\n\t\"count\": 4, \"force\": true, \"parts\": [\"x\", \"y\"], \"ratio\": 100, \"wait\": \"60s\"\r\n}\r\n")]
    public void A_file_is_yaml_or_json_and_read_by_the_declared_types(string text)
    {
        var bound = Bind(new VarInputs { File = new SourceText("vars.yml", text) });

        Assert.Equal("", DiagnosticRenderer.OneLine(bound.Diagnostics));
        Assert.Equal(["v2", "app", "4", "100", "1m", "true", "x, y"], bound.Value?.Items.Take(7).Select(b => b.Shown) ?? []);
    }

    [Theory]
    [InlineData("verson=v1", "RB2020", "--var(1,1): error RB2020: the playbook has no variable 'verson' (did you mean 'version'?)")]
    [InlineData("version", "RB2023", "--var(1,1): error RB2023: there is no '=' after --var (write --var name=value)")]
    [InlineData("=v1", "RB2023", "--var(1,1): error RB2023: there is no name before '=' (write --var name=value)")]
    [InlineData("", "RB2023", "--var(1,1): error RB2023: there is no '=' after --var (write --var name=value)")]
    [InlineData("version=<VERSION>", "RB2028", "--var(1,9): error RB2028: 'version' has no value: <VERSION> stands for one (write the value in its place: --var version=…)")]
    [InlineData("parts=a,<PARTS>", "RB2028", "--var(1,7): error RB2028: 'parts' has no value: <PARTS> stands for one (write the value in its place: --var parts=…)")]
    [InlineData("version=1", "RB2022", @"--var(1,9): error RB2022: 'version': '1' does not match ^v\d+$")]
    [InlineData("service=db", "RB2022", "--var(1,9): error RB2022: 'service': 'db' is not one of app, web")]
    [InlineData("count=many", "RB2022", "--var(1,7): error RB2022: 'count': 'many' is not a whole number")]
    [InlineData("count=11", "RB2022", "--var(1,7): error RB2022: 'count': '11' is above the maximum 10")]
    [InlineData("count=0", "RB2022", "--var(1,7): error RB2022: 'count': '0' is below the minimum 1")]
    [InlineData("wait=5", "RB2022", "--var(1,6): error RB2022: 'wait': '5' is not a duration (a unit is missing: did you mean '5s'?)")]
    [InlineData("wait=2h", "RB2022", "--var(1,6): error RB2022: 'wait': '2h' is above the maximum 3600")]
    [InlineData("force=yes", "RB2022", "--var(1,7): error RB2022: 'force': 'yes' is neither true nor false (write true)")]
    [InlineData("ratio=x", "RB2022", "--var(1,7): error RB2022: 'ratio': 'x' is not a number")]
    [InlineData("parts=[a", "RB2022", "--var(1,7): error RB2022: 'parts' is a list, and this is not one (for example a,b or [a, \"b,c\"])")]
    [InlineData("parts=a,,b", "RB2022", "--var(1,7): error RB2022: 'parts' is a list, and this is not one (for example a,b or [a, \"b,c\"])")]
    [InlineData("file=", "RB2022", "--var(1,6): error RB2022: 'file': a path is not empty")]
    public void Each_mistake_has_its_own_message(string assignment, string code, string line)
    {
        var bound = Bind([assignment, "service=app"]);

        Assert.Null(bound.Value);
        Assert.Contains($"{line}\n", DiagnosticRenderer.OneLine(bound.Diagnostics.Where(d => d.Code == code)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_variable_points_at_its_declaration_and_says_how_to_give_it()
    {
        var bound = Bind(VarInputs.None, "token: { required: true, from_env: TOKEN, secret: true }\nport: { type: integer, required: true, from_env: PORT }\nname: { required: true }\nkey: { required: true, secret: true }");

        Assert.Null(bound.Value);
        Assert.Equal(
            "playbook.yml(4,3): error RB2021: 'token' has no value (set the environment variable TOKEN)\n"
            + "playbook.yml(5,3): error RB2021: 'port' has no value (give it: --var port=…, or set the environment variable PORT)\n"
            + "playbook.yml(6,3): error RB2021: 'name' has no value (give it: --var name=…)\n"
            + "playbook.yml(7,3): error RB2021: 'key' has no value (give it in a --vars-file, or declare 'from_env')\n",
            DiagnosticRenderer.OneLine(bound.Diagnostics));
    }

    [Fact]
    public void A_variable_given_twice_shows_both_places()
    {
        var found = Assert.Single(Bind(["version=v1", "count=2", "version=v2"]).Diagnostics);

        Assert.Equal("RB2024", found.Code);
        Assert.Equal(new LinePosition(3, 1), found.Start);
        Assert.Equal("version", found.Source.Slice(Assert.IsType<Related>(found.Related).Span));
    }

    [Fact]
    public void All_mistakes_are_reported_together()
    {
        var bound = Bind(new VarInputs
        {
            Assignments = ["verson=v1", "count=x", "nothing"],
            File = new SourceText("vars.yml", "wait: 5\nforc: true\n"),
            Environment = name => name == "APP_HOST" ? "h" : null,
        });

        Assert.Equal(["RB2020", "RB2023", "RB2020", "RB2022", "RB2022", "RB2021"], bound.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData("a: [1, 2\nb: 3", "RB0001")]
    [InlineData("- a\n- b", "RB2027")]
    [InlineData("text", "RB2027")]
    [InlineData("", "RB0005")]
    [InlineData("version: v1\nversion: v2", "RB0003")]
    [InlineData("version: v1\n---\nversion: v2", "RB0004")]
    [InlineData("version: {a: b}", "RB2022")]
    [InlineData("version: [a]", "RB2022")]
    [InlineData("version:", "RB2022")]
    [InlineData("parts: [[a]]", "RB2022")]
    [InlineData("parts: [~]", "RB2022")]
    [InlineData("version: &x v1", "RB0007")]
    public void A_file_that_is_no_mapping_of_values_is_refused(string text, string code)
    {
        var bound = Bind(new VarInputs { Assignments = ["count=2"], File = new SourceText("vars.yml", text) });

        Assert.Null(bound.Value);
        var found = bound.Diagnostics.First(d => d.Code == code);
        Assert.Equal("vars.yml", found.Source.Path);
        Assert.InRange(found.Span.End, 0, text.Length);
    }

    [Fact]
    public void A_secret_on_the_command_line_is_accepted_with_a_warning()
    {
        var bound = Bind(["version=v1", "password=hunter2"]);

        Assert.Equal("hunter2", bound.Value?.Find("password")?.Value);
        Assert.Equal(("RB2025", Severity.Warning), (Assert.Single(bound.Diagnostics).Code, bound.Diagnostics[0].Severity));
    }

    [Theory]
    [InlineData("password", "abc", "RB2026")]
    [InlineData("pin", "0012", "RB2026")]
    [InlineData("pin", "not-a-number-hunter2", "RB2022")]
    public void A_secret_that_cannot_be_used_is_refused(string name, string value, string code)
    {
        var bound = Bind(new VarInputs { File = new SourceText("vars.yml", $"version: v1\n{name}: '{value}'\n") });

        Assert.Null(bound.Value);
        Assert.Equal(code, Assert.Single(bound.Diagnostics).Code);
        Assert.DoesNotContain(value, Everything(bound.Diagnostics), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "abcd")]
    [InlineData(true, "{\n\"key\": 1\n}\n")]
    [InlineData(true, "a\r\nbcde")]
    [InlineData(false, "abc ")]
    [InlineData(false, "    ")]
    [InlineData(false, "ab\ncd\n  ef\n")]
    public void A_secret_needs_one_line_that_can_be_masked(bool isGood, string value)
    {
        var bound = Bind(new VarInputs { Assignments = ["version=v1"], Environment = name => name == "DB_PASSWORD" ? value : null });

        Assert.Equal(isGood ? [] : ["RB2026"], bound.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData("password=hunter2-s3cret", null)]
    [InlineData("pasword=hunter2-s3cret", null)]
    [InlineData("password:hunter2-s3cret", null)]
    [InlineData("hunter2-s3cret", null)]
    [InlineData("=hunter2-s3cret", null)]
    [InlineData("pin=hunter2-s3cret", null)]
    [InlineData("password=hunter2-s3cret", "password: [hunter2-s3cret]")]
    [InlineData("version=1", "{\"password\": \"hunter2-s3cret\", \"verson\": \"x\", \"count\": \"y\"}")]
    [InlineData("version=1", "pasword: hunter2-s3cret\ncount: z\n")]
    [InlineData("version=1", "password: [hunter2-s3cret\ncount: 3\n")]
    [InlineData("version=1", "password hunter2-s3cret\ncount: 3\n")]
    [InlineData("version=1", "password: |\n  hunter2-s3cret\npassword: x\n")]
    [InlineData("version=1", "password: hunter2-s3cret\n\tx: 1\n")]
    [InlineData("version=1", "count: !!x 1 # hunter2-s3cret\npassword: &a hunter2-s3cret\n")]
    [InlineData("version=1", "- hunter2-s3cret")]
    [InlineData("version=1", "hunter2-s3cret")]
    [InlineData("version=1", "pin: {hunter2-s3cret: 1}")]
    public void No_secret_is_in_any_message_or_snippet(string assignment, string? file)
    {
        var bound = Bind(new VarInputs
        {
            Assignments = [assignment, assignment],
            File = file is null ? null : new SourceText("vars.yml", file),
            Environment = name => name == "DB_PASSWORD" ? "x" : null,
        });

        Assert.NotEmpty(bound.Diagnostics);
        Assert.DoesNotContain("hunter2", Everything(bound.Diagnostics), StringComparison.Ordinal);
        Assert.Null(bound.Value);
    }

    [Fact]
    public void The_scope_masks_secrets_and_knows_what_has_no_value()
    {
        var bindings = Bind(new VarInputs { Assignments = ["version=v1", "parts=x,y"], Environment = name => name == "DB_PASSWORD" ? "hunter2" : null }).Value;
        Assert.NotNull(bindings);
        const string Text = "{{ version }} {{ count + 1 }} {{ wait }} {{ parts | join '+' }} {{ password }} {{ note | default 'none' }} {{ force }}";
        var bag = new DiagnosticBag(new SourceText("a.yml", Text));

        var rendered = new TemplateRenderer().Render(TemplateParser.Parse(Text, (s, l) => new TextSpan(s, l), bag), bindings.ToScope(), bag);

        Assert.Empty(bag.ToSorted());
        Assert.Equal("v1 4 1m30s x+y *** none false", rendered?.Display);
        Assert.Equal(["hunter2"], bindings.Secrets);
        Assert.Equal("***", bindings.Find("password")?.Shown);
    }

    private static Checked<VarBindings> Bind(string[] assignments) => Bind(new VarInputs { Assignments = [.. assignments] });

    private static Checked<VarBindings> Bind(VarInputs inputs, string declared = Declared)
    {
        var text = $"runbook: v1\nname: x\nvars:\n  {declared.ReplaceLineEndings("\n  ")}\nsteps:\n  - run: \"true\"\n";
        var read = PlaybookReader.Read(new SourceText("playbook.yml", text), TestKinds.Catalogue);
        Assert.DoesNotContain(read.Diagnostics, d => d.Severity == Severity.Error);
        return VarBinder.Bind(read.Value ?? throw new InvalidOperationException("the playbook of the test is wrong"), inputs);
    }

    private static string Everything(ImmutableArray<Diagnostic> diagnostics) => DiagnosticRenderer.Human(diagnostics) + DiagnosticRenderer.OneLine(diagnostics)
        + DiagnosticRenderer.Json(diagnostics) + DiagnosticRenderer.Sarif(diagnostics, "1.0.0");
}
