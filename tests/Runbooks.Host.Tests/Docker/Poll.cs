namespace Runbooks.Host.Tests.Docker;

/// <summary>Waits for something that another program does, bounded by the test's own limit.</summary>
internal static class Poll
{
    public static async Task UntilAsync(Func<Task<bool>> holds, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
