using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Probes;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>Whatever one probe does, the others are heard, and nobody waits longer than the deadline.</summary>
public sealed class CollectorTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> Cases => [.. BuiltinProbes.All.SelectMany(p => ((string[])["throws", "hangs and hears nothing"]).Select(how => (p.Name, how)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_rest_is_collected_and_what_the_probe_would_have_said_is_unknown(string name, string how)
    {
        var world = new AssessedWorld();
        var others = new CountdownEvent(BuiltinProbes.All.Length - 1);
        var probes = BuiltinProbes.All.Select(p => p.Name == name ? new Broken(p, how) : (IProbe)new Watched(p, others));
        var began = world.Time.GetTimestamp();

        var collecting = Collector.CollectAsync(probes, world.Sight(), Deadline, TestContext.Current.CancellationToken);
        // The clock goes on only when everybody else has answered: none of them may be late.
        while (!others.IsSet)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
            world.Time.Advance(TimeSpan.FromMilliseconds(20));
        }

        while (!collecting.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        var outcomes = await collecting;
        Assert.True(world.Time.GetElapsedTime(began) <= Deadline, $"it took {world.Time.GetElapsedTime(began)}");
        Assert.Equal(BuiltinProbes.All.Select(p => p.Name), outcomes.Select(o => o.Probe));
        var broken = outcomes.Single(o => o.Probe == name);
        Assert.Empty(broken.Readings);
        Assert.Contains(how == "throws" ? "InvalidOperationException: out of order" : "no answer within", Assert.Single(broken.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain(outcomes.Where(o => o.Probe != name), o => o.Problems.Any(p => p.Contains("no answer within", StringComparison.Ordinal)));
        var assessment = Assessor.Assess(world.Subject, outcomes, text => text);
        Assert.True(assessment.HasSeen);
        Assert.Contains(assessment.Unseen, u => u.Probe == name);
        Assert.All(broken.Facts, fact => Assert.Contains(assessment.Facts.Evidence, e => e.Fact == fact && e.Means == "unknown"));
    }

    [Theory]
    [InlineData("says no", "it cannot be said")]
    [InlineData("hangs", "no answer within")]
    public async Task When_no_probe_sees_anything_everything_is_unknown(string how, string why)
    {
        var world = new AssessedWorld();
        var collecting = Collector.CollectAsync(BuiltinProbes.All.Select(p => new Broken(p, how)), world.Sight(), Deadline, TestContext.Current.CancellationToken);
        while (!collecting.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        var assessment = Assessor.Assess(world.Subject, await collecting, text => text);

        Assert.Equal(BuiltinProbes.All.Select(p => p.Name), assessment.Unseen.Select(u => u.Probe));
        Assert.All(assessment.Unseen, u => Assert.Contains(why, u.Why, StringComparison.Ordinal));
        Assert.Equal(Facts.None with { Vars = assessment.Facts.Vars, Evidence = assessment.Facts.Evidence }, assessment.Facts);
    }

    [Fact]
    public async Task Who_stops_it_does_not_wait_for_the_probes()
    {
        using var stop = new CancellationTokenSource();
        var collecting = Collector.CollectAsync(BuiltinProbes.All.Select(p => new Broken(p, "hangs and hears nothing")), new AssessedWorld().Sight(), Deadline, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => collecting);
    }

    /// <summary>Stands in the place of a probe.</summary>
    private sealed class Broken(IProbe instead, string how) : IProbe
    {
        public string Name => instead.Name;

        public string Source => instead.Source;

        public ImmutableArray<string> Facts => instead.Facts;

        public TimeSpan Limit => instead.Limit;

        public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
        {
            switch (how)
            {
                case "throws":
                    throw new InvalidOperationException("out of order");
                case "says no":
                    return ProbeAnswer.Unknown("it cannot be said");
                default:
                    await Task.Delay(Timeout.InfiniteTimeSpan, how == "hangs" ? cancel : CancellationToken.None);
                    return ProbeAnswer.Of();
            }
        }
    }

    private sealed class Watched(IProbe probe, CountdownEvent done) : IProbe
    {
        public string Name => probe.Name;

        public string Source => probe.Source;

        public ImmutableArray<string> Facts => probe.Facts;

        public TimeSpan Limit => probe.Limit;

        public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
        {
            try
            {
                return await probe.LookAsync(sight, cancel);
            }
            finally
            {
                done.Signal();
            }
        }
    }
}
