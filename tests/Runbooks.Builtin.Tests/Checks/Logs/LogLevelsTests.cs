using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Logs;

/// <summary>What a <c>logs:</c> check concludes from the levels of entries, and from entries that have none.</summary>
public sealed class LogLevelsTests
{
    private static readonly DateTimeOffset During = AskedCheck.RunStarted.AddSeconds(10);
    private static readonly ContainerState App = OfService("app");

    private static Task<Verdict> AskAsync(string fields, params IEnumerable<string> lines) =>
        AskedCheck.Of($"logs:\n  service: app\n  project: shop\n  {fields}").AskAsync(new DockerAnswers().Container(App).Log(App.Id, During, [.. lines]));

    private static async Task AssertAsync(VerdictKind kind, string observed, string fields, params string[] lines)
    {
        var verdict = await AskAsync(fields, lines);
        Assert.Equal((kind, observed), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task Warnings_have_a_limit_of_their_own()
    {
        string[] lines = ["INFO up", "WARN slow", """{"level":40,"msg":"slower"}""", "level=warning msg=slowest"];

        await AssertAsync(VerdictKind.Holds, "4 lines, no errors, 3 warnings", "max_warnings: 3", lines);
        var verdict = await AskAsync("max_warnings: 2", lines);
        Assert.Equal((VerdictKind.DoesNotHold, "4 lines, no errors, 3 warnings; the first warning: WARN slow"), (verdict.Kind, verdict.Observed));
        Assert.Equal(lines[1..], verdict.Evidence);
        await AssertAsync(VerdictKind.Holds, "4 lines, no errors", "max_errors: 0", lines);
    }

    [Fact]
    public async Task Errors_are_no_warnings_and_do_not_matter_less_because_warnings_do()
    {
        await AssertAsync(VerdictKind.DoesNotHold, "1 line, 1 error, no warnings; the first: ERROR x", "max_warnings: 0", "ERROR x");
        await AssertAsync(VerdictKind.Holds, "1 line, 1 error, no warnings", "max_warnings: 0\n  max_errors: 1", "ERROR x");
    }

    [Fact]
    public async Task An_entry_of_several_lines_counts_once_and_names_its_exception()
    {
        string[] lines =
        [
            "Traceback (most recent call last):", "  File \"/app/main.py\", line 1, in <module>", "KeyError: 'x'",
            "12:00:00.123 [main] ERROR com.example.Shop -- boom", "java.lang.IllegalStateException: closed", "\tat com.example.Shop.main(Shop.java:3)", "Caused by: java.io.IOException: ERROR", "\t... 1 more",
            "2026-01-02 03:04:05.000 UTC [48] ERROR:  relation \"orders\" does not exist", "2026-01-02 03:04:05.000 UTC [48] STATEMENT:  SELECT", "2026-01-02 03:04:05.000 UTC [48] HINT:  ERROR",
        ];

        var verdict = await AskAsync("max_errors: 2", lines);
        Assert.Equal("11 lines, 3 errors; the first: Traceback (most recent call last): … KeyError: 'x'", verdict.Observed);
        Assert.Equal(
            ["Traceback (most recent call last): … KeyError: 'x'", "12:00:00.123 [main] ERROR com.example.Shop -- boom … java.lang.IllegalStateException: closed", lines[8]],
            verdict.Evidence);
        Assert.Equal(VerdictKind.Holds, (await AskAsync("max_errors: 3", lines)).Kind);
    }

    [Theory]
    [InlineData("listening on 8080")]
    [InlineData("2026/01/02 12:00:00 listening on :8080")]
    [InlineData("0 errors found")]
    [InlineData("""{"msg":"no level"}""")]
    [InlineData("""{"level":3,"msg":"whose number?"}""")]
    [InlineData("1:M 02 Jan 2026 12:00:00.000 * Ready to accept connections")]
    [InlineData("12:00:00 ??? \u0000\uFFFD\u0001")]
    public async Task A_log_without_levels_is_unknown(string line)
    {
        var verdict = await AskAsync("max_errors: 0", line, line);

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.StartsWith("2 lines, no errors; 2 entries have no level that is known, like this one: ", verdict.Observed, StringComparison.Ordinal);
        Assert.EndsWith("(say with 'error_pattern' which lines are errors, or leave such lines aside with 'ignore')", verdict.Observed, StringComparison.Ordinal);
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("max_warnings: 0", line)).Kind);
    }

    [Fact]
    public async Task It_can_be_said_what_an_error_is_in_such_a_log()
    {
        await AssertAsync(VerdictKind.Holds, "2 lines, no errors", "error_pattern: '^E '", "I fine", "I fine too");
        await AssertAsync(VerdictKind.Holds, "2 lines, no errors", "ignore: '^I '", "I fine", "I fine too");
        await AssertAsync(VerdictKind.Holds, "1 line", "contains: fine", "I fine");
    }

    [Fact]
    public async Task Beside_a_pattern_warnings_are_counted_by_level()
    {
        await AssertAsync(VerdictKind.DoesNotHold, "2 lines, 1 error, 1 warning; the first: INFO E1", "max_warnings: 1\n  error_pattern: 'E1'", "INFO E1", "WARN x");
        await AssertAsync(VerdictKind.Unknown, "1 line, no errors, no warnings; 1 entry has no level that is known, like this one: fine (leave such lines aside with 'ignore')", "max_warnings: 1\n  error_pattern: 'E1'", "fine");
    }

    [Fact]
    public async Task An_empty_log_has_no_errors() => await AssertAsync(VerdictKind.Holds, "0 lines, no errors", "max_errors: 0");

    [Fact]
    public async Task Errors_that_were_found_are_errors_whatever_else_is_unknown() =>
        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync("max_errors: 0", "what is this?", "ERROR x", "2026-01-02 what is this?")).Kind);

    [Theory]
    [InlineData(50, VerdictKind.Holds)]
    [InlineData(51, VerdictKind.Unknown)]
    public async Task A_banner_before_the_first_entry_is_let_pass(int lines, VerdictKind expected)
    {
        var verdict = await AskAsync("max_errors: 0", [.. Enumerable.Repeat(@"\\/  ___)| |_)| |", lines), "INFO up"]);

        Assert.Equal(expected, verdict.Kind);
        Assert.StartsWith($"{lines + 1} lines, no errors; {lines} entries have no level", verdict.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_a_time_is_no_banner() =>
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("max_errors: 0", [.. Enumerable.Range(0, 4).Select(i => $"2026/01/02 12:00:0{i} listening"), "INFO up"])).Kind);

    [Theory]
    [InlineData(1, 3, VerdictKind.Holds)]
    [InlineData(1, 4, VerdictKind.Unknown)]
    [InlineData(39, 3, VerdictKind.Holds)]
    [InlineData(39, 4, VerdictKind.Unknown)]
    [InlineData(100, 10, VerdictKind.Holds)]
    [InlineData(100, 11, VerdictKind.Unknown)]
    public async Task Among_entries_with_a_level_a_few_without_one_are_let_pass(int entries, int others, VerdictKind expected) =>
        Assert.Equal(expected, (await AskAsync("max_errors: 0", [.. Enumerable.Repeat("INFO fine", entries), .. Enumerable.Repeat("something else", others)])).Kind);

    [Theory]
    [InlineData("connection refused", VerdictKind.Unknown)]
    [InlineData("Killed: out of memory", VerdictKind.Unknown)]
    [InlineData("the worker has failed", VerdictKind.Unknown)]
    [InlineData("compiled with 0 errors and no warnings", VerdictKind.Holds)]
    [InlineData("10 errors", VerdictKind.Unknown)]
    public async Task A_line_without_a_level_that_speaks_of_trouble_is_not_let_pass(string line, VerdictKind expected)
    {
        var verdict = await AskAsync("max_errors: 0", [.. Enumerable.Repeat("INFO fine", 1000), "a line", line]);

        Assert.Equal(expected, verdict.Kind);
        Assert.Equal(expected == VerdictKind.Unknown, verdict.Observed.Contains($"like this one: {line}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_container_of_a_service_must_be_understood()
    {
        var second = OfService("app", number: 2);
        var docker = new DockerAnswers().Container(App).Log(App.Id, During, [.. Enumerable.Repeat("INFO fine", 100)]).Container(second).Log(second.Id, During, "fine");

        var verdict = await AskedCheck.Of("logs: { service: app, project: shop }").AskAsync(docker);
        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Contains("like this one: shop-app-2: fine (", verdict.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_is_left_aside_with_all_its_lines()
    {
        string[] lines = ["ERROR known trouble", "java.lang.RuntimeException: x", "\tat a.b(c.java:1)", "INFO fine"];

        await AssertAsync(VerdictKind.Holds, "4 lines, no errors", "ignore: known trouble", lines);
        await AssertAsync(VerdictKind.Holds, "4 lines, no errors", "ignore: 'RuntimeException: x$'", lines);
        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync("ignore: 'a\\.b'", lines)).Kind);
    }

    [Fact]
    public async Task After_an_error_only_so_many_lines_without_any_form_belong_to_it()
    {
        await AssertAsync(VerdictKind.Holds, "11 lines, 1 error", "max_errors: 1", ["ERROR x", .. Enumerable.Repeat("and more of it", 10)]);
        await AssertAsync(VerdictKind.Holds, "14 lines, 1 error; 3 entries have no level", "max_errors: 1", ["ERROR x", .. Enumerable.Repeat("and more of it", 13)]);
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("max_errors: 1", ["ERROR x", .. Enumerable.Repeat("and more of it", 14)])).Kind);
    }

    [Fact]
    public void The_statement_names_both_limits() => Assert.Equal(
        "the logs of container db since the start of the run hold no errors and at most 1 warning, leaving aside ^x",
        AskedCheck.Of("logs: { container: db, max_warnings: 1, ignore: '^x' }").Statement);
}
