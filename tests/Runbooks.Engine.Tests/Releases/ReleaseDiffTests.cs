using System.Collections.Immutable;
using Runbooks.Engine.Releases;
using static Runbooks.Engine.Tests.Releases.Some;

namespace Runbooks.Engine.Tests.Releases;

public sealed class ReleaseDiffTests
{
    private static readonly ServiceSnapshot App = Service("app", "app:v1");

    [Fact]
    public void The_same_state_has_no_difference()
    {
        Assert.Empty(ReleaseDiff.Of(Release("1"), Release("2")));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_changed_in_a_service_is_named(string expected, ServiceSnapshot from, ServiceSnapshot to)
    {
        Assert.Equal(expected, string.Join("; ", ReleaseDiff.Of(Release("1") with { Services = [from] }, Release("2") with { Services = [to] }).Select(d => $"{d.Area} {d.Subject}: {d.Text}")));
    }

    public static TheoryData<string, ServiceSnapshot, ServiceSnapshot> Changes()
    {
        var key = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1");
        return new()
        {
            { "image app: app:v1 (sha256:app:v1) → app:v2 (sha256:app:v2)", App, App with { ImageId = "sha256:app:v2", Reference = "app:v2" } },
            { "image app: app:v1 is another image now: sha256:app:v1 → sha256:other", App, App with { ImageId = "sha256:other" } },
            { "image app: app:v1 → app:stable: the same image under another name", App, App with { Reference = "app:stable" } },
            { "env app: A changed; env app: B added", App with { Environment = key }, App with { Environment = key.SetItem("A", "2").Add("B", "3") } },
            { "env app: A removed", App with { Environment = key }, App },
            { "command app: what is started in it changed", App with { Command = "1" }, App with { Command = "2" } },
            { "mounts app: volume data at /data added", App, App with { Mounts = [new ReleasedMount("volume", "data", "/data", IsReadOnly: false)] } },
            { "networks app: back removed", App with { Networks = ["back"] }, App },
            { "ports app: 81 added; ports app: 80 removed", App with { Ports = [80] }, App with { Ports = [81] } },
            { "ports app: 32772 added; ports app: 81 removed", App with { Ports = [81] }, App with { Ports = [32772] } },
            { "ports app: 32772 added", App with { Ports = [80, 32771] }, App with { Ports = [80, 32771, 32772] } },
            { "", App with { Ports = [80, 32771] }, App with { Ports = [80, 32772] } },
            { "containers app: 1 → 2", App, App with { Containers = 2 } },
            { "version app: PG_VERSION 15 → PG_VERSION 16", App with { Version = "PG_VERSION 15" }, App with { Version = "PG_VERSION 16" } },
        };
    }

    [Fact]
    public void Services_files_variables_and_the_database_are_compared_too()
    {
        var before = Release("1") with
        {
            Files = [new("a.conf", new string('1', 64), true, ""), new("gone.conf", new string('2', 64), true, "")],
            EnvFiles = [new(".env", ImmutableSortedDictionary<string, string>.Empty.Add("TAG", "h1"))],
            Schema = new("alembic", "shop", ["a1"], []),
        };
        var after = before with
        {
            Services = [App, Service("job", "job:v1")],
            Files = [new("a.conf", new string('3', 64), true, "")],
            EnvFiles = [new(".env", ImmutableSortedDictionary<string, string>.Empty.Add("TAG", "h2"))],
            Schema = new("alembic", "shop", ["b2"], []),
        };

        Assert.Equal(
            ["service job: added, with image job:v1", "config a.conf: its bytes changed: 111111111111 → 333333333333", "config gone.conf: no longer part of it", "env .env: TAG changed", "database shop: a1 → b2"],
            ReleaseDiff.Of(before, after).Select(d => $"{d.Area} {d.Subject}: {d.Text}"));
    }

    [Fact]
    public void The_commit_is_no_difference_of_what_is_deployed()
    {
        var (from, to) = (Release("1") with { Git = new(new string('a', 40), IsDirty: false) }, Release("2") with { Git = new(new string('b', 40), IsDirty: true) });

        Assert.Empty(ReleaseDiff.Of(from, to));
        Assert.Equal("aaaaaaaaaaaa → bbbbbbbbbbbb with changes that are in no commit", Assert.Single(ReleaseDiff.OfSources(from, to)).Text);
    }
}
