using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>Takes a child's two streams through the filter into the file, the hash, the live display and the capture.</summary>
/// <remarks>The file and its folder are made for the first byte: most programs say nothing, and the two of them were a twentieth of a run of one step.</remarks>
internal sealed class OutputSink : IDisposable
{
    private readonly ProcessOutput _output;
    private FileStream? _file;
    private int _descriptor = -1;
    private IncrementalHash? _hash;
    private readonly ArrayBufferWriter<byte>? _captured;
    private readonly Stream _standardOutput;
    private readonly Stream _standardError;

    internal OutputSink(ProcessOutput output)
    {
        _output = output;
        _captured = output.CaptureLimit > 0 ? new ArrayBufferWriter<byte>() : null;
        _standardOutput = new Stream(output.Filter?.Fresh(), bytes => Emit(bytes, capture: true));
        _standardError = new Stream(output.Filter?.Fresh(), bytes => Emit(bytes, capture: false));
    }

    private sealed record Stream(IByteFilter? Filter, Action<ReadOnlySpan<byte>> Next);

    internal long Length { get; private set; }

    /// <summary>Why the file could not be written; everything after that is dropped.</summary>
    internal string? Error { get; private set; }

    internal ReadOnlyMemory<byte> Captured => _captured?.WrittenMemory ?? default;

    internal bool CaptureExceeded { get; private set; }

    internal void Write(bool standardError, ReadOnlySpan<byte> bytes)
    {
        Stream stream = standardError ? _standardError : _standardOutput;
        if (stream.Filter is null)
        {
            stream.Next(bytes);
        }
        else
        {
            stream.Filter.Write(bytes, stream.Next);
        }
    }

    /// <summary>The stream has ended: what the filter held back goes on.</summary>
    internal void Flush(bool standardError)
    {
        Stream stream = standardError ? _standardError : _standardOutput;
        stream.Filter?.Flush(stream.Next);
    }

    /// <summary>SHA-256 of the file; empty without one.</summary>
    internal string Digest() => _file is null ? "" : _hash is null ? Sha256.OfNothing : Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose()
    {
        _file?.Dispose();
        _hash?.Dispose();
    }

    private void Emit(ReadOnlySpan<byte> bytes, bool capture)
    {
        if (Error is not null || bytes.IsEmpty)
        {
            return;
        }

        // Length, hash and display tell of exactly the bytes in the file, also of those before the disk was full.
        bytes = bytes[..Store(bytes)];
        Length += bytes.Length;
        if (_file is not null)
        {
            // The one of the runtime, as outputs can be long; made for the first byte, as most programs say nothing.
            _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _hash.AppendData(bytes);
        }

        _output.Seen?.Invoke(bytes);
        if (capture && _captured is not null)
        {
            int room = Math.Min(_output.CaptureLimit - _captured.WrittenCount, bytes.Length);
            _captured.Write(bytes[..room]);
            CaptureExceeded |= room < bytes.Length;
        }
    }

    private int Store(ReadOnlySpan<byte> bytes)
    {
        if (_output.Path is not { } path)
        {
            return bytes.Length;
        }

        if (_file is null && !Create(path))
        {
            return 0;
        }

        int done = 0;
        while (done < bytes.Length)
        {
            int written = Libc.Write(_descriptor, bytes[done..]);
            if (written <= 0)
            {
                Error = $"'{path}' could not be written: {Marshal.GetPInvokeErrorMessage(Libc.Error)}";
                break;
            }

            done += written;
        }

        return done;
    }

    private bool Create(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            // No sharing lock: people read it while it grows. Private: what a program prints is not for every user of the machine.
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _file = new FileStream(path, options);
            // Asked for once: each question puts the file's position back to where the stream thinks it is. The stream keeps the number valid.
            _descriptor = (int)_file.SafeFileHandle.DangerousGetHandle();
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Error = $"'{path}' could not be created: {refused.Message}";
            return false;
        }
    }
}
