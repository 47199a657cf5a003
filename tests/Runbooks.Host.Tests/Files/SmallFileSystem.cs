using CliWrap;

namespace Runbooks.Host.Tests.Files;

/// <summary>A file system of 64 KiB in memory, mounted for one test. Needs root on Linux.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallFileSystem()
    {
    }

    public string Path => _folder.Path;

    public static async Task<SmallFileSystem> MountAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small file system needs root on Linux");
        var mounted = new SmallFileSystem();
        await Cli.Wrap("mount").WithArguments(["-t", "tmpfs", "-o", "size=64k", "tmpfs", mounted.Path]).ExecuteAsync(TestContext.Current.CancellationToken);
        return mounted;
    }

    public async Task MakeReadOnlyAsync() =>
        await Cli.Wrap("mount").WithArguments(["-o", "remount,ro", Path]).ExecuteAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Cli.Wrap("umount").WithArguments([Path]).ExecuteAsync().Task.GetAwaiter().GetResult();
        _folder.Dispose();
    }
}
