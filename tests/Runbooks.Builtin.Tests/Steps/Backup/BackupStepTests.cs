using Runbooks.Builtin.Steps.Backup;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Backup;

public sealed class BackupStepTests
{
    [Fact]
    public void The_plan_shows_what_is_saved_and_where_it_goes()
    {
        var planned = PlannedPlaybook.Of("- backup: { files: [config, /etc/app.conf], to: save.tar }");

        var archive = Assert.IsType<ArchiveMade>(Assert.Single(planned.Effects()));
        Assert.Equal(["config", "/etc/app.conf"], archive.Sources);
        Assert.Equal("save.tar", archive.To);
        Assert.Equal([$"{PlannedPlaybook.Project}/config", "/etc/app.conf"], Assert.IsType<FilesSource>(((BackupStep)planned.Action()).Source).Paths);
    }

    [Fact]
    public void Room_and_what_is_saved_are_looked_for_before_the_first_step()
    {
        var planned = PlannedPlaybook.Of("- backup: { files: [config], to: /var/save.tar }");

        var room = planned.Action().Requirements.OfType<RoomRequirement>().Single();
        Assert.Equal("/var", room.Folder);
        Assert.Equal([$"{PlannedPlaybook.Project}/config"], room.Copies);
        Assert.Contains(new WritableFileRequirement("/var/save.tar"), planned.Action().Requirements);
    }

    [Fact]
    public void What_lies_in_a_folder_that_is_saved_is_saved_once()
    {
        var planned = PlannedPlaybook.Of("- backup: { files: [config, config/app.json, ./config/, configuration] }");

        Assert.Equal(["config", "configuration"], Assert.IsType<ArchiveMade>(planned.Effects()[0]).Sources);
    }

    [Fact]
    public void It_can_be_repeated_keeps_what_it_made_and_gives_its_path_to_later_steps()
    {
        var planned = PlannedPlaybook.Of("- id: save\n  backup: { files: [config] }\n  capture: true\n- run: [ls, \"{{ steps.save.stdout }}\"]");

        Assert.Equal("", planned.Messages);
        Assert.True(planned.Action().IsRepeatable);
        Assert.Equal("the backup is kept", planned.Action().Inverse);
        Assert.Equal(["ls", "«steps.save.stdout»"], planned.Argv(1));
    }

    [Theory]
    [InlineData("backup: { files: [/] }", "RB3151")]
    [InlineData("backup: { files: [a], to: a }", "RB3151")]
    [InlineData("backup: { files: [\"\"] }", "RB3151")]
    [InlineData("backup: { files: [\"{{ steps.find.stdout }}\"] }", "RB3003")]
    [InlineData("backup: { files: [\"{{ token }}\"] }", "RB3004")]
    [InlineData("backup: { to: a }", "RB3150")]
    public void What_cannot_be_saved_is_an_error_of_the_plan(string step, string code)
    {
        var planned = PlannedPlaybook.Of($"- id: find\n  run: find\n  capture: true\n- {step}", new InMemoryFiles(), ("token!", "s3cr3t-t0ken"));

        Assert.Equal([code], planned.Errors);
    }
}
