using System.Text;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Releases;
using Runbooks.Host.Files;
using Runbooks.Host.Releases;
using Runbooks.Host.Tests.Files;

namespace Runbooks.Host.Tests.Releases;

public sealed class FileReleaseStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string Root => Path.Combine(_folder.Path, ".runbook");

    private FileReleaseStore Store => new(Root, new HostFiles());

    [Fact]
    public void Nothing_is_on_record_and_nothing_is_made_before_something_is_added()
    {
        Assert.Empty(Store.Read().Content?.Lines ?? []);
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public void Of_all_who_add_at_the_same_moment_everybody_has_a_place_in_the_chain()
    {
        const int Writers = 8;
        using var start = new Barrier(Writers);
        var threads = Enumerable.Range(0, Writers).Select(i => new Thread(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            Assert.Null(Store.Append(Bad($"{i}"), Now));
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        var content = Store.Read().Content;
        Assert.Null(content?.Break);
        Assert.Equal(Enumerable.Range(0, Writers).Select(i => $"{i}"), content?.Lines.Select(l => l.Event.Release).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void What_a_crash_left_of_a_line_is_taken_away_by_the_next_one(int cut)
    {
        Assert.Null(Store.Append(Bad("1"), Now));
        Assert.Null(Store.Append(Bad("2"), Now));
        using (var file = File.OpenWrite(Store.JournalPath))
        {
            file.SetLength(file.Length - cut);
        }

        Assert.True(Store.Read().Content?.IsTorn);
        Assert.Null(Store.Append(Bad("3"), Now));

        Assert.Null(Store.Read().Content?.Break);
        Assert.Equal(["1", "3"], Store.Read().Content?.Lines.Select(l => l.Event.Release));
    }

    [Fact]
    public void Nothing_is_added_to_what_was_altered()
    {
        Assert.Null(Store.Append(Bad("1"), Now));
        File.WriteAllText(Store.JournalPath, File.ReadAllText(Store.JournalPath).Replace("slow", "fast", StringComparison.Ordinal));
        var before = File.ReadAllText(Store.JournalPath);

        Assert.Contains("line 1 (byte 0) was altered", Store.Append(Bad("2"), Now), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Store.JournalPath));
    }

    [Fact]
    public void What_must_not_follow_is_not_added()
    {
        Assert.Null(Store.Append(Bad("1"), Now));

        Assert.Equal("no", Store.Append(Bad("2"), Now, content => content.Lines.Length == 1 ? "no" : null));
        Assert.Single(Store.Read().Content?.Lines ?? []);
    }

    [Fact]
    public void The_key_is_made_once_and_only_its_owner_can_read_it()
    {
        var first = Store.Key().Key?.Of("x");

        Assert.NotNull(first);
        Assert.Equal(first, Store.Key().Key?.Of("x"));
        var path = Path.Combine(Root, "releases", "key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(path).UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(Path.Combine(Root, "releases")).UnixFileMode);
        File.WriteAllText(path, "short\n");
        Assert.Contains("it is not the key of a store", Store.Key().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_bytes_are_those_that_were_kept_or_none()
    {
        var bytes = Encoding.UTF8.GetBytes("colour = blue\n");
        var sha256 = Sha256.Hex(bytes);

        Assert.Null(Store.Keep(bytes, sha256));
        Assert.Null(Store.Keep(bytes, sha256));
        Assert.Equal(bytes, ReleaseFiles.Kept(Root, sha256, new HostFiles()).Bytes);
        File.WriteAllText(Path.Combine(Root, ReleaseFiles.KeptFile(sha256)), "colour = red\n");

        Assert.Contains("was altered", ReleaseFiles.Kept(Root, sha256, new HostFiles()).Problem, StringComparison.Ordinal);
        Assert.Null(Store.Keep(bytes, sha256));
        Assert.Equal(bytes, ReleaseFiles.Kept(Root, sha256, new HostFiles()).Bytes);
    }

    public void Dispose() => _folder.Dispose();

    private static ReleaseCondemned Bad(string id) => new() { Release = id, By = new("kim", "host", "", ""), Reason = "it is slow" };
}
