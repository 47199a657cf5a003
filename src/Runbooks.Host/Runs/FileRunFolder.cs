using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;
using Runbooks.Host.Processes;

namespace Runbooks.Host.Runs;

/// <summary>The folder of one run, with its journal open.</summary>
/// <remarks>
/// A name in a folder is durable when the folder is flushed; one flush of it covers all that was written since the last. Written files and their folders are flushed behind
/// the back of the run, by one thread, because the run has other things to do until its first effect waits for all of them.
/// </remarks>
internal sealed class FileRunFolder(string path, string above, SafeFileHandle journal, FileLedger ledger, long length = 0) : IRunFolder
{
    internal const string Outputs = "output";

    private readonly HashSet<string> _unflushed = [path, above];
    private readonly CountdownEvent _flushing = new(1);
    private WorkThread? _flusher;
    private string? _flushProblem;
    private long _length = length;
    private long _durable = -1;

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
            FlushFolders();
            if (_durable != _length)
            {
                RandomAccess.FlushToDisk(journal);
            }

            if (FilesFlushed() is { } problem)
            {
                return problem;
            }

            _durable = _length;
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
            var file = File.OpenHandle(full, FileMode.CreateNew, FileAccess.Write);
            try
            {
                RandomAccess.Write(file, bytes, 0);
            }
            finally
            {
                // Closed there; a flush that fails after a write that failed tells nothing new.
                FlushBehind(file, name);
            }

            _unflushed.Add(path);
            _unflushed.Add(folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileRunStore.Sentence(e);
        }
    }

    public string? Enter(LedgerEntry entry, DateTimeOffset time)
    {
        var (file, isNew, problem) = ledger.Append(entry, time);
        if (file is null)
        {
            return problem;
        }

        if (isNew)
        {
            _unflushed.Add(System.IO.Path.GetDirectoryName(above) ?? above);
        }

        if (_durable != _length)
        {
            FlushBehind(file, FileLedger.Name);
            FlushFolders();
            return null;
        }

        // Everything else is on disk: whoever adds this line will wait for nothing but it, and has it sooner without another thread.
        using (file)
        {
            return FlushProblem(file, FileLedger.Name);
        }
    }

    public string Reserve(string name) => name.StartsWith(Outputs + "/", StringComparison.Ordinal)
        ? System.IO.Path.Combine(path, name)
        : throw new ArgumentException($"'{name}' is not in {Outputs}/", nameof(name));

    public void Dispose()
    {
        _ = FilesFlushed();
        _flusher?.Dispose();
        _flushing.Dispose();
        journal.Dispose();
    }

    /// <summary>Waits for the files that are being flushed.</summary>
    private string? FilesFlushed()
    {
        _ = _flushing.Signal();
        // The kernel cannot be told to give up a flush, so nobody can be told that it has.
        _flushing.Wait(CancellationToken.None);
        _flushing.Reset();
        return Interlocked.Exchange(ref _flushProblem, null);
    }

    private void Behind(Action work) => (_flusher ??= new WorkThread("flush")).Do(work);

    private void FlushFolders()
    {
        foreach (var folder in _unflushed)
        {
            FlushBehind(folder);
        }

        _unflushed.Clear();
    }

    private void FlushBehind(SafeFileHandle file, string name)
    {
        _flushing.AddCount();
        Behind(() => FlushAndClose(file, name));
    }

    private void FlushBehind(string folder)
    {
        _flushing.AddCount();
        Behind(() =>
        {
            Note(NativeFiles.FlushFolder(folder) is not 0 and var error ? $"{folder}: {Marshal.GetPInvokeErrorMessage(error)}" : null);
            _ = _flushing.Signal();
        });
    }

    private void FlushAndClose(SafeFileHandle file, string name)
    {
        using (file)
        {
            Note(FlushProblem(file, name));
        }

        _ = _flushing.Signal();
    }

    private void Note(string? problem)
    {
        if (problem is not null)
        {
            _ = Interlocked.CompareExchange(ref _flushProblem, problem, null);
        }
    }

    private static string? FlushProblem(SafeFileHandle file, string name)
    {
        try
        {
            RandomAccess.FlushToDisk(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{name}: {FileRunStore.Sentence(e)}";
        }
    }
}
