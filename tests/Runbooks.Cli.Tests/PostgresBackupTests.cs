using System.Text;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Databases are dropped after a dump that was verified and never before, with a real PostgreSQL server.</summary>
public sealed class PostgresBackupTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task A_database_is_dropped_after_it_was_saved_and_the_dump_holds_it()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database);

        (await project.ExecAsync()).Expect(0);

        Assert.False(await server.HasAsync(database));
        var made = Assert.Single(project.Record().IsWhole().Events<BackupMade>());
        Assert.Contains("1 table and", made.Verified, StringComparison.Ordinal);
        await server.SqlAsync("postgres", $"CREATE DATABASE {database}");
        (await project.ProgramAsync("pg_restore", $"--dbname={database}", made.Path)).Expect(0);
        Assert.Equal("20000", await server.SqlAsync(database, "SELECT count(*) FROM orders"));
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task The_plan_shows_every_program_and_the_journal_what_it_showed()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database);
        var plan = (await project.RunAsync("plan", "pb.yml")).Expect(0).Out;
        (await project.ExecAsync()).Expect(0);

        Assert.Contains($"pg_dump --no-password --dbname={database} --format=custom", plan, StringComparison.Ordinal);
        Assert.Contains("pg_restore --file=/dev/null", plan, StringComparison.Ordinal);
        Assert.Contains("> the run's own folder", plan, StringComparison.Ordinal);
        Assert.Contains("data     backed up by step 'save'", plan, StringComparison.Ordinal);
        Assert.Equal(4, project.Record().Events<StepIntended>().First().Actions.GetArrayLength());
    }

    /// <summary>Each puts a program in the place of the real one, which it calls and spoils: <c>$real</c>.</summary>
    [Theory]
    [InlineData("pg_dump", "\"$real\" \"$@\" | head -c 60000", "the dump is not whole")]
    [InlineData("pg_dump", "\"$real\" \"$@\" | head -c 400", "the table of contents of the dump cannot be read")]
    [InlineData("pg_dump", "exit 0", "pg_dump wrote nothing")]
    [InlineData("pg_dump", "echo 'not a dump'", "the table of contents of the dump cannot be read")]
    [InlineData("pg_dump", "\"$real\" \"$@\"; exit 1", "pg_dump ended with exit code 1")]
    [InlineData("pg_dump", "\"$real\" \"$@\"; echo 'pg_dump: error: query failed: ERROR:  permission denied for table orders' >&2", "exit code 0 after an error")]
    [InlineData("pg_dump", "\"$real\" \"$@\"; kill -9 $$", "pg_dump was killed by signal 9")]
    [InlineData("pg_restore", "case $1 in --file=*) echo 'pg_restore: error: could not read from input file: end of file' >&2; exit 1;; *) exec \"$real\" \"$@\";; esac", "the dump is not whole")]
    [InlineData("psql", "echo 'psql: error: connection to server failed: FATAL:  the database system is starting up' >&2; exit 2", "how large the database is cannot be found out")]
    [InlineData("psql", "echo 400000000000000000", "must be free")]
    public async Task A_dump_that_is_not_whole_lets_nothing_be_dropped(string program, string script, string why)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database);
        Instead(project, program, script);

        var run = (await project.ExecAsync()).Expect(1);

        Assert.Contains(why, run.Said, StringComparison.Ordinal);
        await IsUntouchedAsync(project, database);
    }

    [Fact]
    public async Task An_empty_database_is_not_taken_for_a_backup_unless_it_is_meant()
    {
        var (project, database) = await server.OpenAsync(withTable: false);
        using var _ = project;
        Dropping(project, database);

        Assert.Contains("there is no table in database", (await project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        await IsUntouchedAsync(project, database);

        Dropping(project, database, ", allow_empty: true");
        (await project.ExecAsync()).Expect(0);
        Assert.False(await server.HasAsync(database));
    }

    [Fact]
    public async Task A_disk_that_fills_up_while_it_is_dumped_lets_nothing_be_dropped()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database, to: ", to: small/app.dump");
        await using var small = await SmallDisk.MountAsync(project, "small", "size=8m");
        Instead(project, "pg_dump", "head -c 20000000 /dev/zero >small/other; exec \"$real\" \"$@\"");

        var run = (await project.ExecAsync()).Expect(1);

        Assert.Contains("No space left on device", run.Said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(project.At("small"), "app.dump*"));
        await IsUntouchedAsync(project, database);
    }

    [Fact]
    public async Task A_disk_without_room_is_found_before_the_first_step()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database, to: ", to: small/app.dump");
        await using var small = await SmallDisk.MountAsync(project, "small", "size=256k");

        Assert.Contains("bytes of room", (await project.ExecAsync()).Expect(3).Said, StringComparison.Ordinal);
        await IsUntouchedAsync(project, database);
    }

    [Fact]
    public async Task A_stop_in_the_middle_leaves_no_half_a_dump_and_nothing_is_dropped()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database, to: ", to: app.dump");
        Instead(project, "pg_dump", "\"$real\" \"$@\" | head -c 5000; echo waits >&2; sleep 60");
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("waits");
        run.Send(NativeCalls.Interrupt);

        var ended = await run.Ended;

        Assert.Equal(130, ended.Exit);
        Assert.False(project.Has("app.dump") || project.Has("app.dump.partial"));
        await IsUntouchedAsync(project, database);
    }

    [Fact]
    public async Task The_password_reaches_the_server_and_nobody_else()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        project.Set("DB_PASSWORD", PostgresServer.Secret).Playbook($$$"""
            vars:
              password: { type: string, secret: true, from_env: DB_PASSWORD }
            steps:
              - id: save
                backup: { postgres: { database: {{{database}}}, user: locked, password: "{{ password }}" }, to: app.dump }
            """);
        Instead(project, "pg_dump", "tr '\\0' ' ' </proc/$$/cmdline >>words; echo \"the password is $PGPASSWORD\" >&2; exec \"$real\" \"$@\"");

        var plan = (await project.RunAsync("plan", "pb.yml", "--format", "json")).Expect(0);
        var run = (await project.ExecAsync()).Expect(0);

        Assert.Contains("the password is ***", run.Said, StringComparison.Ordinal);
        foreach (var said in (string[])[plan.Said, run.Said, await File.ReadAllTextAsync(project.At("words"), project.Cancellation)])
        {
            Assert.DoesNotContain(PostgresServer.Secret, said, StringComparison.Ordinal);
        }

        Assert.All(Directory.GetFiles(project.Record().Folder, "*", SearchOption.AllDirectories), f => Assert.DoesNotContain(PostgresServer.Secret, Encoding.UTF8.GetString(File.ReadAllBytes(f)), StringComparison.Ordinal));
        Assert.Equal("600", (await project.ProgramAsync("stat", "-c", "%a", "app.dump")).Out.Trim());
    }

    [Fact]
    public async Task A_wrong_password_is_a_failure_and_no_question()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        project.Set("DB_PASSWORD", "wrong-but-long").Playbook($$$"""
            vars:
              password: { type: string, secret: true, from_env: DB_PASSWORD }
            steps:
              - backup: { postgres: { database: {{{database}}}, user: locked, password: "{{ password }}" } }
            """);

        Assert.Contains("password authentication failed", (await project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_is_restored_into_a_new_database_and_never_into_one_that_is_there()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        project.Playbook($$$"""
            steps:
              - { id: save, backup: { postgres: {{{database}}} }, capture: true }
              - id: back
                restore: { from: "{{ steps.save.stdout }}", postgres: {{{database}}}_new }
                undo: { run: [dropdb, {{{database}}}_new], effect: destroy, acknowledge: all of it is in the dump }
            """);

        (await project.ExecAsync()).Expect(0);
        Assert.Equal("20000", await server.SqlAsync($"{database}_new", "SELECT count(*) FROM orders"));
        Assert.Contains("already exists", (await project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        Assert.False(project.Records()[^1].Step("back").MayHaveChanged);
        (await project.RunAsync("undo", project.Records()[0].Id)).Expect(0);
        Assert.False(await server.HasAsync($"{database}_new"));
    }

    /// <summary>A container that holds nothing of PostgreSQL is given this machine's programs and the server's socket; no variable of this machine leads there.</summary>
    [Theory]
    [InlineData("service: db")]
    [InlineData("container: NAME")]
    public async Task Inside_a_container_a_database_is_saved_and_restored_as_on_this_machine(string place)
    {
        var engine = System.Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST");
        Assert.SkipWhen(string.IsNullOrEmpty(engine), "needs a Docker Engine: ./test.sh starts one and names it in RUNBOOKS_TEST_DOCKER_HOST");
        var (project, database) = await server.OpenAsync();
        using var _ = project.Set("DOCKER_HOST", engine).Set("PGHOST", "/nowhere").Set("PGUSER", "nobody");
        var name = $"rbpg{Guid.NewGuid():N}"[..14];
        project.Write("compose.yaml", $$"""
            name: {{name}}
            services:
              db:
                image: runbooks-test/base:latest
                container_name: {{name}}
                command: [sleep, "600"]
                network_mode: none
                stop_grace_period: 0s
                environment: { PATH: "{{server.Programs}}:/bin", PGHOST: /socket, PGUSER: postgres }
                volumes: ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "{{server.Socket}}:/socket"]
            """);
        (await project.ProgramAsync("docker", "compose", "up", "--detach")).Expect(0);
        try
        {
            var inside = place.Replace("NAME", name, StringComparison.Ordinal);
            project.Playbook($$$"""
                steps:
                  - { id: save, backup: { postgres: { database: {{{database}}}, {{{inside}}} } }, capture: true }
                  - id: back
                    restore: { from: "{{ steps.save.stdout }}", postgres: { database: {{{database}}}_new, {{{inside}}} } }
                """);

            (await project.ExecAsync()).Expect(0);

            Assert.Equal("20000", await server.SqlAsync($"{database}_new", "SELECT count(*) FROM orders"));
            Assert.Contains("1 table and", Assert.Single(project.Record().IsWhole().Events<BackupMade>()).Verified, StringComparison.Ordinal);
            (await project.ProgramAsync("docker", "stop", "--time", "0", name)).Expect(0);
            Assert.Contains("how large the database is cannot be found out", (await project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        }
        finally
        {
            await project.ProgramAsync("docker", "compose", "down", "--volumes");
        }
    }

    [Fact]
    public async Task Over_the_old_one_a_dump_goes_behind_a_backup_and_in_one_transaction()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        project.Playbook($"steps:\n  - {{ id: save, backup: {{ postgres: {database}, to: old.dump }} }}\n");
        (await project.ExecAsync()).Expect(0);
        await server.SqlAsync(database, "DELETE FROM orders; INSERT INTO orders VALUES (1, 'newer'); CREATE TABLE later (id int)");
        const string Over = """
            steps:
              - { id: save, backup: { postgres: DB, to: newer.dump } }
              - { id: gate, approve: Go on? }
              - id: back
                restore: { from: old.dump, postgres: { database: DB, over: true } }
            """;
        project.Playbook(Over.Replace("DB", database, StringComparison.Ordinal), "over.yml");
        Assert.Contains("RB2014", (await project.RunAsync("exec", "over.yml")).Expect(2).Said, StringComparison.Ordinal);

        project.Playbook($"{Over.Replace("DB", database, StringComparison.Ordinal)}\n    requires_backup: save\n", "over.yml");
        (await project.RunAsync("exec", "over.yml", "--approve", "gate=alice")).Expect(0);

        Assert.Equal("20000", await server.SqlAsync(database, "SELECT count(*) FROM orders"));
        Assert.Equal("0", await server.SqlAsync(database, "SELECT count(*) FROM later"));
    }

    [Fact]
    public async Task A_dump_that_cannot_be_restored_changes_nothing()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        project.Playbook($"steps:\n  - {{ id: save, backup: {{ postgres: {database}, to: old.dump }} }}\n");
        (await project.ExecAsync()).Expect(0);
        await server.SqlAsync(database, "DELETE FROM orders; CREATE TABLE later (id int REFERENCES orders)");
        project.Playbook($"steps:\n  - {{ id: gate, approve: Go on? }}\n  - restore: {{ from: old.dump, postgres: {{ database: {database}, over: true }} }}\n    acknowledge: a test\n", "over.yml");

        Assert.Contains("cannot drop constraint", (await project.RunAsync("exec", "over.yml", "--approve", "gate=alice")).Expect(1).Said, StringComparison.Ordinal);
        Assert.Equal("0", await server.SqlAsync(database, "SELECT count(*) FROM orders"));

        var whole = await File.ReadAllBytesAsync(project.At("old.dump"), project.Cancellation);
        await File.WriteAllBytesAsync(project.At("cut.dump"), whole[..^20_000], project.Cancellation);
        project.Playbook($"steps:\n  - restore: {{ from: cut.dump, postgres: {database}_new }}\n", "new.yml");
        Assert.Contains($"database '{database}_new' is there, and empty", (await project.RunAsync("exec", "new.yml")).Expect(1).Said, StringComparison.Ordinal);
        Assert.Equal("0", await server.SqlAsync($"{database}_new", "SELECT count(*) FROM pg_class WHERE relname = 'orders'"));
    }

    private static void Dropping(Project project, string database, string more = "", string to = "") => project.Playbook($$$"""
        steps:
          - id: save
            backup: { postgres: { database: {{{database}}}{{{more}}} }{{{to}}} }
          - id: drop
            run: [psql, --no-psqlrc, -d, postgres, -c, "DROP DATABASE {{{database}}}"]
            effect: destroy
            requires_backup: save
        """);

    private static void Instead(Project project, string program, string script)
    {
        var real = Project.Find(program);
        project.Write($"bin/{program}", $"#!/bin/bash\nreal={real}\n{script}\n", executable: true);
        project.Set("PATH", $"{project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");
    }

    private async Task IsUntouchedAsync(Project project, string database)
    {
        Assert.True(await server.HasAsync(database), "the database was dropped");
        Assert.DoesNotContain(project.Record().Events<StepIntended>(), e => e.Step == "drop");
        Assert.DoesNotContain(Directory.GetFiles(project.Record().Folder, "*", SearchOption.AllDirectories), f => f.EndsWith(".partial", StringComparison.Ordinal));
    }
}
