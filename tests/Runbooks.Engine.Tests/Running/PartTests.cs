using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Running;

/// <summary>Playbooks in playbooks: their steps are steps of the run, and each keeps what it promises when it is run alone.</summary>
public sealed class PartTests
{
    private const string Both = """
        vars: { version: {} }
        steps:
          - id: database
            part: { file: database.yml, vars: { to: "{{ version }}" } }
          - id: app
            part: app.yml
            validate: [{ says: the app answers }]
          - id: end
            start: [end]
        validations: [{ says: all is well }]
        """;

    private const string Database = """
        vars: { to: { required: true }, user: { default: admin, from_env: DB_USER } }
        guards: [{ says: "{{ to }} is known" }]
        lock: "db-{{ to }}"
        on_failure: undo
        steps:
          - { id: find, start: [find], capture: true, effect: read }
          - { id: migrate, start: [migrate, "{{ to }}", "{{ user }}", "{{ steps.find.stdout }}"], undo: { start: [remigrate, "{{ steps.find.stdout }}"] } }
        validations: [{ says: "the schema is {{ steps.find.stdout }}" }]
        """;

    private const string App = """
        guards: [{ says: the image is there }]
        steps:
          - { id: find, start: [look], capture: true, effect: read }
          - { id: start, start: [start, "{{ steps.find.stdout }}"], undo: { start: [stop] } }
        """;

    private static Bench Bench(Func<ProcessSpec, ScriptedEnd>? programs = null, SaysKind? says = null)
    {
        var bench = new Bench(programs ?? (spec => new ScriptedEnd(0, $"{spec.Argv[0]}-says"))) { Says = says ?? new SaysKind() };
        bench.Others["database.yml"] = Database;
        bench.Others["app.yml"] = App;
        return bench;
    }

    private static IEnumerable<string> Effects(Bench bench) => bench.Transcript.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("effect: ", StringComparison.Ordinal)).Select(l => l["effect: ".Length..]);

    private static (string, object, bool)[] Version => [("version", "v7", false)];

    [Fact]
    public async Task The_steps_of_the_parts_are_run_in_order_each_with_its_own_names()
    {
        using var bench = Bench();
        bench.Environment["DB_USER"] = "keeper";

        var result = await bench.RunAsync(bench.Plan(Body(Both), Version));

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(["database/find", "database/migrate", "database", "app/find", "app/start", "app", "end"], result.State.Steps.Select(s => s.Head.Id));
        Assert.Equal(["find", "migrate v7 keeper find-says", "look", "start look-says", "end"], Effects(bench));
    }

    [Fact]
    public void The_guards_of_all_parts_are_asked_before_the_first_step_and_their_validations_after_their_last()
    {
        using var bench = Bench();

        var plan = bench.Plan(Body(Both), Version);

        Assert.Equal(["database: v7 is known", "app: the image is there"], plan.Guards.Select(g => g.Name));
        Assert.Equal(["the schema is «steps.find.stdout»"], plan.Steps[2].Validate.Select(v => v.Statement));
        Assert.Equal(["the app answers"], plan.Steps[5].Validate.Select(v => v.Statement));
        Assert.Equal(["all is well"], plan.Validations.Select(v => v.Statement));
        Assert.Equal([("database/to", "v7"), ("database/user", "admin")], plan.Vars.Skip(1).Select(v => (v.Name, v.Display)));
        Assert.Equal(Enumerable.Range(1, 7), plan.Steps.Select(s => s.Number));
    }

    [Fact]
    public async Task A_validation_of_a_part_that_does_not_hold_stops_the_run_there()
    {
        using var bench = Bench(says: new SaysKind(Verdict.Holds("yes"), Verdict.Holds("yes"), Verdict.DoesNotHold("it is not")));

        var result = await bench.RunAsync(bench.Plan(Body(Both), Version));

        Assert.Equal((Conclusion.Failed, "step 'database': 'the schema is «steps.find.stdout»' does not hold: it is not"), (result.Conclusion, result.Why));
        Assert.Equal("the schema is find-says", result.State.Steps[2].Checks.Single().Statement);
        Assert.Equal(StepStanding.NotReached, result.State.Steps[3].Standing);
        Assert.DoesNotContain("remigrate find-says", Effects(bench));
    }

    [Fact]
    public async Task What_happens_after_a_failure_is_for_the_playbook_around_them_to_say()
    {
        using var stopping = Bench(spec => new ScriptedEnd(spec.Argv[0] == "migrate" ? 1 : 0, "x"));
        using var undoing = Bench(spec => new ScriptedEnd(spec.Argv[0] == "end" ? 1 : 0, $"{spec.Argv[0]}-says"));

        var stopped = await stopping.RunAsync(stopping.Plan(Body(Both), Version));
        var undone = await undoing.RunAsync(undoing.Plan("on_failure: undo\n" + Body(Both), Version));

        Assert.Equal(Conclusion.Failed, stopped.Conclusion);
        Assert.Equal(Conclusion.UndoFailed, undone.Conclusion); // 'end' itself has no undo
        Assert.Equal(["end", "stop", "remigrate find-says"], Effects(undoing).SkipWhile(e => e != "end"));
    }

    [Fact]
    public async Task The_locks_of_the_parts_are_held_and_who_holds_one_of_them_is_named()
    {
        using var free = Bench();
        using var taken = Bench();
        taken.Locks.Take("db-v7", new LockHolder("run other by bob", "other", "", null));

        var refused = await taken.RunAsync(taken.Plan(Body(Both), Version));
        var run = await free.RunAsync(free.Plan(Body(Both), Version));

        Assert.Equal(Conclusion.Refused, refused.Conclusion);
        Assert.Contains("part 'database': the lock 'db-v7' is held by run other by bob", refused.Why, StringComparison.Ordinal);
        Assert.Empty(Effects(taken));
        Assert.Equal(["bench", "db-v7", "app"], JournalReader.Read(free.Store.ReadJournal("run-1").Bytes ?? []).Lines.Select(l => l.Event).OfType<LockTaken>().Select(l => l.Name));
        Assert.Equal("bench", run.State.Lock);
        Assert.Empty(free.Locks.Held);
    }

    [Fact]
    public async Task A_run_that_lost_power_in_a_part_goes_on_in_it()
    {
        using var bench = Bench();
        bench.Store.LosesPowerAt = text => text.Contains("step.intended", StringComparison.Ordinal) && text.Contains("app/start", StringComparison.Ordinal);
        var steps = Body(Both).Replace("{{ version }}", "v7", StringComparison.Ordinal);
        await Assert.ThrowsAsync<PowerCutException>(() => bench.RunAsync(steps));
        bench.Store.LosesPowerAt = _ => false;

        var result = await bench.ResumeAsync(steps);

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(["find", "migrate v7 admin find-says", "look", "start look-says", "end"], Effects(bench));
        // What the database was before it is not what it is now.
        Assert.Equal(["app: the image is there"], result.State.Guards.Select(g => g.Name));
    }

    [Theory]
    [InlineData("version == 'v7'", 7)]
    [InlineData("version == 'v8'", 5)]
    public void A_part_whose_condition_is_false_is_one_skipped_step(string condition, int steps)
    {
        using var bench = Bench();

        var plan = bench.Plan(Body(Both).Replace("- id: database", $"- id: database\n    when: {condition}", StringComparison.Ordinal), Version);

        Assert.Equal(steps, plan.Steps.Length);
        Assert.Equal(steps == 7 ? 2 : 1, plan.Guards.Length);
        Assert.Equal(steps == 7, plan.Steps.First(s => s.Id == "database").Condition?.Decision);
    }

    [Theory]
    [InlineData("- id: database\n    when: steps.ask.stdout == 'x'", "RB3012")]
    [InlineData("vars: { to: \"{{ steps.ask.stdout }}\" }", "RB3003")]
    public void What_a_plan_consists_of_does_not_depend_on_an_output(string change, string code)
    {
        using var bench = Bench();
        var text = "steps:\n  - { id: ask, start: [ask], capture: true }\n" + Body(Both)["steps:\n".Length..];

        var made = bench.TryPlan(change.StartsWith("- id", StringComparison.Ordinal)
            ? text.Replace("- id: database", change, StringComparison.Ordinal)
            : text.Replace("vars: { to: \"{{ version }}\" }", change, StringComparison.Ordinal).Replace("say: ", "", StringComparison.Ordinal), Version);

        Assert.Null(made.Value);
        Assert.Contains(code, made.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void A_secret_is_given_only_to_a_variable_that_is_one()
    {
        using var bench = Bench();
        bench.Others["secret.yml"] = "vars: { word: { secret: true } }\nsteps:\n  - { start: [log, in], env: { WORD: \"{{ word }}\" } }\n";
        const string Steps = "steps:\n  - { id: open, part: { file: database.yml, vars: { to: \"{{ word }}\" } } }\n";
        (string, object, bool)[] word = [("word", "a-long-secret", true)];

        var shown = bench.TryPlan(Steps, word);
        var hidden = bench.TryPlan(Steps.Replace("database.yml, vars: { to", "secret.yml, vars: { word", StringComparison.Ordinal), word);

        Assert.Equal(["RB3011"], shown.Diagnostics.Select(d => d.Code));
        var plan = Assert.IsType<Plan>(hidden.Value);
        Assert.Contains("a-long-secret", plan.Secrets);
        Assert.DoesNotContain("a-long-secret", PlanJson.Write(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_given_as_a_list_and_an_empty_secret_is_not_given()
    {
        using var bench = Bench();
        bench.Environment["WORD"] = "from-the-environment";
        bench.Others["lists.yml"] = "vars:\n  names: { type: list }\n  word: { secret: true, from_env: WORD }\nsteps:\n  - { for_each: \"{{ names }}\", start: [log, \"{{ item }}\"], env: { WORD: \"{{ word }}\" } }\n";
        (string, object, bool)[] vars = [("names", System.Collections.Immutable.ImmutableArray.Create("a,b", "c"), false), ("word", "", true)];

        var plan = bench.Plan("steps:\n  - { id: all, part: { file: lists.yml, vars: { names: \"{{ names }}\", word: \"{{ word }}\" } } }\n", vars);

        Assert.Equal(["a,b", "c"], plan.Steps.Select(s => s.Item).OfType<string>());
        Assert.Contains("from-the-environment", plan.Secrets);
    }

    [Theory]
    [InlineData("version == 'v7'", 1)]
    [InlineData("version == 'v8'", 0)]
    public void A_check_is_asked_only_when_its_condition_is_true(string condition, int asked)
    {
        using var bench = Bench();
        var check = $"[{{ says: yes, when: {condition} }}]";

        var plan = bench.Plan($"guards: {check}\nsteps:\n  - {{ start: [a], validate: {check} }}\nvalidations: {check}\n", Version);

        Assert.Equal((asked, asked, asked), (plan.Guards.Length, plan.Steps[0].Validate.Length, plan.Validations.Length));
    }

    [Fact]
    public void Whether_a_check_is_asked_does_not_depend_on_an_output()
    {
        using var bench = Bench();

        var made = bench.TryPlan("steps:\n  - { id: ask, start: [ask], capture: true }\nvalidations: [{ says: yes, when: steps.ask.stdout == 'x' }]\n");

        Assert.Equal(["RB3012"], made.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData("version == 'v8'", "")]
    [InlineData("version == 'v7'", "RB3007")]
    [InlineData("item == 'x'", "RB3007")]
    public void A_list_may_be_empty_where_the_condition_is_false(string condition, string code)
    {
        using var bench = Bench();

        var made = bench.TryPlan($"steps:\n  - {{ id: each, for_each: \"{{{{ names }}}}\", when: {condition}, start: [a] }}\n", [.. Version, ("names", System.Collections.Immutable.ImmutableArray<string>.Empty, false)]);

        Assert.Equal(code, string.Join(' ', made.Diagnostics.Select(d => d.Code)));
        Assert.Equal(code.Length == 0 ? ["each"] : [], made.Value?.Steps.Select(s => s.Id) ?? []);
    }

    [Fact]
    public async Task A_backup_that_a_step_of_a_part_requires_is_the_one_of_that_part()
    {
        using var bench = Bench();
        bench.Others["wipe.yml"] = "steps:\n  - { id: dump, save: \"text\" }\n  - { id: wipe, start: [wipe], effect: destroy, requires_backup: dump }\n";

        var result = await bench.RunAsync("steps:\n  - { id: one, part: wipe.yml }\n  - { id: two, part: wipe.yml }\n");

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(["one/dump", "two/dump"], bench.Plan("steps:\n  - { id: one, part: wipe.yml }\n  - { id: two, part: wipe.yml }\n").Steps.SelectMany(s => s.Backups));
    }

    [Fact]
    public void Parts_may_have_parts_and_the_plan_shows_where_each_begins()
    {
        using var bench = Bench();
        bench.Others["both.yml"] = Both.Replace("vars: { version: {} }", "vars: { version: { default: v7 } }", StringComparison.Ordinal);

        var plan = bench.Plan("steps:\n  - { id: all, part: both.yml }\n");

        Assert.Contains("all/database/migrate", plan.Steps.Select(s => s.Id));
        Assert.Contains("all/database: database (database.yml)\n", PlanText.Write(plan), StringComparison.Ordinal);
        Assert.Contains("all/database/to", plan.Vars.Select(v => v.Name));
        Assert.NotEqual(plan.Digest, bench.Plan("steps:\n  - { id: all2, part: both.yml }\n").Digest);
    }

    private static string Body(string playbook) => playbook[playbook.IndexOf("steps:", StringComparison.Ordinal)..];
}
