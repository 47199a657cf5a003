namespace Runbooks.Host.Files;

/// <summary>A folder that only its owner can look into, below the place for temporary files; it and everything in it is removed at the end.</summary>
public sealed class PrivateFolder : IDisposable
{
    private PrivateFolder(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <returns>The folder; or why it could not be made.</returns>
    public static (PrivateFolder? Folder, string Problem) Make(string prefix)
    {
        try
        {
            return (new PrivateFolder(Directory.CreateTempSubdirectory(prefix).FullName), "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, $"a private folder for temporary files could not be made: {failure.Message}");
        }
    }

    /// <summary>Removes it. What cannot be removed stays, and is readable by its owner only.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Remains = failure.Message;
        }
    }

    /// <summary>Why it could not be removed; null when it was, or was not tried.</summary>
    public string? Remains { get; private set; }
}
