using System.Text.RegularExpressions;

namespace Runbooks.Cli.Tests;

/// <summary>The engine is killed at every write of a run, at every start and end of a program and at the replacement of a file. From every such moment <c>resume</c> comes to where an undisturbed run comes, and <c>undo</c> to where it began.</summary>
public sealed partial class CrashMatrixTests
{
    private const string Compose = "services:\n  app:\n    image: myapp:v2  # the bad one\n";

    private const int AtATime = 3;

    private const string Rows = "one\ntwo\n";

    /// <summary>Every change counts itself: a line for each time that it happened.</summary>
    private static string Playbook(bool fails) => $$$"""
        lock: shop
        on_failure: undo
        steps:
          - { id: first, shell: "echo ready; while ! test -e go; do sleep 0.02; done; echo v1", effect: read, capture: true }
          - id: one
            shell: echo happened >>one.log
            validate: [ file: { path: one.log } ]
            undo: { shell: "rm -f one.log", on_resume: rerun }
          - { id: gate, approve: Go on? }
          - id: pin
            edit: { file: docker-compose.yml, set: { services.app.image: myapp:v1 } }
          - id: two
            shell: echo "happened to $V" >>two.log
            env: { V: "{{ steps.first.stdout | size }}" }
            undo: { shell: "rm -f two.log", on_resume: rerun }
          - { id: save, backup: { files: [data.txt], to: saved.tar } }
          - id: wipe
            shell: echo happened >>wipe.log; rm -f data.txt
            effect: destroy
            requires_backup: save
            undo: { shell: "tar -xf saved.tar -C /; rm -f wipe.log", on_resume: rerun }
          - id: three
            shell: echo happened >{{{(fails ? "three.log; exit 1" : ">three.log")}}}
            {{{(fails ? "on_resume: rerun" : "")}}}
            undo: { shell: "rm -f three.log", on_resume: rerun }
        """;

    [Theory]
    [InlineData("pwrite64", false)]
    [InlineData("pwrite64", true)]
    [InlineData("fsync", false)]
    [InlineData("clone3", false)]
    [InlineData("wait4", false)]
    [InlineData("rename", false)]
    public Task From_every_write_and_effect_a_killed_run_is_resumed_to_where_it_would_have_come(string call, bool fails) => AtEveryMomentAsync(call, fails, async (project, when) =>
    {
        var resumed = await SettledAsync(project, when, "resume", "--approve", "gate=alice");

        Assert.True(resumed.Exit == (fails ? 4 : 0), $"{when}: {resumed.Out}{resumed.Error}");
        project.Record().IsWhole();
        IsAt(project, when, isDone: !fails);
    });

    [Theory]
    [InlineData("pwrite64")]
    [InlineData("clone3")]
    [InlineData("wait4")]
    public Task From_every_write_and_effect_a_killed_run_is_taken_back_to_where_it_began(string call) => AtEveryMomentAsync(call, fails: false, async (project, when) =>
    {
        var undone = await project.RunAsync("undo", project.Record().Id);

        Assert.True(undone.Exit == 0, $"{when}: {undone.Out}{undone.Error}");
        Assert.All(project.Records(), r => r.IsWhole());
        IsAt(project, when, isDone: false);
        Assert.Contains("changed nothing that is not taken back already", (await project.RunAsync("undo", project.Records()[0].Id)).Expect(0).Out, StringComparison.Ordinal);
    });

    /// <summary>Kills a run at the first call, one at the second, and so on, until one comes to its end; several at a time, because most of it is waiting.</summary>
    /// <param name="check">What must be true of a project whose run was killed.</param>
    private static async Task AtEveryMomentAsync(string call, bool fails, Func<Project, string, Task> check)
    {
        for (var at = 1; ; at += AtATime)
        {
            var killed = await Task.WhenAll(Enumerable.Range(at, AtATime).Select(KilledAndCheckedAsync));
            if (killed.Contains(false))
            {
                var moments = at - 1 + killed.Count(k => k);
                Assert.True(moments >= MomentsOf(call), $"the run was killed at {moments} moments only");
                return;
            }
        }

        async Task<bool> KilledAndCheckedAsync(int moment)
        {
            using var project = await KilledAsync(call, moment, fails);
            if (project.Record().State.IsSealed)
            {
                return false;
            }

            await check(project, $"killed at {call} {moment}");
            return true;
        }
    }

    /// <summary>How many there are at least: writes and flushes of the record, programs that are started and ended, a file that is replaced. strace counts the calls of each thread for itself.</summary>
    private static int MomentsOf(string call) => call switch
    {
        "pwrite64" => 11,
        "clone3" => 3,
        "rename" => 1,
        _ => 4,
    };

    private static void IsAt(Project project, string when, bool isDone)
    {
        foreach (var (name, text) in new[] { ("one.log", "happened\n"), ("two.log", "happened to 8\n"), ("wipe.log", "happened\n"), ("three.log", "happened\n") })
        {
            var found = project.Has(name) ? File.ReadAllText(project.At(name)) : "";
            Assert.True(found == (isDone ? text : ""), $"{when}: {name} holds '{found}'");
        }

        Assert.True(project.Has("data.txt") ? !isDone && File.ReadAllText(project.At("data.txt")) == Rows : isDone, $"{when}: the data are not what they should be");
        Assert.True(File.ReadAllText(project.At("docker-compose.yml")) == (isDone ? Compose.Replace("v2", "v1", StringComparison.Ordinal) : Compose), $"{when}: the Compose file is wrong");
    }

    /// <summary>Does what the operator is asked to do: looks whether the step in doubt happened, and says so.</summary>
    private static async Task<Finished> SettledAsync(Project project, string when, params string[] verb)
    {
        List<string> said = [];
        while (true)
        {
            var run = await project.RunAsync([.. verb, .. said]);
            var asked = Question().Matches(run.Out).Select(m => m.Groups["step"].Value).Distinct(StringComparer.Ordinal).ToList();
            if (run.Exit != 3 || asked.Count == 0)
            {
                return run;
            }

            Assert.True(said.Count == 0, $"{when}, asked twice: {run.Out}");
            said = [.. asked.SelectMany(step => new[] { "--settle", $"{step}={(project.Has($"{step}.log") ? "done" : "again")}" })];
        }
    }

    [GeneratedRegex("'--settle (?<step>[a-z]+)=done'")]
    private static partial Regex Question();

    private static async Task<Project> KilledAsync(string call, int at, bool fails)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is not on this machine");
        var project = new Project().Set("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1").Set("DOTNET_EnableDiagnostics", "0").Playbook(Playbook(fails));
        project.Write("docker-compose.yml", Compose);
        project.Write("data.txt", Rows);
        var run = project.Start("exec", "pb.yml", "--approve", "gate=alice");
        await run.SeesAsync("│ ready");
        var killer = project.StartProgram("strace", "-f", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={at}", "-p", $"{run.Pid}");
        await killer.SeesAsync("attached");
        project.Write("go", "");
        await run.Ended;
        await killer.Ended;
        // One that was killed in the middle of a program leaves that behind, and nobody goes on before it has ended: it comes to its end by itself.
        while (MarkedProcesses.Alive(project.Record().Id).Count > 0)
        {
            await Task.Delay(20, project.Cancellation);
        }

        return project;
    }
}
