using Microsoft.Win32.SafeHandles;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;

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
            input = at is null ? null : File.OpenHandle(at, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
