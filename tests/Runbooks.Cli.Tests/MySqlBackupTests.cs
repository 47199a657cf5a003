using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>MySQL databases are dropped after a dump that was verified and never before, with a real MariaDB server.</summary>
public sealed class MySqlBackupTests(MariaDbServer server) : IClassFixture<MariaDbServer>
{
    [Theory]
    [InlineData("mysql")]
    [InlineData("mariadb")]
    public async Task A_database_is_dropped_after_it_was_saved_and_restored_into_a_new_one_it_is_the_same(string programs)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database, $", programs: {programs}", to: ", to: app.sql");
        var before = await RowsAsync(database);

        (await project.ExecAsync()).Expect(0);

        Assert.False(await server.HasAsync(database));
        var made = Assert.Single(project.Record().IsWhole().Events<BackupMade>());
        Assert.Contains("1 table, and a last line", made.Verified, StringComparison.Ordinal);
        project.Playbook($"steps:\n  - restore: {{ from: app.sql, mysql: {{ database: {database}_new, host: {server.Socket}, user: root, programs: {programs} }} }}\n", "back.yml");
        (await project.RunAsync("exec", "back.yml")).Expect(0);

        Assert.Equal(before, await RowsAsync(database + "_new"));
        Assert.Equal("9", await server.SqlAsync(database + "_new", "SELECT count(*) FROM few"));
        Assert.Equal("1", await server.SqlAsync(database + "_new", "CALL one()"));
        Assert.Contains("could not be made", (await project.RunAsync("exec", "back.yml")).Expect(1).Said, StringComparison.Ordinal);
    }

    /// <summary>Each puts a program in the place of the real one, which it calls and spoils: <c>$real</c>.</summary>
    [Theory]
    [InlineData("mysqldump", "\"$real\" \"$@\" | head -c 60000", "the dump is not whole")]
    [InlineData("mysqldump", "\"$real\" \"$@\" | head -n -1", "the dump is not whole")]
    [InlineData("mysqldump", "exit 0", "the dump is not whole")]
    [InlineData("mysqldump", "\"$real\" \"$@\"; exit 2", "mysqldump ended with exit code 2")]
    [InlineData("mysqldump", "\"$real\" \"$@\"; echo 'mysqldump: Got error: 1146: table is gone' >&2", "exit code 0 after an error")]
    [InlineData("mysqldump", "\"$real\" \"$@\"; kill -9 $$", "mysqldump was killed by signal 9")]
    [InlineData("mysql", "echo 'ERROR 2002 (HY000): Can not connect' >&2; exit 1", "Can not connect")]
    [InlineData("mysql", "echo 400000000000000000", "must be free")]
    public async Task A_dump_that_is_not_whole_lets_nothing_be_dropped(string program, string script, string why)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database);
        project.Write($"instead/{program}", $"#!/bin/bash\nreal={Project.Find(program)}\n{script}\n", executable: true);
        project.Set("PATH", $"{project.At("instead")}:{System.Environment.GetEnvironmentVariable("PATH")}");

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
    public async Task A_disk_without_room_is_found_before_the_first_step()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        Dropping(project, database, to: ", to: small/app.sql");
        await using var small = await SmallDisk.MountAsync(project, "small", "size=256k");

        Assert.Contains("bytes of room", (await project.ExecAsync()).Expect(3).Said, StringComparison.Ordinal);
        await IsUntouchedAsync(project, database);
    }

    [Fact]
    public async Task A_password_reaches_the_programs_and_nobody_else()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project.Set("DB_PASSWORD", MariaDbServer.Secret);
        project.Playbook($$$"""
            vars:
              password: { type: string, secret: true, from_env: DB_PASSWORD }
            steps:
              - id: save
                backup: { mysql: { database: {{{database}}}, host: {{{server.Socket}}}, user: locked, password: "{{ password }}" }, to: app.sql }
            """);
        Assert.Contains("MYSQL_PWD=\"***\"", (await project.RunAsync("plan", "pb.yml")).Expect(0).Out, StringComparison.Ordinal);

        (await project.ExecAsync()).Expect(0);

        Assert.All(Directory.EnumerateFiles(project.At(".runbook"), "*", SearchOption.AllDirectories), f => Assert.DoesNotContain(MariaDbServer.Secret, File.ReadAllText(f), StringComparison.Ordinal));
        project.Set("DB_PASSWORD", "another-than-that-one");
        File.Delete(project.At("app.sql"));
        Assert.Contains("how large the database is cannot be found out", (await project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
    }

    /// <summary>A container that holds nothing of MariaDB is given this machine's programs and the server's socket.</summary>
    [Fact]
    public async Task Inside_a_service_a_database_is_saved_and_restored_as_on_this_machine()
    {
        var engine = System.Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST");
        Assert.SkipWhen(string.IsNullOrEmpty(engine), "needs a Docker Engine: ./test.sh starts one and names it in RUNBOOKS_TEST_DOCKER_HOST");
        var (project, database) = await server.OpenAsync();
        using var _ = project.Set("DOCKER_HOST", engine).Set("DB_PASSWORD", MariaDbServer.Secret);
        project.Write("compose.yaml", $$"""
            name: rbmy{{database}}
            services:
              db:
                image: runbooks-test/base:latest
                command: [sleep, "600"]
                network_mode: none
                stop_grace_period: 0s
                environment: { PATH: "/usr/bin:/bin" }
                volumes: ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "{{server.Socket}}:/db.socket"]
            """);
        (await project.ProgramAsync("docker", "compose", "up", "--detach")).Expect(0);
        try
        {
            var inside = $"host: /db.socket, service: db, user: locked, password: \"{{{{ password }}}}\"";
            project.Playbook($$$"""
                vars:
                  password: { type: string, secret: true, from_env: DB_PASSWORD }
                steps:
                  - { id: save, backup: { mysql: { database: {{{database}}}, {{{inside}}} } }, capture: true }
                  - id: back
                    restore: { from: "{{ steps.save.stdout }}", mysql: { database: {{{database}}}_new, {{{inside}}} } }
                """);

            (await project.ExecAsync()).Expect(0);

            Assert.Equal(await RowsAsync(database), await RowsAsync($"{database}_new"));
        }
        finally
        {
            await project.ProgramAsync("docker", "compose", "down", "--volumes");
        }
    }

    [Fact]
    public async Task Over_the_old_one_a_dump_goes_behind_a_backup_and_a_gate()
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        var before = await RowsAsync(database);
        var place = $"database: {database}, host: {server.Socket}, user: root";
        project.Playbook($"steps:\n  - {{ id: save, backup: {{ mysql: {{ {place} }}, to: old.sql }} }}\n");
        (await project.ExecAsync()).Expect(0);
        await server.SqlAsync(database, "DELETE FROM orders WHERE id > 10");
        var over = $"  - {{ id: save, backup: {{ mysql: {{ {place} }}, to: newer.sql }} }}\n  - id: back\n    restore: {{ from: old.sql, mysql: {{ {place}, over: true }} }}\n    requires_backup: save\n";
        project.Playbook($"steps:\n{over}", "over.yml");
        Assert.Contains("RB3010", (await project.RunAsync("exec", "over.yml")).Expect(2).Said, StringComparison.Ordinal);

        project.Playbook($"steps:\n  - {{ id: gate, approve: Go on? }}\n{over}", "over.yml");
        (await project.RunAsync("exec", "over.yml", "--approve", "gate=alice")).Expect(0);

        Assert.Equal(before, await RowsAsync(database));
    }

    private Task<string> RowsAsync(string database) => server.SqlAsync(database, "SELECT count(*), bit_xor(crc32(concat(id, note, hex(raw)))) FROM orders");

    private async Task IsUntouchedAsync(Project project, string database)
    {
        Assert.True(await server.HasAsync(database), "the database was dropped");
        Assert.Empty(Directory.EnumerateFiles(project.Folder, "*.partial", SearchOption.AllDirectories));
        Assert.DoesNotContain(project.Records().SelectMany(r => r.Events<StepIntended>()), e => e.Step == "drop");
    }

    private void Dropping(Project project, string database, string more = "", string to = "") => project.Playbook($"""
        steps:
          - id: save
            backup: {"{"} mysql: {"{"} database: {database}, host: {server.Socket}, user: root{more} {"}"}{to} {"}"}
          - id: drop
            run: [mariadb, --no-defaults, --socket={server.Socket}, --user=root, "--execute=DROP DATABASE {database}"]
            effect: destroy
            requires_backup: save
        """);
}
