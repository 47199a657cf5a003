using Runbooks.Engine.Kinds;

namespace Runbooks.Testing;

/// <summary>For steps that make no backups and read none.</summary>
public sealed class UnusedBackups : IKeepBackups
{
    public string Store => throw Unexpected("the store");

    public string Place(string extension) => throw Unexpected("a place");

    public void Record(string path, RecordedBackup backup) => throw Unexpected(path);

    public RecordedBackup? Find(string path) => throw Unexpected(path);

    private static InvalidOperationException Unexpected(string what) => new($"the test did not expect {what} to be asked for");
}
