using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Testing;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Advisor.Tests;

public sealed class FactsReaderTests
{
    [Theory]
    [InlineData("RB4050", "[|- changes|]")]
    [InlineData("RB4050", "[|just words|]")]
    [InlineData("RB4050", "[||]")]
    [InlineData("RB4051", "[|chnages|]: [application]")]
    [InlineData("RB4051", "[|service|]: app")]
    [InlineData("RB4051", "vars: { [|servce|]: app }")]
    [InlineData("RB4051", "migrations: [{ id: a, [|reversable|]: true }]")]
    [InlineData("RB4051", "evidence: [{ fact: [|chnages|], source: git }]")]
    [InlineData("RB4052", "changes: [[|aplication|]]")]
    [InlineData("RB4052", "changes: [[|~|]]")]
    [InlineData("RB4052", "disk_full: [|yes|]")]
    [InlineData("RB4052", "disk_full: [|'true'|]")]
    [InlineData("RB4052", "failure_time: [|later|]")]
    [InlineData("RB4052", "traffic: [|true|]")]
    [InlineData("RB4052", "migrations: [{ id: a, data_loss: [|some|] }]")]
    [InlineData("RB4052", "vars: { version: [|\"v1\\nrm\"|] }")]
    [InlineData("RB4052", "format: [|2|]")]
    [InlineData("RB4051", "tried: [{ playbook: app-rollback, run: r7, outcome: undone, [|aim|]: {} }]")]
    [InlineData("RB4052", "tried: [{ playbook: app-rollback, run: r7, outcome: [|bad|] }]")]
    [InlineData("RB4053", "tried: [{ playbook: app-rollback, run: r7, outcome: undone, target: [|v1|] }]")]
    [InlineData("RB4053", "tried: [|app-rollback|]")]
    [InlineData("RB4054", "tried: [[|{ playbook: app-rollback, outcome: undone }|]]")]
    [InlineData("RB4053", "changes: [|application|]")]
    [InlineData("RB4053", "migrations: [|{ id: a }|]")]
    [InlineData("RB4053", "migrations: [[|a1|]]")]
    [InlineData("RB4053", "disk_full: [|[true]|]")]
    [InlineData("RB4053", "vars: [|app|]")]
    [InlineData("RB4053", "vars: { port: [|[1]|] }")]
    [InlineData("RB4054", "migrations: [[|{ reversible: true }|]]")]
    [InlineData("RB4054", "components: [[|{ name: app }|]]")]
    [InlineData("RB4055", "migrations: [{ id: a, reversible: true }, { id: [|a|], reversible: false }]")]
    public void What_is_wrong_is_told_with_its_place(string code, string text)
    {
        var marked = Marked.Parse(text, "facts.yml");

        var read = FactsReader.Read(marked.Source);

        var found = Assert.Single(read.Diagnostics);
        Assert.Equal((code, marked.Span.Start), (found.Code, found.Span.Start));
        Assert.Null(read.Value);
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once_with_what_to_do()
    {
        const string Text = """
            changes: [aplication, config]
            migrations:
              - { id: 0007, reversible: maybe }
              - { reversible: true }
            failure_tim: gradual
            system_state: crash
            previous_release_available: yes
            vars: { service: app, vresion: v1 }
            traffic: { now: production }
            tool: alembic
            """;

        Golden.Verify(DiagnosticRenderer.Human(FactsReader.Read(new SourceText("facts.yml", Text)).Diagnostics, colour: false), "advice/wrong-facts.golden");
    }

    [Fact]
    public void JSON_and_YAML_say_the_same()
    {
        const string Yaml = "changes: [feature-flag, database]\nmigrations:\n  - id: a1\n    reversible: ~\n    data_loss: possible\ntraffic: offline\ndisk_full: false\nvars:\n  workers: worker\n  port: 8080\n";
        const string Json = """{"format":1,"changes":["feature-flag","database"],"migrations":[{"id":"a1","reversible":null,"data_loss":"possible"}],"traffic":"offline","disk_full":false,"swarm":null,"vars":{"workers":["worker"],"port":8080},"assessment":{"component":"anything"},"evidence":[]}""";

        var (one, other) = (Read(Yaml), Read(Json));

        Assert.Equal([ChangeKind.FeatureFlag, ChangeKind.Database], one.Changes ?? []);
        Assert.Equal([new Migration("a1", Answer.Unknown, DataLoss.Possible)], one.Migrations ?? []);
        Assert.Equal((Traffic.Offline, Answer.No, Answer.Unknown), (one.Traffic, one.DiskFull, one.ProbeBroken));
        Assert.Equal(["8080"], one.Vars["port"]);
        Assert.Equal(one.Changes ?? [], other.Changes ?? []);
        Assert.Equal(one.Migrations ?? [], other.Migrations ?? []);
        Assert.Equal((one.Traffic, one.DiskFull, one.Swarm), (other.Traffic, other.DiskFull, other.Swarm));
        Assert.Equal(one.Vars.Select(v => $"{v.Key}={string.Join(' ', v.Value)}"), other.Vars.Select(v => $"{v.Key}={string.Join(' ', v.Value)}"));
    }

    [Fact]
    public void What_is_not_given_or_null_is_unknown_and_an_empty_list_is_not()
    {
        var facts = Read("changes: ~\nmigrations: []\nprevious_release_available: null\nfailure_time: unknown\n");

        Assert.Null(facts.Changes);
        Assert.Empty(facts.Migrations ?? [new Migration("", Answer.No, DataLoss.None)]);
        Assert.Equal((Answer.Unknown, FailureTime.Unknown, SystemState.Unknown), (facts.PreviousReleaseAvailable, facts.FailureTime, facts.SystemState));
    }

    [Fact]
    public void What_was_tried_is_read_as_it_is_written_and_unknown_is_another_thing_than_nothing()
    {
        var facts = Read("tried:\n  - { playbook: app-rollback, run: r7, outcome: undo-failed, target: { version: v1, port: 80, service: ~ }, why: \"no\\nanswer\" }\n");
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            FactsJson.Write(json, facts);
            json.WriteEndObject();
        }

        foreach (var tried in (TriedRollback[])[Assert.Single(facts.Tried ?? []), Assert.Single(Read(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan)).Tried ?? [])])
        {
            Assert.Equal(("app-rollback to port=80, version=v1", "r7", TriedEnd.UndoFailed, "no answer"), (tried.What, tried.Run, tried.End, tried.Why));
        }

        Assert.Null(Read("tried: ~").Tried);
        Assert.Empty(Read("tried: []").Tried ?? [FactSpace.Tried("app-rollback", "")]);
    }

    [Fact]
    public void Evidence_is_kept_as_it_was_written_and_cannot_draw_on_a_terminal()
    {
        var evidence = Assert.Single(Read("evidence:\n  - { fact: changes, source: \"docker\\tinspect\", value: \"a\\nb\\u001b[31m\", observed_at: 2025-01-01T00:00:00Z, means: changed }\n").Evidence);

        Assert.Equal(new Evidence("changes", "docker    inspect", "2025-01-01T00:00:00Z", "a b␛[31m", "changed"), evidence);
    }

    private static Facts Read(string text)
    {
        var read = FactsReader.Read(new SourceText("facts.yml", text));
        Assert.Empty(read.Diagnostics);
        return Assert.IsType<Facts>(read.Value);
    }
}
