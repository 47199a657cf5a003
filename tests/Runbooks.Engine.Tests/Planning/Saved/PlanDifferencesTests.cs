using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Planning.Saved;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Planning.Saved;

public sealed class PlanDifferencesTests
{
    private const string Before = """
        guards:
          - says: one
          - says: two
          - name: same
            says: first
          - name: same
            says: second
        steps:
          - id: stop
            start: [stop, app, "with blanks"]
            timeout: 30s
            env: { A: "1", B: "2" }
            validate:
              - says: it is stopped
            undo:
              start: [start, app]
          - id: go
            start: [go]
          - id: gone
            start: [gone]
        validations:
          - says: it answers

        """;

    private const string After = """
        guards:
          - says: one
            within: 5s
          - name: same
            says: first
          - name: same
            says: other
        steps:
          - id: stop
            start: [stop, app, with, blanks]
            timeout: 1m
            env: { A: "one", C: "3" }
            validate:
              - says: it is stopped
                for: 2s
            undo:
              start: [start, web]
          - id: go
            start: [go]
            retry: { attempts: 3 }
            effect: destroy
            acknowledge: a copy is on tape
          - id: new
            start: [new]
        validations:
          - says: it answers

        """;

    [Fact]
    public void Every_difference_is_a_line_that_says_where_it_is_and_what_it_was()
    {
        var (was, now) = (Saving.Save(Saving.Plan(Saving.Given(), text: Before)), Saving.Plan(Saving.Given(), text: After, engine: "1.1.0", project: "/elsewhere"));

        Golden.Verify(string.Concat(Saving.Differences(was, now).Select(l => l + "\n")), "plan/differences.golden");
    }

    [Fact]
    public void A_plan_differs_from_itself_in_nothing_however_it_was_saved()
    {
        var plan = Saving.Plan(Saving.Given(), text: Before);

        Assert.Empty(Saving.Differences(Saving.Save(plan), plan));
    }

    [Fact]
    public void A_file_that_changed_is_named_and_its_diff_is_not_repeated()
    {
        const string Was = """{"steps":[{"id":"pin","actions":[{"effect":"file","path":"app.yml","before_sha256":"aa","after_sha256":"bb","diff":"x"}]}]}""";

        Assert.Equal(["step 'pin', file app.yml: its content has changed"], Of(Was, Was.Replace("aa", "cc", StringComparison.Ordinal).Replace("\"x\"", "\"y\"", StringComparison.Ordinal)));
        Assert.Equal(["step 'pin', file app.yml: the step would leave other content in it"], Of(Was, Was.Replace("bb", "cc", StringComparison.Ordinal)));
        Assert.Equal(["step 'pin', path: was 'app.yml', is 'web.yml'"], Of(Was, Was.Replace("app.yml", "web.yml", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_long_text_is_shown_where_it_differs()
    {
        var script = string.Concat(Enumerable.Range(1, 100).Select(i => $"line {i}\n"));
        var line = Assert.Single(Of(Form(script), Form(script.Replace("line 50\n", "line fifty\n", StringComparison.Ordinal))));

        Assert.StartsWith("step 'x', stdin: was '…47 line 48 line 49 line 50 line 51", line, StringComparison.Ordinal);
        Assert.Contains("is '…47 line 48 line 49 line fifty line 51", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 100, 320);
        Assert.DoesNotContain('\n', line);

        static string Form(string script) => JsonSerializer.Serialize(new { steps = new[] { new { id = "x", stdin = script } } });
    }

    [Fact]
    public void No_value_moves_the_cursor()
    {
        var line = Assert.Single(Of("""{"lock":"a"}""", """{"lock":"\u001b[2J\u202Eb"}"""));

        Assert.Equal("lock: was 'a', is '␛[2J\uFFFDb'", line);
    }

    [Fact]
    public void What_a_plan_is_made_from_is_compared_when_none_can_be_made()
    {
        var saved = Saving.Save(Saving.Plan(Saving.Given("version=v1")));
        var now = Saving.Plan(Saving.Given("version=v2"), engine: "2.0.0");
        using var json = JsonDocument.Parse(PlanJson.Utf8(new PlanRequest { Playbook = now.Playbook, Vars = now.Vars, Scope = now.Scope, ProjectDirectory = now.ProjectDirectory, EngineVersion = now.EngineVersion }));

        Assert.Equal(
            ["engine: the plan was made by version 1.0.0, this is version 2.0.0", "var 'version': was 'v1', is 'v2'"],
            PlanDifferences.OfOrigins(saved.Json, json.RootElement));
    }

    private static ImmutableArray<string> Of(string was, string now)
    {
        using var one = JsonDocument.Parse(was);
        using var other = JsonDocument.Parse(now);
        return PlanDifferences.Of(one.RootElement, other.RootElement);
    }
}
