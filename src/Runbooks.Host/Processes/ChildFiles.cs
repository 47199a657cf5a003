using Microsoft.Win32.SafeHandles;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>The files that a child reads from and writes to itself: not a byte of them passes through the engine.</summary>
internal sealed class ChildFiles : IDisposable
{
    private readonly SafeFileHandle? _input;
    private readonly FileStream? _output;

    private ChildFiles(SafeFileHandle? input, FileStream? output) => (_input, _output) = (input, output);

    /// <summary>Null where the child has a pipe, or nothing.</summary>
    internal int? Input => (int?)_input?.DangerousGetHandle();

    /// <inheritdoc cref="Input"/>
    internal int? Output => (int?)_output?.SafeFileHandle.DangerousGetHandle();

    /// <summary>Null with the reason when one of them cannot be opened.</summary>
    internal static ChildFiles? Open(ProcessSpec spec, ProcessOutput output, out string? why)
    {
        SafeFileHandle? input = null;
        string? at = null;
        try
        {
            at = spec.StandardInputFile;
            input = at is null ? ByName(spec) : File.OpenHandle(at, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            at = output.StandardOutputFile;
            why = null;
            return new ChildFiles(input, at is null ? null : New(at));
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            input?.Dispose();
            why = $"{at}: {problem}";
            return null;
        }
    }

    /// <summary>What a program is given that opens its standard input by name: a pipe would be empty when it does so once more. Null where a pipe does.</summary>
    private static SafeFileHandle? ByName(ProcessSpec spec)
    {
        if (spec.StandardInput.IsEmpty || !spec.Argv.Contains("/dev/stdin") || Platform.OpenMemoryFile() is not (>= 0 and var fd))
        {
            return null;
        }

        var file = new SafeFileHandle(fd, ownsHandle: true);
        RandomAccess.Write(file, spec.StandardInput.Span, 0);
        return file;
    }

    public void Dispose()
    {
        _input?.Dispose();
        _output?.Dispose();
    }

    private static FileStream New(string path)
    {
        FileReplacement.MakeFolder(Path.GetDirectoryName(path) ?? "/");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
