using Microsoft.Win32.SafeHandles;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Runs;

/// <summary>The folder of one run, with its journal open.</summary>
internal sealed class FileRunFolder(string path, SafeFileHandle journal, IFiles files) : IRunFolder
{
    internal const string Outputs = "output";

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
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileRunStore.Sentence(e);
        }
    }

    public string? Write(string name, ReadOnlySpan<byte> bytes) => files.Create(System.IO.Path.Combine(path, name), bytes);

    /// <summary>The one folder was made with the run: nothing can fail here, where nobody could be told.</summary>
    public string Reserve(string name) => name.StartsWith(Outputs + "/", StringComparison.Ordinal)
        ? System.IO.Path.Combine(path, name)
        : throw new ArgumentException($"'{name}' is not in {Outputs}/", nameof(name));

    public void Dispose() => journal.Dispose();
}
