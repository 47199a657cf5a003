using System.Security.Cryptography;

namespace Runbooks.Host.Files;

/// <summary>A stream that goes one way: counts and digests what passes, and can be stopped at any moment.</summary>
/// <param name="length">Of what is read, where it is known beforehand.</param>
internal sealed class MeasuredStream(Stream inner, CancellationToken cancel, long? length = null) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes that have passed.</summary>
    public long Passed { get; private set; }

    /// <summary>How many NULs it ended with so far.</summary>
    public long TrailingNuls { get; private set; }

    public override bool CanRead => inner.CanRead;

    /// <summary>Only so far that its length is believed: the archive's head holds it.</summary>
    public override bool CanSeek => length is not null;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => length ?? throw new NotSupportedException("it is not known");

    public override long Position
    {
        get => Passed;
        set
        {
            if (value != Passed)
            {
                throw new NotSupportedException("it goes one way");
            }
        }
    }

    public string HexDigest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        cancel.ThrowIfCancellationRequested();
        var read = inner.Read(length is { } all ? buffer[..(int)Math.Min(buffer.Length, all - Passed)] : buffer);
        Take(buffer[..read]);
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        cancel.ThrowIfCancellationRequested();
        inner.Write(buffer);
        Take(buffer);
    }

    /// <summary>Reads what is left.</summary>
    public void ReadToEnd()
    {
        var buffer = new byte[64 << 10];
        while (Read(buffer) > 0)
        {
        }
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("it goes one way");

    public override void SetLength(long value) => throw new NotSupportedException("it goes one way");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Passed += bytes.Length;
        var last = bytes.LastIndexOfAnyExcept((byte)0);
        TrailingNuls = last < 0 ? TrailingNuls + bytes.Length : bytes.Length - 1 - last;
    }
}
