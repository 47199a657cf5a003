using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Probes;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>The backups of the database that are on record: which of them are of this database, whole, and from when.</summary>
public sealed class BackupsProbeTests
{
    private const string Compose = "\"docker\",\"compose\",\"--project-name\",\"shop\",\"exec\",\"-T\",\"-e\",\"LC_ALL\",";
    private const string Own = $"{Compose}\"db\",\"pg_dump\",\"--no-password\",\"--dbname=shop\",\"--format=custom\"";
    private const string Table = "SET x = 0;\nCOPY public.alembic_version (version_num) FROM stdin;\na1\n\\.\n";

    private static readonly byte[] Dump = "PGDMP, and all the rest"u8.ToArray();

    [Fact]
    public async Task The_dump_says_itself_at_which_migration_it_is_and_nothing_of_it_is_written()
    {
        var world = World(Table, ("1", Own));

        var reading = Assert.IsType<BackupsReading>(Assert.Single(await LookAsync(world)));

        var backup = Assert.Single(reading.Backups);
        Assert.True(backup.IsWhole);
        Assert.Equal(["a1"], backup.Heads);
        Assert.Equal((".runbook/runs/1/backups/shop.dump", "3 tables"), (backup.Path, backup.Verified));
        var asked = Assert.Single(((ScriptedProcesses)world.Processes).Started, s => s.Argv.Contains("pg_restore"));
        Assert.Equal(PathOf("1"), asked.StandardInputFile);
        Assert.Equal(["exec", "-T", "db", "pg_restore", "--data-only", "--table=alembic_version", "--file=/dev/stdout"], asked.Argv[^7..]);
        Assert.Empty(world.Files.Written);
    }

    public static TheoryData<string, string> Elsewhere => new()
    {
        { Own.Replace("\"shop\",\"exec\"", "\"staging\",\"exec\"", StringComparison.Ordinal), "database 'shop' in service db of project staging, by run 1" },
        { Own.Replace("=shop", "=orders", StringComparison.Ordinal), "database 'orders' in service db of project shop, by run 1" },
        { Own.Replace("\"db\"", "\"replica\"", StringComparison.Ordinal), "database 'shop' in service replica of project shop, by run 1" },
        { Own.Replace("\"--no-password\"", "\"--host=db.example\"", StringComparison.Ordinal), "database 'shop' in service db of project shop, by run 1" },
        { "\"pg_dump\",\"--dbname=shop\"", "database 'shop' in a server that was reached from this machine, by run 1" },
        { "\"docker\",\"exec\",\"-i\",\"other-db-1\",\"pg_dump\",\"--dbname=shop\"", "database 'shop' in container other-db-1, by run 1" },
        { $"{Compose}\"db\",\"mysqldump\",\"--comments\",\"shop\"", "MySQL database 'shop' in service db of project shop, by run 1" },
        { "\"docker\",\"run\",\"--rm\",\"base\",\"tar\",\"-c\"", "a volume, by run 1" },
    };

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task A_backup_of_something_else_is_none_of_this_database(string argv, string said)
    {
        var reading = Assert.IsType<BackupsReading>(Assert.Single(await LookAsync(World(Table, ("1", argv)))));

        Assert.Empty(reading.Backups);
        Assert.Equal([said], reading.Others);
    }

    [Fact]
    public async Task A_container_of_the_service_counts_by_its_name()
    {
        var world = World(Table, ("1", "\"docker\",\"exec\",\"-i\",\"shop-db-1\",\"pg_dump\",\"--dbname=shop\""));

        Assert.Single(Assert.IsType<BackupsReading>(Assert.Single(await LookAsync(world))).Backups);
    }

    [Theory]
    [InlineData("gone", "the file is gone")]
    [InlineData("cut off", "the file has 4 bytes, and had 23 bytes")]
    [InlineData("other bytes", "its bytes are not those that were verified")]
    public async Task What_is_not_what_it_was_is_not_read(string what, string said)
    {
        var world = World(Table, ("1", Own));
        _ = what switch
        {
            "cut off" => world.Files.With(PathOf("1"), Dump[..4]),
            "other bytes" => world.Files.With(PathOf("1"), [.. Dump[..^1], 0]),
            _ => world.Files.Without(PathOf("1")),
        };

        var backup = Assert.Single(Assert.IsType<BackupsReading>(Assert.Single(await LookAsync(world))).Backups);

        Assert.Equal((said, false, null), (backup.Problem, backup.IsWhole, backup.Heads));
        Assert.DoesNotContain(((ScriptedProcesses)world.Processes).Started, s => s.Argv.Contains("pg_restore"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("COPY public.alembic_version (version_num) FROM stdin;\na1\n")]
    [InlineData("COPY public.alembic_version (other) FROM stdin;\na1\n\\.\n")]
    [InlineData("COPY public.alembic_version (version_num) FROM stdin;\na1\tb\n\\.\n")]
    [InlineData("COPY a.alembic_version (version_num) FROM stdin;\na1\n\\.\nCOPY b.alembic_version (version_num) FROM stdin;\na1\n\\.\n")]
    public async Task A_table_that_does_not_say_it_leaves_it_open(string table)
    {
        var backup = Assert.Single(Assert.IsType<BackupsReading>(Assert.Single(await LookAsync(World(table, ("1", Own))))).Backups);

        Assert.True(backup.IsWhole);
        Assert.Null(backup.Heads);
        Assert.Equal("pg_restore writes no table alembic_version that would say it", backup.WhyNoHeads);
    }

    [Fact]
    public async Task Older_ones_are_looked_at_until_one_is_from_before()
    {
        var world = World(null, ("1", Own), ("2", Own), ("3", Own)) with
        {
            Processes = new ScriptedProcesses(s => !s.Argv.Contains("pg_restore") ? new ScriptedEnd(0) : new ScriptedEnd(0, s.StandardInputFile == PathOf("3") ? Table.Replace("a1", "b2", StringComparison.Ordinal) : Table)),
        };

        var reading = Assert.IsType<BackupsReading>(Assert.Single(await LookAsync(world)));

        Assert.Equal([("3", "b2"), ("2", "a1")], reading.Backups.Select(b => (b.Run, string.Concat(b.Heads ?? []))));
    }

    [Fact]
    public async Task A_run_that_is_not_believed_is_named()
    {
        var store = Store(("1", Own), ("2", Own));
        var world = World(Table) with { Runs = store.With("runs/1/journal.jsonl", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(store.Files["runs/1/journal.jsonl"]).Replace("3 tables", "9 tables", StringComparison.Ordinal))) };
        world.Files.With(PathOf("2"), Dump);

        var answer = await new BackupsProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);

        Assert.Equal("2", Assert.Single(Assert.IsType<BackupsReading>(Assert.Single(answer.Readings)).Backups).Run);
        Assert.Contains("run 1: its journal was altered at line", Assert.Single(answer.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_not_an_empty_one()
    {
        var world = World(Table);
        world.Files.WithFolder($"{AssessedWorld.Store}/runs").WithUnreadable($"{AssessedWorld.Store}/runs", "permission denied");

        var answer = await new BackupsProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(answer.Readings);
        Assert.Equal([$"the runs on record in {AssessedWorld.Store}/runs cannot be read: permission denied"], answer.Problems);
    }

    [Fact]
    public async Task What_was_seen_before_the_time_was_over_is_said()
    {
        using var over = new CancellationTokenSource();
        var world = World(null, ("1", Own), ("2", Own)) with
        {
            Processes = new ScriptedProcesses(s =>
            {
                if (s.StandardInputFile == PathOf("1"))
                {
                    over.Cancel();
                }

                return new ScriptedEnd(0, s.Argv.Contains("pg_restore") ? Table.Replace("a1", "b2", StringComparison.Ordinal) : "");
            }),
        };

        var answer = await new BackupsProbe().LookAsync(world.Sight(), over.Token);

        Assert.Equal("2", Assert.Single(Assert.IsType<BackupsReading>(Assert.Single(answer.Readings)).Backups).Run);
        Assert.Equal(["older backups of 'shop' were not looked at to their end: the time is over"], answer.Problems);
    }

    [Theory]
    [InlineData("django", "orders", "COPY public.django_migrations (id, app, name, applied) FROM stdin;\n2\torders\t0001\tx\n10\torders\t0002\tx\n11\tauth\t0009\tx\n\\.\n", "0002")]
    [InlineData("rails", "", "COPY public.schema_migrations (version) FROM stdin;\n20260102\n20250101\n\\.\n", "20260102")]
    [InlineData("golang-migrate", "", "COPY public.schema_migrations (version, dirty) FROM stdin;\n7\tf\n\\.\n", "7")]
    [InlineData("golang-migrate", "", "COPY public.schema_migrations (version, dirty) FROM stdin;\n7\tt\n\\.\n", null)]
    [InlineData("alembic", "", "COPY \"my shop\".\"alembic_version\" (\"version_num\") FROM stdin;\na\\tb\nc\n\\.\n", "a\tb c")]
    [InlineData("flyway", "", "COPY public.flyway_schema_history (version) FROM stdin;\n1\n\\.\n", null)]
    public void Each_tool_writes_down_its_migrations_in_its_own_way(string tool, string app, string text, string? heads) =>
        Assert.Equal(heads, DumpedTable.NameOf(tool) is { } name && DumpedTable.Read(text, name)?.Heads(tool, app) is { } found ? string.Join(' ', found) : null);

    private static async Task<ImmutableArray<Advisor.Assessing.Reading>> LookAsync(AssessedWorld world)
    {
        var answer = await new BackupsProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);
        Assert.Empty(answer.Problems);
        return answer.Readings;
    }

    private static string PathOf(string run) => $"{AssessedWorld.Store}/runs/{run}/backups/shop.dump";

    /// <summary>A backup from before is on record.</summary>
    internal static AssessedWorld Saved() => World(Table, ("1", Own));

    private static AssessedWorld World(string? table, params (string Run, string Argv)[] runs)
    {
        var world = new AssessedWorld { Runs = Store(runs), Processes = new ScriptedProcesses(s => new ScriptedEnd(0, s.Argv.Contains("pg_restore") ? table ?? "" : s.Argv.Contains("psql") ? "b2\u001f\0" : "")) };
        foreach (var (run, _) in runs)
        {
            world.Files.With(PathOf(run), Dump);
        }

        return world;
    }

    private static RecordedStore Store(params (string Run, string Argv)[] runs) => new(runs.SelectMany((r, i) => (KeyValuePair<string, byte[]>[])
    [
        new($"runs/{r.Run}/journal.jsonl", Journal(r.Run, AssessedWorld.Now.AddHours(-10 + i))),
        new($"runs/{r.Run}/plan.json", Encoding.UTF8.GetBytes($$"""{"steps":[{"id":"save","actions":[{"effect":"program","argv":["sh"]},{"effect":"program","argv":[{{r.Argv}}]}]}]}""")),
    ]).ToDictionary());

    private static byte[] Journal(string run, DateTimeOffset at)
    {
        var started = new RunStarted
        {
            RunId = run,
            Playbook = "save",
            PlaybookVersion = "",
            PlaybookPath = "save.yml",
            PlaybookSha256 = "00",
            PlanDigest = "00",
            Project = AssessedWorld.Folder,
            Engine = "1",
            Operator = new Operator("o", "h", 1, "", ""),
            Steps = [],
        };
        var (first, hash) = JournalCodec.Encode(1, at, started, JournalCodec.Genesis);
        var (second, _) = JournalCodec.Encode(2, at, new BackupMade { Step = "save", Path = PathOf(run), Copy = "backups/shop.dump", Length = Dump.Length, Sha256 = Sha256.Hex(Dump), Verified = "3 tables" }, hash);
        return [.. first, .. second];
    }
}
