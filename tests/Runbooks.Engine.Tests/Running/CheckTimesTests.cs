using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;

namespace Runbooks.Engine.Tests.Running;

public sealed class CheckTimesTests
{
    [Fact]
    public async Task Within_keeps_asking_until_it_holds()
    {
        using var bench = new Bench { Says = new SaysKind(Verdict.DoesNotHold("no"), Verdict.Unknown("?"), Verdict.Holds("yes")) };

        var result = await bench.RunAsync("steps:\n  - start: [x]\nvalidations:\n  - says: a\n    within: 10s\n    every: 2s\n");

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(3, result.State.Validations[0].Asked);
        Assert.InRange(result.State.Validations[0].ElapsedMs, 4000, 5000);
    }

    [Fact]
    public async Task Within_gives_up_when_its_time_is_over_with_the_last_answer()
    {
        using var bench = new Bench { Says = new SaysKind(Verdict.DoesNotHold("status 500")) };

        var result = await bench.RunAsync("steps:\n  - start: [x]\nvalidations:\n  - says: a\n    within: 5s\n    every: 2s\n");

        Assert.Equal(Conclusion.Failed, result.Conclusion);
        Assert.Equal("'a' does not hold: status 500 (after 4 questions)", result.Why);
    }

    [Fact]
    public async Task For_must_hold_without_a_break()
    {
        var flapping = new[] { true, true, false, true, true, true, true, true };
        using var bench = new Bench { Says = new SaysKind([.. flapping.Select(f => f ? Verdict.Holds("200") : Verdict.DoesNotHold("500"))]) };

        var result = await bench.RunAsync("steps:\n  - start: [x]\nvalidations:\n  - says: a\n    within: 30s\n    every: 1s\n    for: 3s\n");

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(7, result.State.Validations[0].Asked);
        Assert.Contains("for 3s", result.State.Validations[0].Observed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(119, null, null)]
    [InlineData(121, null, "'a' is unknown: no answer within 2m")]
    [InlineData(299, 300, null)]
    [InlineData(301, 300, "'a' is unknown: no answer within 5m")]
    public async Task An_answer_may_take_as_long_as_its_question_says_and_no_longer(int takes, int? longest, string? why)
    {
        using var bench = new Bench { Says = new SaysKind { Takes = TimeSpan.FromSeconds(takes), Longest = longest is { } most ? TimeSpan.FromSeconds(most) : null } };

        var result = await bench.RunAsync("steps:\n  - start: [x]\nvalidations:\n  - says: a\n");

        Assert.Equal((why is null ? Conclusion.Succeeded : Conclusion.Inconclusive, why ?? ""), (result.Conclusion, result.Why ?? ""));
    }

    [Fact]
    public async Task For_without_within_fails_at_the_first_break()
    {
        using var bench = new Bench { Says = new SaysKind(Verdict.Holds("200"), Verdict.DoesNotHold("500")) };

        var result = await bench.RunAsync("steps:\n  - start: [x]\nvalidations:\n  - says: a\n    for: 3s\n");

        Assert.Equal(Conclusion.Failed, result.Conclusion);
        Assert.Equal(2, bench.Says.Asked);
    }
}
