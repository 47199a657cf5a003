using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Probes;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>Where the source of a release names what a later migration takes away.</summary>
public sealed class SourceProbeTests
{
    private const string Commit = "98ac1e27b48169795450099fcd26eaa5f241365d";

    [Fact]
    public async Task Places_are_named_without_the_migrations_and_the_texts_for_people_and_nothing_of_the_lines_is_shown()
    {
        string[] lines = ["README.md\0" + "3\0note", "app/mail.py\0" + "12\0note = 'Kanari-geheim-77'", "migrations/versions/a1.py\0" + "7\0note", "app/orders.py\0" + "4\0note", "b.py\0" + "1\0x", "c.py\0" + "2\0x", "nonsense", "d.py\0x\0x"];
        var world = World(new ScriptedEnd(0, string.Concat(lines.Select(l => $"{Commit}:{l}\n"))));

        var answer = await new SourceProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(answer.Problems);
        var use = Assert.IsType<SourceUseReading>(Assert.Single(answer.Readings));
        Assert.Equal(("r1", "b2", "note", 1), (use.Release, use.Migration, use.Name, use.More));
        Assert.Equal(["app/mail.py:12", "app/orders.py:4", "b.py:1"], use.Places);
        Assert.Equal("git grep -w note 98ac1e27b4", use.Source);
    }

    [Theory]
    [InlineData(1, "", "")]
    [InlineData(0, "\0\u001b[31m: nonsense \0 7", "")]
    [InlineData(128, "fatal: unable to resolve revision: Kanari-geheim-77", "whether the source of release r1 names 'note', which b2 takes away: fatal: unable to resolve revision: ***")]
    public async Task Where_nothing_is_named_there_is_no_place_and_where_git_fails_it_is_not_known(int exit, string output, string problem)
    {
        var world = World(new ScriptedEnd(exit, output));
        var sight = world.Sight();
        await sight.ContainersAsync(TestContext.Current.CancellationToken);

        var answer = await new SourceProbe().LookAsync(sight, TestContext.Current.CancellationToken);

        Assert.Equal(problem.Length > 0 ? [problem] : [], answer.Problems);
        Assert.All(answer.Readings.Cast<SourceUseReading>(), r => Assert.Empty(r.Places));
        Assert.Equal(problem.Length > 0 ? 0 : 1, answer.Readings.Length);
    }

    [Fact]
    public async Task Where_no_migration_came_git_is_not_asked()
    {
        var world = new AssessedWorld();

        Assert.Empty((await new SourceProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken)).Readings);
        Assert.Empty(((ScriptedProcesses)world.Processes).Started);
    }

    private static AssessedWorld World(ScriptedEnd git) => new AssessedWorld { Processes = new ScriptedProcesses(s => s.Argv.Contains("grep") ? git : new ScriptedEnd(0)) }
        .With($"{AssessedWorld.Folder}/migrations/versions/b2.py", "from alembic import op\nrevision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    op.drop_column('orders', 'note')\ndef downgrade():\n    pass\n");
}
