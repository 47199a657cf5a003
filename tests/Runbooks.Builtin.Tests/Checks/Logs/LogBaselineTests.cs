using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Logs;

public sealed class LogBaselineTests
{
    private static readonly ContainerState App = OfService("app");
    private static readonly string[] Good = ["INFO up", "ERROR login of user 1 failed", "ERROR login of user 2 failed", "WARN slow: 3 s"];

    private static Task<Verdict> AskAsync(string fields, string[]? baseline, params string[] lines)
    {
        var files = new InMemoryFiles();
        files = baseline is null ? files : files.With($"{PlannedPlaybook.Project}/logs/good.log", string.Join('\n', baseline));
        var asked = AskedCheck.Of($"logs:\n  service: app\n  project: shop\n  baseline: logs/good.log\n  {fields}", files, ("token!", "s3cr3t-value"));
        return asked.AskAsync(UnusedPorts.All with { Docker = new DockerAnswers().Container(App).Log(App.Id, AskedCheck.RunStarted.AddSeconds(10), lines), Files = files });
    }

    [Theory]
    [InlineData(0, 2, VerdictKind.Holds)]
    [InlineData(0, 3, VerdictKind.DoesNotHold)]
    [InlineData(1, 3, VerdictKind.Holds)]
    [InlineData(1, 4, VerdictKind.DoesNotHold)]
    [InlineData(0, 0, VerdictKind.Holds)]
    public async Task Errors_may_be_so_many_more_than_in_the_baseline(int more, int errors, VerdictKind expected)
    {
        var verdict = await AskAsync($"max_errors_above_baseline: {more}", Good, [.. Enumerable.Repeat("ERROR login of user 9 failed", errors), "INFO up"]);

        Assert.Equal(expected, verdict.Kind);
        Assert.Contains("(2 in the baseline)", verdict.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_the_baseline_does_not_have_are_named_with_their_number()
    {
        string[] lines = ["ERROR login of user 77 failed", "ERROR order 1 of \"a\" has no currency", "WARN slow: 7 s", "WARN pool is empty", "ERROR order 2 of \"b\" has no currency", "INFO something else"];

        var verdict = await AskAsync("max_errors_above_baseline: 1", Good, lines);
        Assert.Equal((VerdictKind.Holds, "6 lines, 3 errors (2 in the baseline), 2 new messages"), (verdict.Kind, verdict.Observed));
        Assert.Equal([lines[0], lines[1], lines[4], "new, 2 times: ERROR order # of \"…\" has no currency", "new, 1 time: WARN pool is empty"], verdict.Evidence);
    }

    [Fact]
    public async Task The_baseline_may_have_another_form_than_the_log()
    {
        string[] collected = ["app-1  | 2026-01-01T00:00:00.000Z {\"level\":\"error\",\"msg\":\"login of user 1 failed\"}", "app-1  | 2026-01-01T00:00:01.000Z {\"level\":\"info\",\"msg\":\"up\"}"];

        var verdict = await AskAsync("max_errors_above_baseline: 0", collected, "level=error msg=\"login of user 5 failed\"");
        Assert.Equal((VerdictKind.Holds, "1 line, 1 error (1 in the baseline)"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_limit_of_its_own_holds_beside_the_one_above_the_baseline()
    {
        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync("max_errors: 0", Good, "ERROR login of user 1 failed")).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync("max_errors_above_baseline: 5\n  max_errors: 0", Good, "ERROR login of user 1 failed")).Kind);
    }

    [Fact]
    public async Task What_is_left_aside_is_left_aside_in_both()
    {
        var verdict = await AskAsync("max_errors_above_baseline: 0\n  ignore: '^ERROR login'", Good, "ERROR login of user 5 failed", "ERROR boom");

        Assert.Equal((VerdictKind.DoesNotHold, "2 lines, 1 error (0 in the baseline), 1 new message; the first: ERROR boom"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_pattern_counts_in_both()
    {
        string[] good = ["E 1", "E 2", "fine"];

        Assert.Equal(VerdictKind.Holds, (await AskAsync("max_errors_above_baseline: 0\n  error_pattern: '^E '", good, "E 5", "E 6")).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync("max_errors_above_baseline: 0\n  error_pattern: '^E '", good, "E 5", "E 6", "E 7")).Kind);
    }

    [Fact]
    public async Task A_baseline_that_says_nothing_is_unknown()
    {
        Assert.StartsWith("the baseline logs/good.log cannot be read: ", await WhyAsync(null), StringComparison.Ordinal);
        Assert.Equal("1 line, 1 error (0 in the baseline), 1 new message; the baseline holds nothing that it could be compared with", await WhyAsync([]));
        Assert.Equal("1 line, 1 error (0 in the baseline), 1 new message; in the baseline 1 entry has no level that is known, like this one: what is this?", await WhyAsync(["what is this?"]));

        static async Task<string> WhyAsync(string[]? baseline)
        {
            var verdict = await AskAsync("max_errors_above_baseline: 3", baseline, "ERROR x");
            Assert.Equal(VerdictKind.Unknown, verdict.Kind);
            return verdict.Observed;
        }
    }

    [Fact]
    public async Task A_log_without_levels_is_unknown_also_beside_a_baseline() => Assert.Equal(VerdictKind.Unknown, (await AskAsync("max_errors_above_baseline: 3", Good, "what is this?")).Kind);

    [Fact]
    public async Task No_part_of_a_secret_is_left_in_a_new_message()
    {
        var verdict = await AskAsync("max_errors_above_baseline: 3", Good, "ERROR token s3cr3t-value is wrong", $"ERROR {new string('.', 288)}s3cr3t-value");

        Assert.All(verdict.Evidence, line => Assert.DoesNotContain("value", line, StringComparison.Ordinal));
        Assert.All(verdict.Evidence, line => Assert.DoesNotContain("s3", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_statement_names_the_baseline()
    {
        Assert.Equal("the logs of container a since the start of the run hold no more errors than good.log", AskedCheck.Of("logs: { container: a, baseline: good.log, max_errors_above_baseline: 0 }").Statement);
        Assert.Equal(
            "the logs of container a since the start of the run hold at most 2 errors more (lines that match ^E) than good.log",
            AskedCheck.Of("logs: { container: a, baseline: good.log, max_errors_above_baseline: 2, error_pattern: ^E }").Statement);
        Assert.Equal("the logs of container a since the start of the run hold no errors, compared with good.log", AskedCheck.Of("logs: { container: a, baseline: good.log }").Statement);
    }

    [Fact]
    public void A_limit_above_no_baseline_is_a_mistake() => Assert.Equal(["RB3252"], AskedCheck.Of("logs: { container: a, max_errors_above_baseline: 2 }").Errors);
}
