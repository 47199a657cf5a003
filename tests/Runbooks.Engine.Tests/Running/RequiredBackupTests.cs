using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Running;

public sealed class RequiredBackupTests
{
    private const string Drop = """
          - id: drop
            start: [drop]
            effect: destroy
            requires_backup: save
        """;

    private static string Playbook(string text, string between = "") => $"""
        steps:
          - id: save
            save: {text}
        {between}{Drop}
        """;

    [Fact]
    public async Task What_destroys_begins_once_its_backup_is_there_and_whole()
    {
        using var bench = new Bench();

        var result = await bench.RunAsync(Playbook("all of it"));

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Contains(bench.Processes.Started, s => s.Argv[0] == "drop");
        Assert.Equal("/runs/run-1/backups/0001-save.txt", result.State.Steps[0].Backup?.Path);
        Golden.Verify(bench.Transcript, "run/backup.golden");
    }

    [Theory]
    [InlineData("fails", "", "step 'save': no space left on the device")]
    [InlineData("forgets", "", "step 'drop': it was not begun and nothing was destroyed: step 'save' put no backup on record")]
    public async Task Without_a_backup_it_does_not_begin(string text, string between, string why)
    {
        using var bench = new Bench();

        var result = await bench.RunAsync(Playbook(text, between));

        Assert.Equal((Conclusion.Failed, why), (result.Conclusion, result.Why));
        Assert.Empty(bench.Processes.Started);
        Assert.DoesNotContain("step.intended drop", bench.Transcript, StringComparison.Ordinal);
        Assert.False(result.State.Steps[1].MayHaveChanged);
    }

    [Theory]
    [InlineData("all of i", "has 8 bytes, 9 are on record")]
    [InlineData("all of ti", "is not the one on record")]
    [InlineData(null, "there is no such file")]
    public async Task A_backup_that_was_touched_since_is_none(string? now, string why)
    {
        const string Path = "/runs/run-1/backups/0001-save.txt";
        Bench? touched = null;
        using var bench = touched = new Bench(spec =>
        {
            if (spec.Argv[0] == "touch")
            {
                touched?.Files.Without(Path);
                _ = now is null ? null : touched?.Files.With(Path, now);
            }

            return new ScriptedEnd(0);
        });

        var result = await bench.RunAsync(Playbook("all of it", "  - start: [touch]\n"));

        Assert.Equal(Conclusion.Failed, result.Conclusion);
        Assert.Contains(why, result.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Processes.Started, s => s.Argv[0] == "drop");
    }

    [Fact]
    public async Task A_backup_that_was_skipped_in_the_run_is_none()
    {
        using var bench = new Bench(_ => new ScriptedEnd(0, "no"));

        var result = await bench.RunAsync($$$"""
            steps:
              - id: find
                start: [find]
                capture: true
              - id: save
                save: x
                when: steps.find.stdout == "yes"
            {{{Drop}}}
            """);

        Assert.Equal("step 'drop': it was not begun and nothing was destroyed: the backup of step 'save' is not made: the step was skipped", result.Why);
    }

    [Fact]
    public async Task An_attempt_after_a_failed_one_needs_the_backup_as_well()
    {
        Bench? touched = null;
        using var bench = touched = new Bench(_ =>
        {
            touched?.Files.Without("/runs/run-1/backups/0001-save.txt");
            return new ScriptedEnd(1);
        });

        var result = await bench.RunAsync(Playbook("x") + "\n    retry: { attempts: 3, delay: 1s }\n");

        Assert.Contains("is gone", result.Why, StringComparison.Ordinal);
        Assert.Single(bench.Processes.Started);
    }

    [Fact]
    public async Task An_acknowledgement_is_on_record_and_secret_in_no_form()
    {
        using var bench = new Bench();

        await bench.RunAsync("""
            steps:
              - id: drop
                start: [drop]
                effect: destroy
                acknowledge: it is made anew at each deployment
            """);

        var intended = JournalReader.Read(bench.Store.ReadJournal("run-1").Bytes).Lines.Select(l => l.Event).OfType<StepIntended>().Single();
        Assert.Equal("it is made anew at each deployment", intended.Acknowledged);
        Assert.Null(intended.Backups);
    }

    [Fact]
    public async Task A_run_that_is_taken_back_is_undone_with_its_backup_kept()
    {
        using var bench = new Bench(spec => new ScriptedEnd(spec.Argv[0] == "go" ? 1 : 0));

        var result = await bench.RunAsync("""
            on_failure: undo
            steps:
              - id: save
                save: x
              - id: go
                start: [go]
                undo: { start: [ungo] }
            """);

        Assert.Equal(Conclusion.Undone, result.Conclusion);
        Assert.True(bench.Files.Exists("/runs/run-1/backups/0001-save.txt"));
    }

    [Fact]
    public void A_backup_that_is_certain_to_be_skipped_is_found_when_the_plan_is_made()
    {
        using var bench = new Bench();

        var planned = bench.TryPlan($"""
            steps:
              - id: save
                save: x
                when: 1 == 2
            {Drop}
            """);

        Assert.Equal("RB3009", Assert.Single(planned.Diagnostics).Code);
    }

    [Fact]
    public void There_is_nothing_to_acknowledge_where_nothing_is_destroyed()
    {
        using var bench = new Bench();

        var planned = bench.TryPlan("steps:\n  - start: [go]\n    acknowledge: because\n");

        Assert.Equal("RB2013", Assert.Single(planned.Diagnostics).Code);
    }

    [Fact]
    public void The_plan_shows_how_data_is_kept_in_all_its_forms()
    {
        using var bench = new Bench();

        var plan = bench.Plan($"""
            steps:
              - id: save
                save: config
            {Drop}
              - id: clear
                start: [clear]
                effect: destroy
                acknowledge: a *cache*
                undo: {"{"} start: [fill], effect: destroy, requires_backup: [save] {"}"}
            """);

        Golden.Verify(Engine.Planning.PlanText.Write(plan), "plan/backups.txt.golden");
        Golden.Verify(Engine.Planning.PlanMarkdown.Write(plan), "plan/backups.md.golden");
        Golden.Verify(Engine.Planning.PlanJson.Write(plan), "plan/backups.json.golden");
    }
}
