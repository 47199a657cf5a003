using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>A person does what a playbook says, and answers at a real terminal.</summary>
public sealed class GuideTests
{
    private const string Body = """
        vars:
          version: { type: string, required: true }
        guards:
          - { name: the file is there, file: here.txt }
        steps:
          - id: one
            why: It comes first.
            run: [touch, "one {{ version }}.done"]
            undo: { run: [rm, "one {{ version }}.done"] }
          - id: two
            run: [touch, two.done]
            undo: { run: [rm, two.done] }
            validate:
              - { name: two is there, file: two.done }
        validations:
          - { name: all is well, file: two.done }
        on_failure: undo
        """;

    [Fact]
    public async Task Each_item_is_shown_with_what_to_paste_and_the_answers_are_the_record()
    {
        using var project = new Project().Playbook(Body);
        var ended = await WalkAsync(
            project,
            0,
            ("ls -ld here.txt", ""),
            ("does it hold?", "yes I see it"),
            ("touch 'one v1.done'", ""),
            ("one? done, failed, skipped or unsure", "done no output"),
            ("two? done, failed, skipped or unsure", "done"),
            ("does it hold?", "yes"),
            ("does it hold?", "maybe"),
            ("does it hold?", "yes"));
        Assert.Contains("write yes, no or unsure", ended.Out, StringComparison.Ordinal);

        Assert.Contains("It comes first.", ended.Out, StringComparison.Ordinal);
        Assert.False(project.Has("one v1.done"));
        var record = project.Record().IsWhole();
        Assert.True(record.Events<RunStarted>().Single().ByHand);
        Assert.Equal(Conclusion.Succeeded, record.Ended.Conclusion);
        Assert.Contains("no output", record.Step("one").Ended?.Observed, StringComparison.Ordinal);
        Assert.Equal(["guard", "step", "validation"], record.Events<CheckAnswered>().Select(c => c.Phase));
        Assert.Contains("by hand", (await project.RunAsync("runs", "list")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains("\"by_hand\":true", (await project.RunAsync("runs", "list", "--json")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains("performed   by hand", (await project.RunAsync("runs", "show")).Expect(0).Out, StringComparison.Ordinal);
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task What_a_step_printed_is_asked_for_where_later_items_need_it()
    {
        const string Finding = """
            vars:
              version: { type: string, required: true }
            steps:
              - id: find
                run: [cat, "{{ version }}.txt"]
                effect: read
                capture: true
              - id: alone
                run: [cat, other.txt]
                effect: read
                capture: true
              - id: never
                when: steps.find.stdout == 'x'
                run: [touch, never.done]
              - id: use
                run: [touch, "{{ steps.find.stdout }}.done"]
            validations:
              - { name: it is there, command: { argv: [test, -e, "{{ steps.find.stdout }}.done"] } }
            """;
        using var project = new Project().Playbook(Finding);
        var ended = await WalkAsync(
            project,
            0,
            ("find? done, failed, skipped or unsure", "done"),
            ("find: what did it print?", "new name"),
            ("alone? done, failed, skipped or unsure", "done"),
            ("touch 'new name.done'", ""),
            ("use? done, failed, skipped or unsure", "done"),
            ("test -e 'new name.done'", ""),
            ("does it hold?", "yes"));

        Assert.DoesNotContain("alone: what did it print?", ended.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("never.done", ended.Out, StringComparison.Ordinal);
        var record = project.Record().IsWhole();
        Assert.Equal(StepStanding.Skipped, record.Step("never").Standing);
        Assert.Equal("captured/0001-find.1", record.Step("find").Ended?.Captured);
        (await project.RunAsync("audit", "verify")).Expect(0);

        using var open = new Project().Playbook(Finding);
        await WalkAsync(open, 130, ("find? done, failed, skipped or unsure", "done"), ("find: what did it print?", " "), ("alone? done, failed, skipped or unsure", "done"), ("never? done, failed, skipped or unsure", "skipped nobody knows"), ("<steps.find.stdout>", ""), ("use? done, failed, skipped or unsure", "\u0003"));
    }

    [Fact]
    public async Task A_step_that_failed_is_taken_back_with_those_before_it_the_last_one_first()
    {
        using var project = new Project().Playbook(Body);
        await WalkAsync(
            project,
            4,
            ("does it hold?", "yes"),
            ("one? done", "done"),
            ("two? done", "failed"),
            ("two? done", "failed no room"),
            ("rm two.done", ""),
            ("two taken back?", "done"),
            ("rm 'one v1.done'", ""),
            ("one taken back?", "done"));

        var record = project.Record().IsWhole();
        Assert.Equal("no room", record.Step("two").Ended?.Failure);
        Assert.Equal([UndoStanding.Undone, UndoStanding.Undone], [record.Step("one").Undo, record.Step("two").Undo]);
        (await project.RunAsync("audit", "verify")).Expect(0);
        Assert.Contains("done by hand", (await project.RunAsync("undo", "latest")).Expect(3).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_sure_leaves_the_step_in_doubt_and_an_undo_that_is_not_sure_is_none()
    {
        using var project = new Project().Playbook(Body);
        await WalkAsync(
            project,
            5,
            ("does it hold?", "yes"),
            ("one? done", "unsure the terminal froze"),
            ("one taken back?", "unsure"));

        var record = project.Record().IsWhole();
        Assert.Equal((StepStanding.InDoubt, UndoStanding.InDoubt), (record.Step("one").Standing, record.Step("one").Undo));
        Assert.Contains("the terminal froze", record.Ended.Why, StringComparison.Ordinal);
        Assert.Equal(StepStanding.NotReached, record.Step("two").Standing);
    }

    [Fact]
    public async Task A_guard_that_is_not_sure_refuses_and_a_validation_that_is_not_sure_is_no_pass()
    {
        using var refused = new Project().Playbook(Body);
        await WalkAsync(refused, 3, ("does it hold?", "unsure"));
        Assert.Empty(refused.Record().IsWhole().Events<StepIntended>());

        using var open = new Project().Playbook(Body);
        await WalkAsync(open, 6, ("does it hold?", "yes"), ("one? done", "skipped it was there"), ("two? done", "unsure"), ("does it hold?", "yes"), ("does it hold?", "unsure"));
        var record = open.Record().IsWhole();
        Assert.Equal((StepStanding.Skipped, StepStanding.Succeeded), (record.Step("one").Standing, record.Step("two").Standing));
    }

    [Fact]
    public async Task What_destroys_is_not_even_shown_when_its_backup_was_skipped()
    {
        using var project = new Project().Playbook("""
            vars:
              version: { type: string, required: true }
            steps:
              - { id: save, backup: { files: [pb.yml] } }
              - { id: drop, run: [rm, everything], effect: destroy, requires_backup: [save] }
            """);
        var ended = await WalkAsync(project, 1, ("save? done", "skipped no room"));

        Assert.DoesNotContain("rm everything", ended.Out, StringComparison.Ordinal);
        Assert.Equal((StepStanding.Failed, 0), (project.Record().IsWhole().Step("drop").Standing, project.Record().Step("drop").Attempts));
    }

    [Fact]
    public async Task An_interrupt_leaves_what_has_no_answer_in_doubt_under_a_seal()
    {
        using var project = new Project().Playbook(Body);
        await WalkAsync(project, 130, ("does it hold?", "yes"), ("one? done", "done"), ("two? done", "\u0003"));

        var record = project.Record().IsWhole();
        Assert.Equal((Conclusion.Cancelled, StepStanding.Succeeded, StepStanding.InDoubt), (record.Ended.Conclusion, record.Step("one").Standing, record.Step("two").Standing));
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task Without_a_terminal_it_is_refused_and_names_the_page()
    {
        using var project = new Project().Playbook(Body);

        Assert.Contains("'runbook show'", (await project.RunAsync("guide", "pb.yml", "--var", "version=v1")).Expect(3).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(project.At(".runbook")));
    }

    /// <param name="dialogue">What is waited for on the screen, and what is typed then; nothing is typed for an empty text.</param>
    private static async Task<Finished> WalkAsync(Project project, int exit, params (string Sees, string Types)[] dialogue)
    {
        var (run, keyboard) = await GateTests.TerminalAsync(project, "guide pb.yml --var version=v1");
        await using var typing = keyboard;
        foreach (var ((sees, types), index) in dialogue.Select((d, i) => (d, i)))
        {
            await run.SeesAsync(sees, dialogue.Take(index + 1).Count(d => d.Sees == sees));
            if (types.Length > 0)
            {
                await GateTests.TypeAsync(keyboard, types, types == "\u0003" ? "" : "\n");
            }
        }

        return (await run.Ended).Expect(exit);
    }
}
