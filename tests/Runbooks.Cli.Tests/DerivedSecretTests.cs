using System.Text;

namespace Runbooks.Cli.Tests;

/// <summary>What is computed from a secret is one too: in the plan, in what programs print, and in what waits for the output of a step.</summary>
public sealed class DerivedSecretTests
{
    private const string Secret = "hunter2-Correct/Horse";

    [Fact]
    public async Task A_secret_stays_one_through_filters_pipes_and_concatenation()
    {
        using var project = NewProject("""
            steps:
              - id: computed
                shell: printf '%s\n' "$UP" "$CUT" "$PARTS" "$SUM" "$BLOCK" "$CODED"
                env:
                  UP: "{{ password | upper }}"
                  CUT: '{{ password | strip_prefix "hunter2-" }}'
                  PARTS: '{{ password | replace "-" " and " | replace "/" " or " }}'
                  SUM: "{{ 'user:' + password + '@db' | upper }}"
                  BLOCK: "{{ if password == 'x' }}nothing{{ else }}pass={{ password | lower }}{{ end }}"
                  CODED: "{{ password | upper | base64 }}"
              - id: find
                run: [echo, Tail]
                capture: true
              - id: later
                run: [printenv, VALUE]
                env: { VALUE: "{{ (password | lower) + steps.find.stdout }}" }
                validate:
                  - command: { argv: [sh, -c, 'cat; exit 1'], stdin: "{{ steps.find.stdout + (password | lower) }}" }
            """);

        var plan = (await project.RunAsync("plan", "pb.yml")).Expect(0);
        var run = (await project.ExecAsync()).Expect(1);
        var shown = (await project.RunAsync("runs", "show")).Expect(0);

        Assert.Equal("***\n***\n***\n***\n***\n***\n", Encoding.UTF8.GetString(project.Record().OutputOf("computed")));
        Assert.Equal("***\n", Encoding.UTF8.GetString(project.Record().OutputOf("later")));
        Assert.Contains("does not hold", run.Out);
        var everything = plan.Said + run.Said + shown.Said + string.Concat(Directory.GetFiles(project.At(".runbook"), "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("playbook.yml", StringComparison.Ordinal)).Select(File.ReadAllText));
        foreach (var form in (string[])["hunter2-", "HUNTER2", "Correct/Horse", "CORRECT/HORSE", "correct/horse", "hunter2 and", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret.ToUpperInvariant()))])
        {
            Assert.DoesNotContain(form, everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Between_what_a_secret_only_chooses_stays_readable()
    {
        using var project = NewProject("""
              place: { type: string, default: production }
            steps:
              - id: choose
                shell: echo "$A $B $C true production testing"
                env: { A: "{{ password != '' }}", B: "{{ password == 'x' ? 'testing' : place }}", C: "{{ password == 'x' ? place : 'testing' }}" }
            """);

        (await project.ExecAsync()).Expect(0);

        Assert.Equal("true production testing true production testing\n", Encoding.UTF8.GetString(project.Record().OutputOf("choose")));
        Assert.Contains("***", project.Record().Plan.GetRawText());
    }

    [Fact]
    public async Task A_secret_beside_a_changed_value_is_not_in_the_diff()
    {
        using var project = NewProject("""
            steps:
              - env: { A: "{{ password }}" }
                run: "true"
              - id: pin
                edit: { file: a.json, set: { tag: v2 } }
            """);
        project.Write("a.json", $$"""{"tag":"v1","password":"{{Secret}}"}""");

        var plan = (await project.RunAsync("plan", "pb.yml")).Expect(0);

        Assert.Contains("""{"tag":"v2","password":"***"}""", plan.Out);
        Assert.DoesNotContain("hunter2", plan.Said);
    }

    [Theory]
    [InlineData("- run: [login, '{{ password }}']")]
    [InlineData("- run: \"login -p{{ password | upper }}\"")]
    [InlineData("- { run: 'true', undo: { run: [logout, '{{ password }}'] } }")]
    [InlineData("- { run: 'true', validate: [{ command: 'probe {{ password }}' }] }")]
    public async Task Lint_says_that_a_secret_would_stand_among_the_words_of_a_program(string step)
    {
        using var project = NewProject($"steps:\n  {step}\n");

        var ended = (await project.RunAsync("lint", "pb.yml")).Expect(2);

        Assert.Contains("RB3004", ended.Out);
        Assert.Contains("pass it through 'env:' or 'stdin:'", ended.Out);
    }

    private static Project NewProject(string rest) =>
        new Project().Set("DB_PASSWORD", Secret).Playbook("vars:\n  password: { type: string, secret: true, from_env: DB_PASSWORD }\n" + rest);
}
