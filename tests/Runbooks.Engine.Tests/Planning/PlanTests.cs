using Runbooks.Engine.Planning;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Planning;

public sealed class PlanTests
{
    private const string Steps = """
        description: Everything that a plan can show.
        strategy: application
        risk: low
        downtime: 30s
        guards:
          - name: the image is here
            says: image {{ image }}
            within: 5s
        defaults:
          timeout: 30s
          env: { SHARED: "yes", TOKEN: "{{ token }}" }
        steps:
          - id: find
            name: Find the version
            why: Nobody remembers it at night.
            start: [find, "{{ image }}"]
            capture: true
            effect: read
          - id: each
            for_each: [web, "work er"]
            start: [restart, "{{ item }}", "{{ steps.find.stdout }}"]
            env: { SHARED: "no" }
            cwd: sub
            retry: { attempts: 3, delay: 2s, backoff: exponential, jitter: true }
            undo:
              start: [undo, "{{ item }}"]
            validate:
              - says: "{{ item }} runs"
                for: 3s
          - id: maybe
            when: steps.find.exit_code == 0
            start: [maybe]
          - id: never
            when: image == "other"
            start: [never]
          - id: script
            start: [bash, -c, "echo one\necho two\n"]
            effect: destroy
            acknowledge: a copy is on tape
        validations:
          - says: it answers | with *stars* and `ticks`
        """;

    private static readonly (string, object, bool)[] Vars = [("image", "my app:v1`2", false), ("token", "t0p-s3cret-value", true)];

    [Fact]
    public void The_plan_reads_well_at_a_terminal() => Golden.Verify(PlanText.Write(Made()), "plan/everything.txt.golden");

    [Fact]
    public void The_plan_reads_well_in_a_pull_request() => Golden.Verify(PlanMarkdown.Write(Made()), "plan/everything.md.golden");

    [Fact]
    public void The_plan_as_json_is_complete() => Golden.Verify(PlanJson.Write(Made()), "plan/everything.json.golden");

    [Fact]
    public void Planning_twice_gives_the_same_digest_and_each_change_gives_another()
    {
        Assert.Equal(Made().Digest, Made().Digest);
        Assert.NotEqual(Made().Digest, Made(("image", "other", false), Vars[1]).Digest);
        Assert.Equal(64, Made().Digest.Length);
    }

    [Fact]
    public void No_form_of_the_plan_shows_a_secret_and_the_digest_does_not_depend_on_it()
    {
        var plan = Made();

        foreach (var form in (string[])[PlanText.Write(plan), PlanMarkdown.Write(plan), PlanJson.Write(plan)])
        {
            Assert.DoesNotContain("t0p", form, StringComparison.Ordinal);
            Assert.Contains("***", form, StringComparison.Ordinal);
        }

        Assert.Equal(plan.Digest, Made(Vars[0], ("token", "another-secret", true)).Digest);
    }

    [Theory]
    [InlineData("steps:\n  - start: [x, \"{{ token }}\"]\n", "RB3004")]
    [InlineData("steps:\n  - start: [x]\n    timeout: \"{{ token }}\"\n", "RB3004")]
    [InlineData("steps:\n  - start: [x]\n    timeout: \"{{ image }}\"\n", "RB3002")]
    [InlineData("steps:\n  - start: [x]\n    env: { \"A=B\": c }\n", "RB3005")]
    [InlineData("steps:\n  - start: [x, \"a\\0b\"]\n", "RB3006")]
    [InlineData("steps:\n  - id: a\n    start: [x]\n    capture: true\n  - start: [y]\n    timeout: \"{{ steps.a.stdout }}\"\n", "RB3003")]
    [InlineData("steps:\n  - start: [x]\n    validate:\n      - says: a\n        within: 1s\n        every: 5s\n", "RB3008")]
    [InlineData("steps:\n  - start: [x]\n    when: image\n", "RB3002")]
    public void A_value_that_does_not_fit_is_an_error_of_the_plan_with_its_place(string steps, string code)
    {
        using var bench = new Bench();

        var planned = bench.TryPlan(steps, Vars);

        Assert.Null(planned.Value);
        var diagnostic = Assert.Single(planned.Diagnostics, d => d.Severity == Language.Diagnostics.Severity.Error);
        Assert.Equal(code, diagnostic.Code);
        Assert.InRange(diagnostic.Span.Start, 1, diagnostic.Source.Content.Length);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("a\nb", "$'a\\nb'")]
    [InlineData("$(touch x)", "'$(touch x)'")]
    public void Words_are_shown_as_a_shell_would_read_them(string word, string shown) => Assert.Equal(shown, CommandLine.Quote(word));

    private static Plan Made(params (string, object, bool)[] vars)
    {
        using var bench = new Bench();
        return bench.Plan(Steps, vars.Length == 0 ? Vars : vars);
    }
}
