using Runbooks.Engine.Kinds;

namespace Runbooks.Engine.Running;

/// <summary>One question to the world, bounded, with three answers whatever happens.</summary>
internal static class Questions
{
    /// <summary>A single question that takes longer than this is unknown: no check may hang a run.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static async Task<Verdict> AskOnceAsync(ICheckKind kind, CheckQuestion question, CheckContext context, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Longest, context.Ports.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return await kind.AskAsync(question, context, both.Token);
        }
        catch (OperationCanceledException)
        {
            return Verdict.Unknown(cancel.IsCancellationRequested ? "the run was stopped" : $"no answer within {Longest.TotalMinutes:0} minutes");
        }
        catch (Exception e) when (e is not OutOfMemoryException and not TrailUnwritableException)
        {
            // A check that breaks must not vanish and must not pass: it is unknown, and says why.
            return Verdict.Unknown($"the check itself failed: {e.GetType().Name}: {e.Message}");
        }
    }
}
