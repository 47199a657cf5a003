using Runbooks.Language.Diagnostics;

namespace Runbooks.Language.Tests.Diagnostics;

public sealed class SuggestionTests
{
    private static readonly string[] Known = ["timeout", "retry", "name", "when", "why"];

    [Theory]
    [InlineData("timout", "timeout")]
    [InlineData("tiemout", "timeout")]
    [InlineData("TIMEOUT", "timeout")]
    [InlineData("nmae", "name")]
    [InlineData("wen", "when")]
    [InlineData("environment", null)]
    [InlineData("", null)]
    public void A_near_word_is_suggested_and_a_far_one_is_not(string word, string? expected)
    {
        Assert.Equal(expected, Suggestion.For(word, Known));
    }

    [Fact]
    public void Without_a_near_word_the_whole_choice_is_shown_when_it_is_short()
    {
        Assert.Equal("known here: name, retry, timeout, when, why", Suggestion.Hint("zzz", Known));
        Assert.Null(Suggestion.Hint("zzz", Enumerable.Range(0, 40).Select(i => $"field{i}aaaa").ToList()));
        Assert.Null(Suggestion.Hint("zzz", []));
    }

    [Fact]
    public void A_hostile_word_costs_nothing()
    {
        Assert.Null(Suggestion.For(new string('a', 1_000_000), Known));
    }
}
