using System.Collections.Immutable;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Checks.Stable;

/// <summary>Containers while they are watched: what was seen so far, and what follows from it.</summary>
internal sealed class StableWatch(StableCheck check, TimeProvider time, Func<string, string> mask)
{
    // All that is said of one sample is said of one moment.
    private long _now;
    private long? _began;
    private long? _goodSince;
    private long _good;
    private StableSample? _last;

    /// <summary>Until the next sample, after one that decided nothing. Whole milliseconds, so that the last one is not taken just before the end.</summary>
    public TimeSpan Pause
    {
        get
        {
            var left = TimeSpan.FromMilliseconds(Math.Ceiling(Left.TotalMilliseconds));
            return left < check.Every ? left : check.Every;
        }
    }

    /// <summary>Looks at one more sample.</summary>
    /// <returns>Null when it must go on.</returns>
    public Verdict? Take(DockerAnswer<ImmutableArray<ContainerState>> found)
    {
        _now = time.GetTimestamp();
        _began ??= _now;
        if (found.Problem is not null)
        {
            return Verdict.Unknown(_last is null ? found.Problem : $"{When}, {found.Problem}") with { Evidence = _last?.Evidence(mask) ?? [] };
        }

        var sample = new StableSample(found.Value, check.WaitsForHealth);
        if (sample.Untold is { } untold)
        {
            return Verdict.Unknown(untold) with { Evidence = sample.Evidence(mask) };
        }

        if ((_last is null ? sample.Trouble : Change(_last, sample)) is { } trouble)
        {
            return trouble with { Evidence = sample.Evidence(mask) };
        }

        _last = sample;
        var open = sample.OpenAt(time.GetUtcNow());
        _good = open is null ? _good + 1 : 0;
        _goodSince = open is null ? _goodSince ?? _now : null;
        return open is null && _good >= check.Samples && Since(_goodSince) >= Window(sample) ? Verdict.Holds($"{Phrases.Count(_good, "good sample")} in {Seconds(Since(_goodSince))}: {sample.Observed}")
            : TooShort(open, sample) is { } why ? Unsettled(why, sample)
            : null;
    }

    private TimeSpan Left => check.AtMost - Since(_began);

    private string When => _good > 0 ? $"{Seconds(Since(_goodSince))} after the first of {Phrases.Count(_good, "good sample")}" : $"{Seconds(Since(_began))} after the first look, before a sample was good";

    private Verdict? Change(StableSample before, StableSample now) => before.ChangeTo(now) is { } change ? Verdict.DoesNotHold($"{change}, {When}") : null;

    /// <summary>Why what is still open, or the samples that are still needed, cannot be settled in the time that is left; null when they can.</summary>
    private string? TooShort(StableOpen? open, StableSample sample)
    {
        var isTooLong = (open?.Left ?? TimeSpan.Zero) + sample.Window - Since(_goodSince) > Left;
        if (!isTooLong && Left > TimeSpan.Zero)
        {
            return null;
        }

        string?[] parts = [open?.Why, isTooLong && sample.Window > TimeSpan.Zero ? $"the health check needs {Durations.Format(sample.Window)} to fail (start period + retries × (interval + timeout))" : null];
        return string.Join(", then ", parts.OfType<string>()) is { Length: > 0 } why ? why : $"only {Phrases.Count(_good, "good sample")} of {check.Samples} could be taken";
    }

    private Verdict Unsettled(string why, StableSample sample)
    {
        var over = Since(_began) < TimeSpan.FromSeconds(1) ? "" : $", of which {Seconds(Since(_began))} are over";
        return Verdict.Unknown($"{why}, and at most {Durations.Format(check.AtMost)} are watched{over}: give a longer 'at_most'") with { Evidence = sample.Evidence(mask) };
    }

    private TimeSpan Window(StableSample sample) => sample.Window > check.Shortest ? sample.Window : check.Shortest;

    private TimeSpan Since(long? timestamp) => timestamp is { } from ? time.GetElapsedTime(from, _now) : TimeSpan.Zero;

    private static string Seconds(TimeSpan time) => Durations.Format(TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds)));
}
