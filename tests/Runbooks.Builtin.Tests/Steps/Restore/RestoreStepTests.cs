using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Restore;

public sealed class RestoreStepTests
{
    [Fact]
    public void What_comes_from_a_step_before_is_not_known_yet_and_shown_as_that()
    {
        var planned = PlannedPlaybook.Of("- id: save\n  backup: { files: [config] }\n  capture: true\n- restore: { from: \"{{ steps.save.stdout }}\", files: true, into: out }");

        Assert.Equal("", planned.Messages);
        var unpacked = Assert.IsType<ArchiveUnpacked>(Assert.Single(planned.Effects(1)));
        Assert.Equal(("«steps.save.stdout»", "out", false), (unpacked.From.Display, unpacked.Into, unpacked.IsKnown));
        Assert.True(planned.Action(1).IsRepeatable);
    }

    [Fact]
    public void A_new_database_is_made_and_one_that_is_there_is_destroyed()
    {
        var made = PlannedPlaybook.Of("- restore: { from: a.dump, postgres: { database: app_new, host: db, port: 5433, user: me } }");
        var over = PlannedPlaybook.Of("- approve: Go on?\n- restore: { from: a.dump, postgres: { database: app, over: true } }\n  acknowledge: it is broken");

        Assert.Equal(["createdb", "--host=db", "--port=5433", "--username=me", "--no-password", "--", "app_new"], made.Argv(0, 0));
        Assert.Equal(["pg_restore", "--host=db", "--port=5433", "--username=me", "--no-password", "--dbname=app_new", "--exit-on-error", "--single-transaction"], made.Argv(0, 1));
        Assert.Equal(["pg_restore", "--no-password", "--dbname=app", "--exit-on-error", "--single-transaction", "--clean", "--if-exists"], over.Argv(1));
        Assert.Equal("a.dump", ((ProgramStart)over.Effects(1)[0]).ReadsFrom?.Display);
        Assert.Equal((Effect.Change, Effect.Destroy), (made.Action().Effect, over.Action(1).Effect));
        Assert.Equal((false, true), (made.Action().IsRepeatable, over.Action().IsRepeatable));
    }

    [Theory]
    [InlineData("restore: { from: a, files: true, postgres: app }", "RB3155")]
    [InlineData("restore: { from: a }", "RB3155")]
    [InlineData("restore: { from: a, postgres: app, into: b }", "RB3155")]
    [InlineData("restore: { from: a, postgres: { database: app, over: true } }", "RB2014")]
    [InlineData("restore: { from: a, postgres: { database: app, over: true } }\n  acknowledge: it is broken", "RB3010")]
    [InlineData("restore: { from: a, postgres: -app }", "RB3160")]
    public void What_cannot_be_restored_is_an_error_of_the_plan(string step, string code) =>
        Assert.Equal([code], PlannedPlaybook.Of($"- {step}", new InMemoryFiles()).Errors);
}
