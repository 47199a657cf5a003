using System.Text;
using System.Text.Json;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>What a run comes to, with its exit code and its record.</summary>
public sealed class OutcomeTests
{
    [Fact]
    public async Task A_step_is_tried_again_until_its_check_holds()
    {
        using var project = new Project().Playbook("""
            steps:
              - id: again
                run: [bash, -c, "echo x | tee -a tries"]
                retry: { attempts: 5, delay: 1ms, until: [{ command: { argv: [bash, -c, "test $(wc -l <tries) -ge 3"] } }] }
            """);

        (await project.ExecAsync()).Expect(0);

        var record = project.Record().IsWhole();
        Assert.Equal("x\nx\nx\n", await File.ReadAllTextAsync(project.At("tries"), project.Cancellation));
        Assert.Equal(3, record.Step("again").Attempts);
        Assert.Equal(["does-not-hold", "does-not-hold", "holds"], record.Events<CheckAnswered>().Where(c => c.Phase == "until").Select(c => c.Verdict));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(record.Folder, "output")).Length);
    }

    [Fact]
    public async Task A_step_that_fails_in_all_its_attempts_fails_the_run_and_the_rest_is_not_begun()
    {
        using var project = new Project().Playbook("""
            steps:
              - { id: before, run: [touch, before.done] }
              - { id: again, run: [bash, -c, "echo why >&2; exit 7"], retry: { attempts: 2, delay: 1ms } }
              - { id: after, run: [touch, after.done] }
            """);

        var ended = (await project.ExecAsync()).Expect(1);

        Assert.Contains("step 'again': bash ended with exit code 7 (after 2 attempts)", ended.Out);
        Assert.Matches(@"not begun\s+after", ended.Out);
        Assert.Equal(7, project.Record().IsWhole().EndOf("again").ExitCode);
        Assert.False(project.Has("after.done"));
    }

    [Fact]
    public async Task Conditions_loops_and_captured_outputs_decide_what_runs()
    {
        using var project = new Project().Playbook("""
            vars:
              mode: { type: string, default: fast }
              services: { type: list, default: [web, worker] }
            steps:
              - { id: find, run: [echo, '{"n": 3}'], capture: true, effect: read }
              - { id: small, when: steps.find.json.n < 3, run: [touch, small.done] }
              - { id: large, when: steps.find.json.n >= 3, run: [touch, "large-{{ steps.find.json.n }}.done"] }
              - { id: slow, when: mode == "slow", run: [touch, slow.done] }
              - { id: each, for_each: "{{ services }}", run: [touch, "{{ item }}.done"] }
              - { id: coded, when: steps.find.exit_code == 0, run: [touch, coded.done] }
            """);

        (await project.ExecAsync()).Expect(0);

        Assert.Equal(["coded.done", "large-3.done", "web.done", "worker.done"], Directory.GetFiles(project.Folder, "*.done").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var record = project.Record().IsWhole();
        Assert.Equal(StepStanding.Skipped, record.Step("small").Standing);
        Assert.Equal(StepStanding.Skipped, record.Step("slow").Standing);
    }

    [Fact]
    public async Task A_validation_that_does_not_hold_fails_the_run()
    {
        using var project = new Project().Playbook("steps:\n  - run: [touch, one.done]\nvalidations:\n  - file: one.done\n  - file: missing.txt\n");

        var ended = (await project.ExecAsync()).Expect(1);

        Assert.Contains("missing.txt", ended.Out);
        Assert.Equal(Conclusion.Failed, project.Record().IsWhole().Ended.Conclusion);
        Assert.Equal(["holds", "does-not-hold"], project.Record().State.Validations.Select(v => v.Verdict));
    }

    [Fact]
    public async Task A_validation_that_cannot_be_answered_makes_the_run_inconclusive()
    {
        using var project = new Project().Playbook("steps:\n  - run: [touch, one.done]\nvalidations:\n  - image: app:v1\n");

        var ended = (await project.ExecAsync()).Expect(6);

        Assert.Contains("inconclusive", ended.Out);
        Assert.Contains("there is no Docker Engine", ended.Out);
        Assert.Equal(Conclusion.Inconclusive, project.Record().IsWhole().Ended.Conclusion);
        Assert.True(project.Has("one.done"));
    }

    [Fact]
    public async Task A_guard_that_cannot_be_answered_refuses_the_run()
    {
        using var project = new Project().Playbook("guards:\n  - image: app:v1\nsteps:\n  - run: [touch, one.done]\n");

        Assert.Contains("is unknown", (await project.ExecAsync()).Expect(3).Out);
        Assert.False(project.Has("one.done"));
        Assert.Equal(Conclusion.Refused, project.Record().IsWhole().Ended.Conclusion);
    }

    [Fact]
    public async Task A_check_of_a_step_that_does_not_hold_fails_the_step()
    {
        using var project = new Project().Playbook("steps:\n  - { id: one, run: [touch, one.done], validate: [{ file: two.done }] }\n  - { id: two, run: [touch, two.done] }\n");

        Assert.Contains("step 'one'", (await project.ExecAsync()).Expect(1).Out);
        Assert.False(project.Has("two.done"));
        Assert.Equal(StepStanding.Failed, project.Record().IsWhole().Step("one").Standing);
    }

    [Fact]
    public async Task Checks_are_asked_again_within_their_time()
    {
        using var project = new Project().Playbook("""
            steps:
              - { id: later, shell: "(for i in 1 2 3; do while ! test -e ask.$i; do :; done; done; touch late.done) >/dev/null 2>&1 &" }
              - wait: { until: [{ command: { argv: [bash, -c, "n=1; while test -e ask.$n; do n=$((n + 1)); done; touch ask.$n; test -e late.done"] }, within: 1m, every: 10ms }] }
            """);

        (await project.ExecAsync()).Expect(0);

        Assert.InRange(project.Record().IsWhole().Events<CheckAnswered>().Single().Asked, 3, int.MaxValue);
    }

    [Fact]
    public async Task Warnings_are_told_and_do_not_stop_the_run()
    {
        using var project = new Project().Playbook("steps:\n  - edit: { file: compose.yaml, set: { services.app.image: 'app:${TAG}' } }\n");
        project.Write("compose.yaml", "services:\n  app:\n    image: app:v1\n");

        Assert.Contains("warning RB3107", (await project.ExecAsync()).Expect(0).Out);
        Assert.Contains("app:${TAG}", await File.ReadAllTextAsync(project.At("compose.yaml"), project.Cancellation));
    }

    [Fact]
    public async Task Json_is_the_journal_line_by_line_and_nothing_else()
    {
        using var project = new Project().Playbook("steps:\n  - { id: one, run: [echo, \"this is for people\"] }\n");

        var ended = (await project.ExecAsync("--json")).Expect(0);

        Assert.Equal(await File.ReadAllTextAsync(project.Record().IsWhole().JournalPath, project.Cancellation), ended.Out);
        Assert.Contains("│ this is for people", ended.Error);
        Assert.All(ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
        Assert.Equal(ended.Out, (await project.RunAsync("runs", "show", "--json")).Expect(0).Out);
    }

    [Fact]
    public async Task The_log_of_a_step_is_its_output_byte_for_byte()
    {
        using var project = new Project().Playbook("steps:\n  - { id: one, run: [printf, 'a\\tb\\nc: ü 漢'] }\n  - { id: two, wait: 1ms }\n");
        (await project.ExecAsync()).Expect(0);

        Assert.Equal("a\tb\nc: ü 漢", (await project.RunAsync("runs", "log", "latest", "one")).Expect(0).Out);
        Assert.Contains("left no output", (await project.RunAsync("runs", "log", "latest", "two")).Expect(0).Error);
        Assert.Contains("it has: one, two", (await project.RunAsync("runs", "log", "latest", "three")).Expect(2).Error);
        Assert.Contains("sealed after", (await project.RunAsync("runs", "log")).Expect(0).Out);
    }

    [Fact]
    public async Task Output_of_bytes_that_are_no_text_is_kept_as_it_is()
    {
        using var project = new Project().Playbook("steps:\n  - { id: one, run: [printf, '\\377\\000\\200\\033[2J\\007end'] }\n");

        var ended = (await project.ExecAsync()).Expect(0);

        Assert.Equal([0xff, 0, 0x80, 0x1b, (byte)'[', (byte)'2', (byte)'J', 7, .. Encoding.ASCII.GetBytes("end")], project.Record().OutputOf("one"));
        Assert.DoesNotContain("\u001b", ended.Out);
        Assert.DoesNotContain("\u0007", ended.Out);
    }

    [Fact]
    public async Task Runs_are_found_by_the_beginning_of_their_id_and_listed_newest_first()
    {
        using var project = new Project().Playbook("steps:\n  - run: [\"true\"]\n");
        Assert.Contains("no runs yet", (await project.RunAsync("runs", "list")).Expect(0).Out);
        (await project.ExecAsync()).Expect(0);
        (await project.ExecAsync("--reason", "the incident of the night")).Expect(0);
        var ids = project.Records().Select(r => r.Id).ToList();

        var list = (await project.RunAsync("runs", "list")).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([ids[1], ids[0]], list.Select(l => l.Split(' ')[0]));
        Assert.Equal(2, (await project.RunAsync("runs", "list", "--json")).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(l => JsonDocument.Parse(l).RootElement.GetProperty("conclusion").GetString() == "succeeded"));
        Assert.Contains("the incident of the night", (await project.RunAsync("runs", "show", "latest")).Expect(0).Out);
        Assert.Contains("is the beginning of 2 runs", (await project.RunAsync("runs", "show", ids[0][..4])).Expect(2).Error);
    }

    [Fact]
    public async Task A_playbook_is_found_in_the_project_and_what_was_picked_is_said()
    {
        using var project = new Project().Playbook("steps:\n  - run: [touch, here.done]\n", "playbooks/back.yml");
        Directory.CreateDirectory(project.At("elsewhere"));

        Assert.Contains("playbooks/back.yml", (await project.RunAsync("exec", "back")).Expect(0).Out);
        Assert.True(project.Has("here.done"));
        Assert.Contains("did you mean 'back.yml'?", (await project.RunAsync("exec", "bakc.yml")).Expect(2).Error);
    }

    [Fact]
    public async Task The_operator_and_where_it_ran_are_on_record()
    {
        using var project = new Project().Playbook("steps:\n  - run: [\"true\"]\n");
        project.Set("GITHUB_RUN_ID", "4711").Set("GITHUB_SERVER_URL", "https://git.example.org").Set("GITHUB_REPOSITORY", "shop/app");
        (await project.ExecAsync()).Expect(0);

        var who = project.Record().Events<RunStarted>().Single().Operator;
        Assert.Equal("Some Operator <operator@example.org>", project.Record().State.GitIdentity);
        Assert.Equal(Environment.UserName, who.User);
        Assert.Equal("https://git.example.org/shop/app/actions/runs/4711", who.CiUrl);
    }

    [Fact]
    public async Task A_reader_that_left_does_not_end_the_run()
    {
        using var project = new Project().Playbook("steps:\n  - run: [seq, \"5000\"]\n  - run: [touch, done]\n");

        var shell = await project.ProgramAsync(Project.Find("bash"), "-c", "\"$0\" exec pb.yml | true; echo \"${PIPESTATUS[0]}\"", Project.Binary);

        Assert.Equal("0", shell.Out.Trim());
        Assert.True(project.Has("done"), shell.ToString());
        Assert.Equal(Conclusion.Succeeded, project.Record().Ended.Conclusion);
    }

    [Fact]
    public async Task A_question_that_is_a_whole_script_does_not_bury_what_it_found_and_is_whole_in_the_record()
    {
        var script = $"echo 'port 8080 is held by others' # {new string('x', 5_000)}\nexit 1";
        using var project = new Project().Playbook($$"""
            guards:
              - { name: the port is free, command: { argv: [sh, -c, {{System.Text.Json.JsonSerializer.Serialize(script)}}] } }
            steps: [ { run: ["true"] } ]
            """);

        var run = (await project.ExecAsync()).Expect(3);

        Assert.Contains("asked was: `sh -c", run.Out, StringComparison.Ordinal);
        Assert.Contains("\n         port 8080 is held by others\n", run.Out, StringComparison.Ordinal);
        Assert.All(run.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 500));
        Assert.Contains(new string('x', 5_000), Assert.Single(project.Record().IsWhole().Events<CheckAnswered>()).Statement, StringComparison.Ordinal);
    }
}
