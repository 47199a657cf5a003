namespace Runbooks.Cli.Tests;

public sealed class MainLoopTests
{
    [Fact]
    public async Task Everything_goes_on_in_the_thread_that_began_it()
    {
        var seen = await MainLoop.Run(async () =>
        {
            var threads = new List<int> { Environment.CurrentManagedThreadId };
            threads.Add(await ElsewhereAsync());
            threads.Add(Environment.CurrentManagedThreadId);
            await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
            {
                await ElsewhereAsync();
                threads.Add(Environment.CurrentManagedThreadId);
            }));
            return threads;
        });

        Assert.NotEqual(seen[0], seen[1]);
        Assert.Equal(53, seen.Count);
        Assert.All(seen.Skip(2), thread => Assert.Equal(seen[0], thread));
    }

    [Fact]
    public async Task What_is_thrown_after_a_wait_is_thrown_to_the_caller() =>
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => MainLoop.Run<int>(async () =>
        {
            await ElsewhereAsync();
            throw new InvalidOperationException("no");
        }))).Message);

    [Fact]
    public async Task Afterwards_the_thread_waits_as_before()
    {
        var before = SynchronizationContext.Current;

        var ended = MainLoop.Run(() => Task.FromResult(3));

        Assert.Same(before, SynchronizationContext.Current);
        Assert.Equal(3, await ended);
    }

    private static Task<int> ElsewhereAsync() => Task.Run(() => Environment.CurrentManagedThreadId, TestContext.Current.CancellationToken);
}
