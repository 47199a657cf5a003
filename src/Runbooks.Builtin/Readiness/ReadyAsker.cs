using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Readiness;

/// <summary>Asks all items at once, bounded as a whole: one that fails or hangs is unknown, and the others are answered.</summary>
public static class ReadyAsker
{
    /// <summary>So long after the deadline or a stop, at most, what was started may need to end: nothing is left running.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<ReadyReport> AskAsync(ImmutableArray<IReadyItem> items, ReadyInputs inputs, TimeSpan deadline, CancellationToken cancel)
    {
        var time = inputs.Ports.Time;
        using var limit = new CancellationTokenSource(deadline, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var gone = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var ending = over.Token.Register(() => gone.CancelAfter(deadline < Grace ? deadline : Grace));
        var project = new ReadyProject(inputs, over.Token);
        var (overToken, goneToken) = (over.Token, gone.Token);
        var answers = await Task.WhenAll(items.Select(item => AskAsync(item, project, deadline, overToken, goneToken)));
        cancel.ThrowIfCancellationRequested();

        // Nobody waits for it here: when it is not there yet, no item had the time for it.
        var target = project.TargetAsync() is { IsCompletedSuccessfully: true } found ? (await found).Release?.Release.Id ?? "" : "";
        return new ReadyReport(inputs.Playbook?.Compose.Name ?? inputs.Project.Compose.Project, inputs.Directory, target, time.GetUtcNow(), [.. answers]);
    }

    private static async Task<ReadyItemAnswer> AskAsync(IReadyItem item, ReadyProject project, TimeSpan deadline, CancellationToken over, CancellationToken gone)
    {
        var time = project.Ports.Time;
        var began = time.GetTimestamp();
        ReadyAnswer answer;
        try
        {
            // On a thread of its own: a file system that hangs must not keep the others from being asked.
            answer = await Task.Run(() => item.AskAsync(project, over), CancellationToken.None).WaitAsync(gone);
        }
        catch (OperationCanceledException)
        {
            answer = ReadyAnswer.Unknown($"no answer within {Durations.Format(deadline)}", new ReadyFix("give it more time", "runbook ready --deadline 2m"));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // An item that breaks must not vanish and must not pass: it is unknown, and says why.
            answer = ReadyAnswer.Unknown($"looking itself failed: {e.GetType().Name}: {e.Message}");
        }

        return new ReadyItemAnswer(item.Name, item.Statement, item.Why, answer, time.GetElapsedTime(began));
    }
}
