namespace Runbooks.Host.Runs;

/// <summary>The folder of the store.</summary>
internal static class RunStoreFolder
{
    /// <summary>The trail belongs to the machine it was made on; a project's history must not get dirty by rolling back.</summary>
    /// <param name="root">Absolute path of the store, which is made when it is not there.</param>
    public static void KeepOutOfGit(string root)
    {
        Directory.CreateDirectory(root);
        var ignore = Path.Combine(root, ".gitignore");
        if (!File.Exists(ignore))
        {
            File.WriteAllText(ignore, "*\n");
        }
    }
}
