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

    [Fact]
    public void Inside_a_Compose_service_every_program_of_Postgres_is_started_with_the_project_spelled_out()
    {
        var files = new InMemoryFiles().With($"{PlannedPlaybook.Project}/compose.yaml", "name: shop\nservices:\n  db:\n    image: postgres:15\n");
        var planned = PlannedPlaybook.Of("- backup: { postgres: { database: app, service: db, user: postgres, password: \"{{ token }}\" } }", files, ("token!", "s3cr3t-t0ken"));

        Assert.Equal("", planned.Messages);
        string[] entry = ["docker", "compose", "--project-name", "shop", "--project-directory", PlannedPlaybook.Project, "-f", $"{PlannedPlaybook.Project}/compose.yaml", "exec", "-T", "-e", "LC_ALL", "-e", "PGPASSWORD", "db"];
        Assert.Equal([.. entry, "psql", "--username=postgres", "--no-password", "--dbname=app", "--no-psqlrc", "--tuples-only", "--no-align", "--command=SELECT pg_database_size(current_database())"], planned.Argv(0, 0));
        Assert.Equal([.. entry, "pg_dump", "--username=postgres", "--no-password", "--dbname=app", "--format=custom"], planned.Argv(0, 1));
        Assert.Equal([.. entry, "pg_restore", "--list"], planned.Argv(0, 2));
        Assert.Equal([.. entry, "pg_restore", "--file=/dev/null"], planned.Argv(0, 3));
        Assert.All(planned.Effects().Cast<ProgramStart>(), s => Assert.Equal(["LC_ALL=C", "PGPASSWORD=***"], s.Environment.Select(e => $"{e.Name}={e.Value.Display}")));
        Assert.Contains(new DockerEngineRequirement(), planned.Action().Requirements);
    }

    [Theory]
    [InlineData("mysql", "mysqldump")]
    [InlineData("mariadb", "mariadb-dump")]
    public void A_mysql_database_is_saved_by_the_programs_of_its_container_and_the_password_is_no_word_of_them(string client, string dumper)
    {
        var planned = PlannedPlaybook.Of($"- backup: {{ mysql: {{ database: app, container: shop-db-1, user: root, password: \"{{{{ token }}}}\", programs: {client} }} }}", new InMemoryFiles(), ("token!", "s3cr3t-t0ken"));

        string[] entry = ["docker", "exec", "-i", "-e", "LC_ALL", "-e", "MYSQL_PWD", "shop-db-1"];
        Assert.Equal([.. entry, client, "--user=root", "--batch", "--skip-column-names", "--database=app"], planned.Argv(0, 0)[..^1]);
        Assert.Equal([.. entry, dumper, "--user=root", "--single-transaction", "--quick", "--routines", "--events", "--triggers", "--hex-blob", "--no-tablespaces", "--comments", "app"], planned.Argv(0, 2));
        Assert.Equal(["tail", "-n", "1"], planned.Argv(0, 3));
    }

    [Fact]
    public void Inside_a_container_they_are_started_by_its_name()
    {
        var planned = PlannedPlaybook.Of("- backup: { postgres: { database: app, container: shop-db-1 }, to: app.dump }");

        Assert.Equal(["docker", "exec", "-i", "-e", "LC_ALL", "shop-db-1", "pg_dump", "--no-password", "--dbname=app", "--format=custom"], planned.Argv(0, 1));
        Assert.Equal([null, "app.dump", null, null], planned.Effects().Cast<ProgramStart>().Select(s => s.WritesTo));
        Assert.Equal([null, null, "app.dump", "app.dump"], planned.Effects().Cast<ProgramStart>().Select(s => s.ReadsFrom?.Display));
    }

    [Fact]
    public void A_volume_is_copied_out_of_a_container_that_never_runs()
    {
        var planned = PlannedPlaybook.Of("- backup: { volume: { name: data, image: app:v1 } }");

        Assert.Equal(
            [
                "docker volume inspect --format {{.Name}} data",
                "docker ps --filter volume=data --format {{.Names}}",
                "docker rm --force runbook-save-data",
                "docker create --pull never --network none --name runbook-save-data --volume data:/volume:ro app:v1 true",
                "docker cp runbook-save-data:/volume/. -",
                "docker rm --force runbook-save-data",
            ],
            Enumerable.Range(0, 6).Select(i => string.Join(' ', planned.Argv(0, i))));
    }

    [Theory]
    [InlineData("backup: { volume: { name: /etc, image: a } }", "RB3170")]
    [InlineData("backup: { volume: { name: data, image: --privileged } }", "RB3170")]
    [InlineData("backup: { mysql: { database: \"a'b\" } }", "RB3160")]
    [InlineData("backup: { mysql: { database: --help } }", "RB3160")]
    [InlineData("backup: { mysql: { database: a, password: plain-text } }", "RB3162")]
    [InlineData("backup: { mysql: a, postgres: b }", "RB3150")]
    [InlineData("backup: { postgres: { database: a=b } }", "RB3160")]
    [InlineData("backup: { postgres: { database: \"postgresql://x/y\" } }", "RB3160")]
    [InlineData("backup: { postgres: { database: a, project: shop } }", "RB3161")]
    [InlineData("backup: { postgres: { database: a, container: --privileged } }", "RB3123")]
    [InlineData("backup: { postgres: { database: \"{{ token }}\" } }", "RB3004")]
    [InlineData("backup: { postgres: { database: a, password: plain-text } }", "RB3162")]
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
