using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Probes;

/// <summary>Asks all probes side by side, each within its own limit, and all of them within a deadline, whatever they do.</summary>
public static class Collector
{
    /// <summary>Of the deadline, at most: so long what was stopped may take to end its children.</summary>
    private static readonly TimeSpan Cleaning = TimeSpan.FromSeconds(2);

    /// <param name="probes">In the order in which they are begun: what perishes first comes first.</param>
    /// <param name="deadline">Nothing waits longer.</param>
    /// <returns>In the order of the probes: what each saw, or why it did not.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<ImmutableArray<ProbeOutcome>> CollectAsync(IEnumerable<IProbe> probes, Sight sight, TimeSpan deadline, CancellationToken cancel)
    {
        var cleaning = deadline / 5 < Cleaning ? deadline / 5 : Cleaning;
        return [.. await Task.WhenAll([.. probes.Select(p => AskAsync(p, sight, p.Limit < deadline - cleaning ? p.Limit : deadline - cleaning, cleaning, cancel))])];
    }

    private static async Task<ProbeOutcome> AskAsync(IProbe probe, Sight sight, TimeSpan limit, TimeSpan cleaning, CancellationToken cancel)
    {
        var time = sight.Ports.Time;
        var began = time.GetTimestamp();
        // Not disposed: who is given up on may still hold it.
        var over = new CancellationTokenSource(limit, time);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancel);
        ProbeAnswer answer;
        try
        {
            // On a thread of its own: a file system that hangs holds up nobody else.
            answer = await Task.Run(() => probe.LookAsync(sight, stop.Token), CancellationToken.None).WaitAsync(limit + cleaning, time, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            answer = ProbeAnswer.Unknown($"there was no answer within {Durations.Format(limit)}");
        }
        catch (Exception bug)
        {
            answer = ProbeAnswer.Unknown($"{bug.GetType().Name}: {bug.Message}");
        }

        return new ProbeOutcome(probe.Name, probe.Source, probe.Facts, sight.Now)
        {
            Readings = answer.Readings,
            Problems = [.. answer.Problems.Select(sight.Mask)],
            Elapsed = time.GetElapsedTime(began),
        };
    }
}
