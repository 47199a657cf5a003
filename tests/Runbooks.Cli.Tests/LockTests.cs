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

    [Fact]
    public async Task Who_is_refused_is_told_since_when_it_is_held_and_in_which_step_that_run_is()
    {
        using var project = new Project().Playbook("""
            lock: shop
            steps:
              - { id: one, run: [echo, first] }
              - { id: two, shell: "echo ready; while ! test -e go; do sleep 0.02; done" }
            """);
        var holder = project.Start("exec", "pb.yml");
        await holder.SeesAsync("│ ready");

        var refused = (await project.ExecAsync()).Expect(3);
        project.Write("go", "");
        (await holder.Ended).Expect(0);

        Assert.Matches($@"held by run {project.Records()[0].Id} by .* on .* \(process {holder.Pid}\) since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\dZ, in step 'two'", refused.Out);
        var lockFile = Assert.Single(Directory.GetFiles(Path.Combine(project.At(project.Store), "locks"), "shop-*"));
        Assert.Equal(0, new FileInfo(lockFile).Length);
    }

    [Fact]
    public async Task A_lock_is_stolen_by_ending_the_run_that_holds_it_which_takes_back_what_it_did()
    {
        using var project = new Project().Playbook("""
            lock: shop
            on_failure: undo
            steps:
              - { id: one, shell: "test -e second || echo first >state", undo: { shell: "rm state" } }
              - { id: two, effect: read, shell: "test -e second && exit; echo ready; sleep 600" }
            """);
        var holder = project.Start("exec", "pb.yml");
        await holder.SeesAsync("│ ready");
        project.Write("second", "");

        var run = (await project.ExecAsync("--steal")).Expect(0);
        (await holder.Ended).Expect(4);

        var (first, second) = (project.Records()[0], project.Records()[1]);
        Assert.Matches($@"lock   shop is held by run {first.Id} by .* \(process {holder.Pid}\): asked to end, waiting for it", run.Out);
        Assert.Contains($"stolen from run {first.Id} by ", run.Out, StringComparison.Ordinal);
        Assert.Equal(Conclusion.Undone, first.Ended.Conclusion);
        Assert.False(File.Exists(project.At("state")));
        Assert.All(project.Records(), r => r.IsWhole());
        var events = second.Journal.Lines.Select(l => l.Event).ToList();
        Assert.True(events.FindIndex(e => e is LockClaimed) < events.FindIndex(e => e is LockTaken { StolenFrom: not null }));
    }

    [Fact]
    public async Task A_lock_that_a_killed_run_left_is_taken_and_that_is_said_and_on_record()
    {
        using var project = new Project().Playbook("""
            lock: shop
            steps:
              - { id: one, shell: "echo ready; while ! test -e go; do sleep 0.02; done" }
            """);
        var holder = project.Start("exec", "pb.yml");
        await holder.SeesAsync("│ ready");
        var lockFile = Assert.Single(Directory.GetFiles(Path.Combine(project.At(project.Store), "locks"), "shop-*"));
        holder.Send(NativeCalls.Kill);
        await holder.Ended;
        var written = await File.ReadAllTextAsync(lockFile, project.Cancellation);
        project.Write("go", "");
        var killed = project.Record().Id;

        var run = (await project.ExecAsync()).Expect(0);

        Assert.Matches($@"^run {killed} by .*\nshop\nrun {killed}\nprocess [0-9a-f-]{{36}}:\d+\nsince \d{{4}}-.*\nhost .+\npid {holder.Pid}\n", written);
        Assert.Contains($"left by run {killed} by ", run.Out, StringComparison.Ordinal);
        Assert.Contains("which is no longer alive", run.Out, StringComparison.Ordinal);
        var taken = Assert.Single(project.Records()[1].Journal.Lines.Select(l => l.Event).OfType<LockTaken>());
        Assert.StartsWith($"run {killed} by ", taken.Left, StringComparison.Ordinal);
        (await project.ExecAsync()).Expect(0);
        Assert.Null(Assert.Single(project.Records()[2].Journal.Lines.Select(l => l.Event).OfType<LockTaken>()).Left);
    }
}
