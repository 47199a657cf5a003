using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using static Runbooks.Engine.Tests.Releases.Some;

namespace Runbooks.Engine.Tests.Releases;

public sealed class ReleaseHistoryTests
{
    [Fact]
    public void A_release_is_a_candidate_until_it_is_verified()
    {
        Assert.Equal(ReleaseStanding.Candidate, History(Recorded("1", "a")).Current?.Standing);
        Assert.Equal(ReleaseStanding.Good, History(Recorded("1", "a"), Verified("1")).Current?.Standing);
    }

    [Theory]
    [InlineData(VerdictKind.Unknown)]
    [InlineData(VerdictKind.DoesNotHold)]
    public void What_does_not_hold_or_is_unknown_makes_nothing_good(VerdictKind verdict)
    {
        Assert.Equal(ReleaseStanding.Candidate, History(Recorded("1", "a"), Verified("1", verdict)).Current?.Standing);
    }

    [Fact]
    public void Bad_is_bad_for_ever()
    {
        var history = History(Recorded("1", "a"), Bad("1", "loses orders"), Verified("1"));

        Assert.Equal(ReleaseStanding.Bad, history.Current?.Standing);
        Assert.Equal("loses orders", history.Current?.Condemned?.Reason);
    }

    [Fact]
    public void Previous_is_the_last_verified_one_and_each_that_is_passed_over_is_named_with_its_reason()
    {
        var history = History(
            Recorded("1", "a"), Verified("1"),
            Recorded("2", "b"), Verified("2"),
            Recorded("3", "c"), Verified("3"), Bad("3", "loses orders"),
            Recorded("4", "d"),
            Recorded("5", "e"), Verified("5", VerdictKind.Unknown),
            Recorded("6", "f"), Verified("6", VerdictKind.DoesNotHold),
            Recorded("7", "g"));

        var previous = history.Previous();

        Assert.Equal("2", previous.Previous?.Release.Id);
        Assert.Equal(
            [new("6", "was verified not to be well"), new("5", "could not be verified"), new("4", "was never verified"), new SkippedRelease("3", "is bad: loses orders")],
            previous.Skipped);
    }

    [Fact]
    public void A_good_release_that_is_the_same_as_what_is_deployed_is_no_way_back()
    {
        var previous = History(Recorded("1", "a"), Verified("1"), Recorded("2", "b"), Verified("2"), Recorded("3", "b")).Previous();

        Assert.Equal("1", previous.Previous?.Release.Id);
        Assert.Equal([new SkippedRelease("2", "is the same as what is deployed")], previous.Skipped);
    }

    [Fact]
    public void When_something_is_deployed_that_nobody_recorded_the_last_verified_one_can_be_the_current_one()
    {
        var history = History(Recorded("1", "a"), Verified("1"), Recorded("2", "b"), Verified("2"));

        Assert.Equal("1", history.Previous().Previous?.Release.Id);
        Assert.Equal("1", (history with { IsCurrentDeployed = true }).Previous().Previous?.Release.Id);
        Assert.Equal("2", (history with { IsCurrentDeployed = false }).Previous().Previous?.Release.Id);
        var unverified = History(Recorded("1", "a"), Verified("1"), Recorded("2", "b")) with { IsCurrentDeployed = false };
        Assert.Equal(("1", "2"), (unverified.Previous().Previous?.Release.Id, Assert.Single(unverified.Previous().Skipped).Id));
    }

    [Fact]
    public void Without_a_verified_one_there_is_no_previous()
    {
        var history = History(Recorded("1", "a"), Recorded("2", "b"));

        Assert.Null(history.Previous().Previous);
        Assert.Contains("1 was never verified", history.Find("previous").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_is_found_by_the_beginning_of_its_id_when_that_is_only_one()
    {
        var history = History(Recorded("20260301-aa", "a"), Recorded("20260302-bb", "b"));

        Assert.Equal("20260302-bb", history.Find("20260302").Release?.Release.Id);
        Assert.Equal("20260302-bb", history.Find("current").Release?.Release.Id);
        Assert.Contains("fits 2 releases", history.Find("2026").Problem, StringComparison.Ordinal);
        Assert.Contains("there is no release 'x'", history.Find("x").Problem, StringComparison.Ordinal);
    }
}
