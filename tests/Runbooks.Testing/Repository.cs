namespace Runbooks.Testing;

/// <summary>The folder that holds Runbooks.sln.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The path of a file or folder of the repository.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Runbooks.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Runbooks.sln above {AppContext.BaseDirectory}");
    }
}
