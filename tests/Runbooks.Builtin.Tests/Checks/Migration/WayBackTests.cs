using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Migration;

/// <summary>What <c>reversible: true</c> asks of the files; the database answers from a script.</summary>
public sealed class WayBackTests
{
    private const string Folder = $"{PlannedPlaybook.Project}/versions";

    private static InMemoryFiles Files => new InMemoryFiles().With($"{Folder}/a1.py", Alembic("a1", "None", "pass")).With($"{Folder}/b2.py", Alembic("b2", "'a1'", "op.drop_column('orders', 'note')")).With($"{Folder}/c3.py", Alembic("c3", "'b2'", "if x:\n        pass"));

    [Theory]
    [InlineData("to: a1", "no migration of database 'shop' is half done, by alembic; by their files in versions all after a1 can be taken back")]
    [InlineData("head: c3, to: none", "database 'shop' is at migration c3 of alembic, and none is half done; by their files in versions all after none can be taken back")]
    [InlineData("", "no migration of database 'shop' is half done, by alembic; by its file in versions the last one can be taken back")]
    public void The_statement_says_what_is_asked_of_the_files(string fields, string statement) => Assert.Equal(statement, Of(fields).Statement);

    [Theory]
    [InlineData("b2", "to: a1", VerdictKind.Holds, "at b2; 1 migration can be taken back; values may be lost with b2")]
    [InlineData("b2", "to: none", VerdictKind.Holds, "at b2; 2 migrations can be taken back; values may be lost with b2")]
    [InlineData("a1", "to: none", VerdictKind.Holds, "at a1; 1 migration can be taken back, and no value is lost")]
    [InlineData("c3", "to: a1", VerdictKind.Unknown, "at c3; c3 may have no way back: versions/c3.py:6: if x: what is executed depends on something that is not read")]
    [InlineData("c3", "to: a1, reviewed: c3", VerdictKind.Holds, "at c3; 2 migrations can be taken back; values may be lost with c3 and b2")]
    [InlineData("d4", "to: a1", VerdictKind.Unknown, "at d4; no file brings migration d4 (versions)")]
    [InlineData("a1", "to: b2", VerdictKind.Unknown, "at a1; migration b2 does not come before a1 (versions)")]
    [InlineData("b2", "to: a1, head: a1", VerdictKind.DoesNotHold, "at b2")]
    [InlineData("", "to: a1", VerdictKind.Unknown, "at no migration; the database has no migration, a1 neither (versions)")]
    [InlineData("", "to: none", VerdictKind.Holds, "at no migration; nothing is taken back")]
    public async Task It_looks_at_the_migrations_between_two_places(string at, string fields, VerdictKind kind, string observed)
    {
        var verdict = await AskAsync(Of(fields), at, Files);

        Assert.Equal((kind, observed), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task The_evidence_names_each_of_them_with_its_statement()
    {
        var verdict = await AskAsync(Of("to: none, reviewed: c3"), "c3", Files);

        Assert.Equal(
            [
                "c3: way back unknown, loss of values unknown: versions/c3.py:6: if x: what is executed depends on something that is not read",
                "b2: way back destructive, loss of values possible: versions/b2.py:6: op.drop_column('orders', 'note'): the values of the column are lost",
                "a1: way back additive, loss of values none",
            ],
            verdict.Evidence);
    }

    [Fact]
    public async Task What_somebody_has_reviewed_still_may_not_refuse()
    {
        var verdict = await AskAsync(Of("to: a1, reviewed: [b2, c3]"), "b2", Files.With($"{Folder}/b2.py", Alembic("b2", "'a1'", "raise NotImplementedError")));

        Assert.Equal((VerdictKind.DoesNotHold, "at b2; b2 cannot be taken back: versions/b2.py:6: raise NotImplementedError: it refuses"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_leaves_it_unknown() =>
        Assert.Equal("at b2; versions/b2.py cannot be read: permission denied", (await AskAsync(Of("to: a1"), "b2", Files.Without($"{Folder}/b2.py").WithUnreadable($"{Folder}/b2.py", "permission denied").With($"{Folder}/b2.py", "x"))).Observed);

    [Theory]
    [InlineData("no-such", "no-such does not exist")]
    [InlineData("versions/a1.py", "versions/a1.py is no folder")]
    [InlineData("empty", "no file of a migration of alembic is in empty")]
    [InlineData("many", "many holds more than 10000 files: name the folder of the migrations")]
    [InlineData("deep", "deep/d/d/d/d/d/d/d/d/d/d/d/d/d lies too deep: name the folder of the migrations")]
    public async Task Another_folder_leaves_it_unknown(string folder, string why)
    {
        var files = Files.With($"{PlannedPlaybook.Project}/empty/README", "").With($"{PlannedPlaybook.Project}/deep{string.Concat(Enumerable.Repeat("/d", 13))}/a.py", "");
        if (folder == "many")
        {
            foreach (var i in Enumerable.Range(0, 10_001))
            {
                files.With($"{PlannedPlaybook.Project}/many/{i}.txt", "");
            }
        }

        var verdict = await AskAsync(Of("to: a1", folder), "b2", files);

        Assert.Equal((VerdictKind.Unknown, $"at b2; {why}"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_secret_in_a_file_is_not_shown()
    {
        var files = Files.With($"{Folder}/c3.py", Alembic("c3", "'b2'", "connect('hunter2-hunter2')"));
        var check = AskedCheck.Of("migration: { tool: alembic, database: shop, password: '{{ p }}', reversible: true, migrations: versions }", null, ("p!", "hunter2-hunter2"));

        var verdict = await AskAsync(check, "c3", files);

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.DoesNotContain("hunter2", verdict.Observed + string.Concat(verdict.Evidence), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_whole_project_of_django_only_the_migrations_are_read()
    {
        var files = new InMemoryFiles().With($"{PlannedPlaybook.Project}/site/orders/migrations/0001_initial.py", "class Migration(migrations.Migration):\n    operations = [migrations.RunPython(f)]\n")
            .With($"{PlannedPlaybook.Project}/site/orders/models.py", "class Migration:\n    operations = 1\n").With($"{PlannedPlaybook.Project}/site/.venv/x/migrations/0001_initial.py", "class Migration:\n    pass\n");
        var check = AskedCheck.Of("migration: { tool: django, app: orders, database: shop, reversible: true, migrations: site, to: none }");

        Assert.Equal("at 0001_initial; orders.0001_initial cannot be taken back: site/orders/migrations/0001_initial.py:2: migrations.RunPython(f): it has no reverse_code", (await AskAsync(check, "0001_initial", files)).Observed);
    }

    private static string Alembic(string id, string before, string downgrade) => $"revision = '{id}'\ndown_revision = {before}\ndef upgrade():\n    pass\ndef downgrade():\n    {downgrade}\n";

    private static AskedCheck Of(string fields, string folder = "versions") =>
        AskedCheck.Of($"migration: {{ tool: alembic, database: shop, reversible: true, migrations: {folder}{(fields.Length > 0 ? $", {fields}" : "")} }}");

    private static Task<Verdict> AskAsync(AskedCheck check, string at, InMemoryFiles files) =>
        check.AskAsync(UnusedPorts.All with { Files = files, Processes = new ScriptedProcesses(_ => new ScriptedEnd(0, at.Length > 0 ? $"{at}\u001f\0" : "")) });
}
