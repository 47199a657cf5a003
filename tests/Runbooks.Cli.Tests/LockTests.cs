using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>One run at a time may hold what a playbook's <c>lock:</c> names.</summary>
public sealed class LockTests
{
    [Fact]
    public async Task Of_two_hundred_starts_one_runs_and_all_others_refuse_and_name_it()
    {
        using var project = new Project().Playbook("""
            lock: shop
            steps:
              - { id: one, shell: "echo happened >>one.log; echo ready; while ! test -e go; do sleep 0.02; done" }
            """);
        var holder = project.Start("exec", "pb.yml");
        await holder.SeesAsync("│ ready");
        var id = project.Record().Id;

        await Parallel.ForEachAsync(Enumerable.Range(0, 199), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = project.Cancellation }, async (_, _) =>
        {
            var refused = (await project.ExecAsync()).Expect(3);
            Assert.Contains($"the lock 'shop' is held by run {id} by ", refused.Out, StringComparison.Ordinal);
            Assert.Contains("nothing was changed", refused.Out, StringComparison.Ordinal);
        });
        project.Write("go", "");
        (await holder.Ended).Expect(0);

        Assert.Equal("happened\n", File.ReadAllText(project.At("one.log")));
        Assert.Equal(200, project.Records().Count);
        Assert.All(project.Records(), r => r.IsWhole());
        Assert.Equal(199, project.Records().Count(r => r.Ended.Conclusion == Conclusion.Refused));
    }

    [Fact]
    public async Task Of_many_starts_at_the_same_moment_one_runs()
    {
        using var project = new Project().Playbook("""
            lock: shop
            steps:
              - { id: one, shell: "echo happened >>one.log; while ! test -e go; do sleep 0.02; done" }
            """);

        var runs = Enumerable.Range(0, 12).Select(_ => project.Start("exec", "pb.yml")).ToList();
        var refused = 0;
        var ended = runs.ConvertAll(run => run.Ended);
        while (refused < 11)
        {
            var run = await Task.WhenAny(ended);
            ended.Remove(run);
            (await run).Expect(3);
            refused++;
        }

        project.Write("go", "");
        (await Assert.Single(ended)).Expect(0);
        Assert.Equal("happened\n", File.ReadAllText(project.At("one.log")));
    }
}
