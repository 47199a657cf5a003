namespace Runbooks.Cli.Tests;

/// <summary>A small file system in memory, mounted in a project for one test. Needs root on Linux.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly Project _project;
    private readonly string _path;

    private SmallDisk(Project project, string path) => (_project, _path) = (project, path);

    internal static async Task<SmallDisk> MountAsync(Project project, string name, string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small file system needs root on Linux");
        var path = Directory.CreateDirectory(project.At(name)).FullName;
        (await project.ProgramAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", path)).Expect(0);
        return new SmallDisk(project, path);
    }

    public async ValueTask DisposeAsync() => (await _project.ProgramAsync("umount", _path)).Expect(0);
}
