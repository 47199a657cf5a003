
namespace Runbooks.Host.Files;

/// <summary>Writes of whole files that a crash cannot leave half done.</summary>
internal static class FileReplacement
{
    private const UnixFileMode OnlyTheOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Puts a complete new file in the place of another.</summary>
    /// <param name="path">Not a symbolic link.</param>
    /// <returns>Why it could not be done; null when it was.</returns>
    public static string? Replace(string path, ReadOnlySpan<byte> bytes)
    {
        if (File.GetAttributes(path).HasFlag(FileAttributes.Directory))
        {
            return "it is a folder";
        }

        var folder = Path.GetDirectoryName(path) ?? "/";
        var beside = Beside(folder);
        try
        {
            // Private until it has the right owner: the bytes may hold secrets.
            using (var stream = New(beside, OnlyTheOwner))
            {
                stream.Write(bytes);
                if (KeepOwnerAndMode(path, stream) is { } problem)
                {
                    Remove(beside);
                    return problem;
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (Errno.Sentence(e) is not null)
        {
            Remove(beside);
            throw;
        }

        return Flushed(folder);
    }

    /// <summary>Writes a file that was not there.</summary>
    /// <returns>Why it could not be done; null when it was.</returns>
    public static string? Create(string path, ReadOnlySpan<byte> bytes, bool ownerOnly)
    {
        if (Directory.Exists(path))
        {
            return "it is a folder";
        }

        var folder = Path.GetDirectoryName(path) ?? "/";
        var grown = Grow(folder);
        using (var stream = New(path, ownerOnly ? OnlyTheOwner : null))
        {
            try
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            catch (Exception e) when (Errno.Sentence(e) is not null)
            {
                Remove(path);
                throw;
            }
        }

        return grown.Append(folder).Select(Flushed).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>Puts a complete file somewhere, whether or not one is there.</summary>
    /// <param name="fill">Writes its bytes.</param>
    /// <param name="finish">Told the path of the written file before it gets its name.</param>
    /// <returns>Why it could not be done; null when it was.</returns>
    public static string? Put(string path, Action<FileStream> fill, Action<string> finish)
    {
        var folder = Path.GetDirectoryName(path) ?? "/";
        var beside = Beside(folder);
        var isThere = false;
        try
        {
            using (var stream = New(beside, OnlyTheOwner))
            {
                fill(stream);
                stream.Flush(flushToDisk: true);
            }

            finish(beside);
            File.Move(beside, path, overwrite: true);
            isThere = true;
            return Flushed(folder);
        }
        finally
        {
            // Whatever went wrong, a stop included: no half a file stays behind.
            if (!isThere)
            {
                Remove(beside);
            }
        }
    }

    /// <summary>Creates a folder with what is missing above it, durably as far as that can be told.</summary>
    public static void MakeFolder(string folder) => Grow(folder).ForEach(changed => _ = NativeFiles.FlushFolder(changed));

    /// <summary>Creates a folder with what is missing above it.</summary>
    /// <returns>The folders whose list of names has changed.</returns>
    private static List<string> Grow(string folder)
    {
        var changed = new List<string>();
        for (var missing = folder; !Directory.Exists(missing) && Path.GetDirectoryName(missing) is { } parent; missing = parent)
        {
            changed.Add(parent);
        }

        Directory.CreateDirectory(folder);
        return changed;
    }

    private static FileStream New(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return new FileStream(path, options);
    }

    private static string? KeepOwnerAndMode(string path, FileStream replacement)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var mode = File.GetUnixFileMode(path);
        if (NativeFiles.OwnerOf(path) is not { } owner)
        {
            return "its owner cannot be read, so it could not be kept";
        }

        // The group first decides who may read: the mode follows the owner, and a change of owner would clear set-user-id bits anyway.
        if (NativeFiles.ChangeOwner(replacement.SafeFileHandle, owner) is not 0 and var error)
        {
            return error == Errno.NotPermitted
                ? $"it belongs to user {owner.User} and group {owner.Group}, which this user cannot keep"
                : Errno.Sentence(error);
        }

        File.SetUnixFileMode(replacement.SafeFileHandle, mode);
        return null;
    }

    private static string? Flushed(string folder) => NativeFiles.FlushFolder(folder) is not 0 and var error ? Errno.Sentence(error) : null;

    private static string Beside(string folder) => Path.Combine(folder, $".runbook-{Convert.ToHexStringLower(KernelRandom.Bytes(6))}.tmp");

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (Errno.Sentence(e) is not null)
        {
            // The failure that led here is the one to report; a left-over says by its name what it is.
        }
    }
}
