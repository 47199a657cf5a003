using System.Formats.Tar;
using System.Net.Sockets;
using System.Runtime.Versioning;
using CliWrap;
using CliWrap.Buffered;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;

namespace Runbooks.Host.Tests.Files;

[UnsupportedOSPlatform("windows")]
public sealed class HostArchivesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HostArchives _archives = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Archive => _folder.At("to/save.tar");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_in_it_is_what_tar_finds_in_it_modes_times_and_links_included()
    {
        Tree();

        var written = _archives.Write(Archive, [_folder.At("from")], [], Cancel);

        Assert.Null(written.Problem);
        Assert.Equal(written, _archives.Read(Archive, Cancel));
        Directory.CreateDirectory(_folder.At("out"));
        var listing = await Cli.Wrap("tar").WithArguments(["-xpf", Archive, "-C", _folder.At("out")]).ExecuteBufferedAsync(Cancel);
        Assert.Equal("", listing.StandardError);
        var back = _folder.At("out" + _folder.At("from"));
        var same = await Cli.Wrap("diff").WithArguments(["-r", "--no-dereference", _folder.At("from"), back]).ExecuteBufferedAsync(Cancel);
        Assert.Equal("", same.StandardOutput);
        Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(Path.Combine(back, "a.conf")));
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), File.GetLastWriteTimeUtc(Path.Combine(back, "a.conf")));
        Assert.Equal("no/such/place", new FileInfo(Path.Combine(back, "sub/dangling")).LinkTarget);
        Assert.Equal(8, written.Entries);
    }

    [Fact]
    public void Only_its_owner_can_read_it()
    {
        Tree();
        Assert.Null(_archives.Write(Archive, [_folder.At("from")], [], Cancel).Problem);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Archive));
    }

    [Fact]
    public void What_is_left_out_is_not_in_it_and_neither_is_the_archive_itself()
    {
        Tree();
        var inside = _folder.At("from/sub/save.tar");

        Assert.Null(_archives.Write(inside, [_folder.At("from")], [_folder.At("from/deep")], Cancel).Problem);

        var names = Names(inside);
        Assert.DoesNotContain(names, n => n.Contains("deep", StringComparison.Ordinal) || n.EndsWith("save.tar", StringComparison.Ordinal));
        Assert.Contains(names, n => n.EndsWith("from/a.conf", StringComparison.Ordinal));
    }

    [Fact]
    public void A_socket_is_refused_and_so_is_what_is_not_there()
    {
        Tree();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder.At("from/s")));

        Assert.Contains("from/s: it is a socket", _archives.Write(Archive, [_folder.At("from")], [], Cancel).Problem, StringComparison.Ordinal);
        Assert.Contains("from/s: it is a socket", _archives.Measure([_folder.At("from")], [], Cancel).Problem, StringComparison.Ordinal);
        Assert.Contains("nowhere: there is no such file", _archives.Measure([_folder.At("nowhere")], [], Cancel).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_measure_is_never_less_than_what_is_written()
    {
        Tree();
        for (var i = 0; i < 40; i++)
        {
            File.WriteAllText(_folder.At($"from/{new string('n', 150)}{i}"), new string('x', i * 37));
        }

        var written = _archives.Write(Archive, [_folder.At("from")], [], Cancel);

        Assert.Null(written.Problem);
        Assert.InRange(written.Length, 100_000, _archives.Measure([_folder.At("from")], [], Cancel).Bytes);
    }

    [Fact]
    public void Cut_at_any_block_or_changed_in_any_byte_it_is_not_what_was_written()
    {
        Tree();
        var written = _archives.Write(Archive, [_folder.At("from")], [], Cancel);
        var bytes = File.ReadAllBytes(Archive);
        Assert.True(bytes.Length > 70_000);
        for (var at = 0; at < bytes.Length; at += 256)
        {
            File.WriteAllBytes(Archive, bytes[..at]);
            Assert.NotEqual(written, _archives.Read(Archive, Cancel));
            var changed = bytes.ToArray();
            changed[at] ^= 1;
            File.WriteAllBytes(Archive, changed);
            Assert.NotEqual(written, _archives.Read(Archive, Cancel));
        }
    }

    [Fact]
    public async Task A_disk_that_is_full_is_said_and_nothing_is_called_written()
    {
        using var small = await SmallFileSystem.MountAsync();
        File.WriteAllBytes(_folder.At("large"), new byte[200_000]);

        var written = _archives.Write(Path.Combine(small.Path, "save.tar.partial"), [_folder.At("large")], [], Cancel);

        Assert.Contains("no space left on the device", written.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_file_has_its_name_and_never_takes_that_of_another()
    {
        File.WriteAllText(_folder.At("a.partial"), "new");
        File.WriteAllText(_folder.At("a"), "old");

        Assert.Equal("it exists already", _archives.Finish(_folder.At("a.partial"), _folder.At("a"), replace: false));
        Assert.Equal("old", File.ReadAllText(_folder.At("a")));
        Assert.Null(_archives.Finish(_folder.At("a.partial"), _folder.At("a"), replace: true));
        Assert.Equal("new", File.ReadAllText(_folder.At("a")));
        Assert.False(File.Exists(_folder.At("a.partial")));
        Assert.Null(_archives.Remove(_folder.At("a.partial")));
        Assert.Null(_archives.Remove(_folder.At("no/folder/a.partial")));
    }

    [Fact]
    public void What_is_unpacked_is_as_it_was_saved_and_what_is_as_it_was_is_not_touched()
    {
        Tree();
        Assert.Null(_archives.Write(Archive, [_folder.At("from")], [], Cancel).Problem);
        File.WriteAllText(_folder.At("from/a.conf"), "log = debug\n");
        File.Delete(_folder.At("from/sub/ü b"));
        File.Delete(_folder.At("from/up"));
        Directory.Delete(_folder.At("from/deep"), recursive: true);
        var before = _archives.Compare(Archive, "/", Cancel);
        var wanted = before.Entries.Where(e => e.There != FoundThere.Same).ToDictionary(e => e.Path, e => e.There);

        Assert.Null(_archives.Unpack(Archive, "/", wanted.Keys.ToHashSet(), Cancel));

        Assert.Equal(FoundThere.OtherBytes, wanted[_folder.At("from/a.conf")]);
        Assert.Equal(FoundThere.Nothing, wanted[_folder.At("from/sub/ü b")]);
        Assert.Equal(5, wanted.Count);
        Assert.All(_archives.Compare(Archive, "/", Cancel).Entries, e => Assert.Equal(FoundThere.Same, e.There));
        Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(_folder.At("from/a.conf")));
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), File.GetLastWriteTimeUtc(_folder.At("from/a.conf")));
        // A link in it leads back to its own folder.
        var notThroughLinks = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        Assert.Empty(Directory.GetFiles(_folder.Path, ".runbook-*", notThroughLinks));
    }

    [Theory]
    [InlineData("../escaped", TarEntryType.RegularFile, "cannot be put back")]
    [InlineData("a/../../escaped", TarEntryType.RegularFile, "cannot be put back")]
    [InlineData("/etc/escaped", TarEntryType.RegularFile, "cannot be put back")]
    [InlineData("link/escaped", TarEntryType.RegularFile, "lies below the link")]
    [InlineData("pipe", TarEntryType.Fifo, "cannot be put back")]
    [InlineData("hard", TarEntryType.HardLink, "cannot be put back")]
    public void An_archive_from_elsewhere_cannot_leave_its_folder(string name, TarEntryType type, string why)
    {
        Directory.CreateDirectory(_folder.At("to"));
        using (var file = File.Create(Archive))
        using (var tar = new TarWriter(file))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = _folder.At("elsewhere") });
            var entry = new PaxTarEntry(type, name);
            if (type == TarEntryType.RegularFile)
            {
                entry.DataStream = new MemoryStream([1, 2, 3]);
            }
            else if (type == TarEntryType.HardLink)
            {
                entry.LinkName = "link";
            }

            tar.WriteEntry(entry);
        }

        Assert.Contains(why, _archives.Compare(Archive, _folder.At("in"), Cancel).Problem, StringComparison.Ordinal);
        Assert.Contains(why, _archives.Unpack(Archive, _folder.At("in"), new HashSet<string> { _folder.At("in/" + name) }, Cancel), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "escaped", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_full_disk_leaves_no_half_a_file()
    {
        File.WriteAllBytes(_folder.At("large"), new byte[200_000]);
        Assert.Null(_archives.Write(Archive, [_folder.At("large")], [], Cancel).Problem);
        using var small = await SmallFileSystem.MountAsync();
        var target = small.Path + _folder.At("large");

        Assert.Contains("no space left on the device", _archives.Unpack(Archive, small.Path, new HashSet<string> { target }, Cancel), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(small.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_cancelled_one_ends_at_once()
    {
        Tree();

        Assert.ThrowsAny<OperationCanceledException>(() => _archives.Write(Archive, [_folder.At("from")], [], new CancellationToken(canceled: true)));
    }

    private static List<string> Names(string path)
    {
        using var file = File.OpenRead(path);
        using var tar = new TarReader(file);
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }

    private void Tree()
    {
        Directory.CreateDirectory(_folder.At("from/sub"));
        Directory.CreateDirectory(_folder.At("from/deep/er"));
        File.WriteAllText(_folder.At("from/a.conf"), "log = info\n");
        File.SetUnixFileMode(_folder.At("from/a.conf"), (UnixFileMode)0b110_100_000);
        File.SetLastWriteTimeUtc(_folder.At("from/a.conf"), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        File.WriteAllBytes(_folder.At("from/sub/ü b"), [.. Enumerable.Range(0, 70_000).Select(i => (byte)(i * 7))]);
        File.CreateSymbolicLink(_folder.At("from/sub/dangling"), "no/such/place");
        File.CreateSymbolicLink(_folder.At("from/up"), "..");
    }
}
