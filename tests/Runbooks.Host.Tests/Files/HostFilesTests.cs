using System.Runtime.Versioning;
using CliWrap;
using CliWrap.Buffered;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;

namespace Runbooks.Host.Tests.Files;

[UnsupportedOSPlatform("windows")]
public sealed class HostFilesTests : IDisposable
{
    private static readonly byte[] Old = "old"u8.ToArray();
    private static readonly byte[] New = "new"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly HostFiles _files = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_replaced_file_keeps_its_mode()
    {
        var path = Written("a", Old);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Null(_files.Replace(path, New));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_file_for_its_owner_only_is_made_so()
    {
        Assert.Null(_files.Create(_folder.At("key"), New, ownerOnly: true));
        Assert.Null(_files.Create(_folder.At("open"), New));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.At("key")));
        Assert.NotEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.At("open")));
    }

    [Fact]
    public async Task A_replaced_file_keeps_its_owner_and_group()
    {
        Assert.SkipUnless(Environment.UserName == "root", "changing an owner needs root");
        var path = Written("a", Old);
        await Cli.Wrap("chown").WithArguments(["1234:4321", path]).ExecuteAsync(TestContext.Current.CancellationToken);

        Assert.Null(_files.Replace(path, New));
        var owner = await Cli.Wrap("stat").WithArguments(["-c", "%u:%g", path]).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1234:4321", owner.StandardOutput.Trim());
    }

    [Fact]
    public void A_replaced_file_is_another_file_so_a_reader_of_the_old_one_sees_no_mixture()
    {
        var path = Written("a", Old);
        using var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        Assert.Null(_files.Replace(path, "something much longer than before"u8));
        var seen = new byte[100];
        Assert.Equal(Old, seen[..reader.Read(seen)]);
    }

    [Fact]
    public void A_symbolic_link_stays_one_and_its_target_is_replaced()
    {
        var target = Written("folder/target", Old);
        var link = File.CreateSymbolicLink(_folder.At("link"), "folder/target");

        Assert.Null(_files.Replace(link.FullName, New));
        Assert.Equal("folder/target", new FileInfo(link.FullName).LinkTarget);
        Assert.Equal(New, File.ReadAllBytes(target));
    }

    [Fact]
    public void A_folder_is_the_same_by_a_link_to_it()
    {
        Directory.CreateDirectory(_folder.At("releases/5"));
        Directory.CreateDirectory(_folder.At("releases/6"));
        File.CreateSymbolicLink(_folder.At("current"), "releases/5");

        Assert.True(new HostFiles().AreSame(_folder.At("current"), _folder.At("releases/5")));
        Assert.False(new HostFiles().AreSame(_folder.At("current"), _folder.At("releases/6")));
    }

    [Fact]
    public void Links_that_form_a_loop_are_a_problem_and_not_an_exception()
    {
        File.CreateSymbolicLink(_folder.At("a"), "b");
        File.CreateSymbolicLink(_folder.At("b"), "a");

        Assert.NotNull(_files.Read(_folder.At("a")).Problem);
        Assert.NotNull(_files.Replace(_folder.At("a"), New));
        Assert.NotNull(_files.Stat(_folder.At("a")).Problem);
        Assert.False(_files.CanWrite(_folder.At("a")));
    }

    [Fact]
    public void A_link_to_nothing_is_a_missing_file()
    {
        File.CreateSymbolicLink(_folder.At("a"), "nothing");

        Assert.Equal(FileKind.Missing, _files.Stat(_folder.At("a")).Kind);
        Assert.Equal("there is no such file", _files.Read(_folder.At("a")).Problem);
    }

    [Fact]
    public async Task A_full_device_leaves_the_old_bytes_and_no_leftover()
    {
        using var small = await SmallFileSystem.MountAsync();
        var path = Path.Combine(small.Path, "a");
        File.WriteAllBytes(path, Old);

        Assert.Equal("no space left on the device", _files.Replace(path, new byte[100_000]));
        Assert.Equal("no space left on the device", _files.Create(Path.Combine(small.Path, "b"), new byte[100_000]));
        Assert.Equal(Old, File.ReadAllBytes(path));
        Assert.Equal(["a"], _files.List(small.Path));
    }

    [Fact]
    public async Task A_read_only_file_system_says_so()
    {
        using var small = await SmallFileSystem.MountAsync();
        var path = Path.Combine(small.Path, "a");
        File.WriteAllBytes(path, Old);
        await small.MakeReadOnlyAsync();

        Assert.Equal("the file system is read-only", _files.Replace(path, New));
        Assert.Equal("the file system is read-only", _files.Create(Path.Combine(small.Path, "b"), New));
        Assert.False(_files.CanWrite(path));
        Assert.False(_files.CanWrite(Path.Combine(small.Path, "b")));
    }

    [Fact]
    public void Without_permission_a_file_is_neither_read_nor_missing()
    {
        var path = Written("closed/a", Old);
        File.SetUnixFileMode(_folder.At("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        OpenForOthers();

        Assert.Equal("permission denied", AnotherUser.Run(() => _files.Read(path)).Problem);
        Assert.Equal("permission denied", AnotherUser.Run(() => _files.Stat(path)).Problem);
        Assert.Equal("permission denied", AnotherUser.Run(() => _files.Digest(path)).Problem);
        Assert.Equal("permission denied", AnotherUser.Run(() => _files.Replace(path, New)));
        Assert.Equal("permission denied", AnotherUser.Run(() => _files.Create(_folder.At("b"), New)));
        Assert.False(AnotherUser.Run(() => _files.CanWrite(path)));
        Assert.Equal(Old, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_file_whose_owner_could_not_be_kept_is_left_alone()
    {
        var path = Written("shared/a", Old);
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        File.SetUnixFileMode(_folder.At("shared"), (UnixFileMode)0b111_111_111);
        OpenForOthers();

        Assert.False(AnotherUser.Run(() => _files.CanWrite(path)));
        Assert.Equal("it belongs to user 0 and group 0, which this user cannot keep", AnotherUser.Run(() => _files.Replace(path, New)));
        Assert.Equal(Old, File.ReadAllBytes(path));
        Assert.Equal(["a"], _files.List(_folder.At("shared")));
    }

    [Fact]
    public async Task A_pipe_is_not_opened_because_that_would_wait_for_ever()
    {
        var path = _folder.At("pipe");
        await Cli.Wrap("mkfifo").WithArguments([path]).ExecuteAsync(TestContext.Current.CancellationToken);

        Assert.Equal(FileKind.Other, _files.Stat(path).Kind);
        Assert.Equal("it is not a regular file", _files.Read(path).Problem);
        Assert.Equal("it is not a regular file", _files.Digest(path, TestContext.Current.CancellationToken).Problem);
    }

    [Fact]
    public void A_file_of_proc_is_read_though_its_length_is_zero()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no /proc");

        Assert.NotEmpty(_files.Read("/proc/self/status").Bytes ?? []);
    }

    [Fact]
    public void A_path_below_a_file_is_missing()
    {
        var path = Written("a", Old);

        Assert.Equal(FileKind.Missing, _files.Stat(path + "/b").Kind);
        Assert.NotNull(_files.Create(path + "/b", New));
    }

    [Fact]
    public void A_name_that_is_too_long_is_a_problem()
    {
        Assert.Equal("its name is too long", _files.Create(_folder.At(new string('a', 300)), New));
    }

    [Fact]
    public void At_any_moment_a_reader_finds_the_old_bytes_or_the_new_ones_whole()
    {
        var path = Written("a", new byte[50_000]);
        using var stop = new CancellationTokenSource();
        var seen = new HashSet<string>();
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var bytes = _files.Read(path).Bytes ?? [];
                seen.Add($"{bytes.Length}:{string.Join(',', bytes.Distinct())}");
            }
        });
        reader.Start();
        for (byte i = 1; i <= 50; i++)
        {
            Assert.Null(_files.Replace(path, Enumerable.Repeat(i, 50_000).ToArray()));
        }

        stop.Cancel();
        reader.Join();
        Assert.All(seen, s => Assert.Matches("^50000:[0-9]+$", s));
    }

    private string Written(string name, byte[] bytes)
    {
        var path = _folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The folder of the test itself belongs to its user alone.</summary>
    private void OpenForOthers() => File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
}
