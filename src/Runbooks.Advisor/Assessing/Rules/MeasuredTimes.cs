using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>How long it took before: the good release until it was healthy, and the playbooks when they were run here.</summary>
internal static class MeasuredTimes
{
    public static void Apply(Draft draft)
    {
        var measured = new List<Measurement>();
        if (draft.Good is { } good)
        {
            var changed = draft.Changed;
            var times = good.Release.Services.Where(s => changed.IsEmpty || changed.Contains(s.Name))
                .Select(s => good.LastVerified?.HealthyAfter.GetValueOrDefault(s.Name) is > 0 and var later ? later : s.HealthyAfter ?? 0).Where(t => t > 0).ToList();
            if (times.Count > 0)
            {
                measured.Add(new Measurement(Measurement.Healthy, TimeSpan.FromMilliseconds(times.Max()), $"release {good.Release.Id}"));
            }
        }

        if (draft.Get<PastRunsReading>() is { } past)
        {
            measured.AddRange(past.Runs.Select(r => new Measurement(r.Playbook, r.Took, $"run {r.Run}")));
        }

        if (measured.Count > 0)
        {
            draft.Facts = draft.Facts with { Measured = [.. measured] };
        }
    }
}
