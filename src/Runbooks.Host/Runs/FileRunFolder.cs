using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;

namespace Runbooks.Host.Runs;

/// <summary>The folder of one run, with its journal open.</summary>
/// <remarks>A name in a folder is durable when the folder is flushed; one flush of it covers all that was written since the last.</remarks>
internal sealed class FileRunFolder(string path, SafeFileHandle journal) : IRunFolder
{
    internal const string Outputs = "output";

    private readonly HashSet<string> _unflushed = [path];
    private long _length;

    public string Path => path;

    public string? Append(ReadOnlySpan<byte> line)
    {
        try
        {
            RandomAccess.Write(journal, line, _length);
            _length += line.Length;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileRunStore.Sentence(e);
        }
    }

    public string? Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(journal);
            foreach (var folder in _unflushed)
            {
                if (NativeFiles.FlushFolder(folder) is not 0 and var error)
                {
                    return Marshal.GetPInvokeErrorMessage(error);
                }
            }

            _unflushed.Clear();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileRunStore.Sentence(e);
        }
    }

    public string? Write(string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var full = System.IO.Path.Combine(path, name);
            var folder = System.IO.Path.GetDirectoryName(full) ?? path;
            Directory.CreateDirectory(folder);
            using var file = File.OpenHandle(full, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(file, bytes, 0);
            RandomAccess.FlushToDisk(file);
            _unflushed.Add(path);
            _unflushed.Add(folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileRunStore.Sentence(e);
        }
    }

    /// <summary>The one folder was made with the run: nothing can fail here, where nobody could be told.</summary>
    public string Reserve(string name) => name.StartsWith(Outputs + "/", StringComparison.Ordinal)
        ? System.IO.Path.Combine(path, name)
        : throw new ArgumentException($"'{name}' is not in {Outputs}/", nameof(name));

    public void Dispose() => journal.Dispose();
}
