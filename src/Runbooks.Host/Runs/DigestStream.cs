using System.Security.Cryptography;

namespace Runbooks.Host.Runs;

/// <summary>A file as it was when it was opened: what is added meanwhile is not read. Digests what is read of it, once, from its beginning to its end.</summary>
internal sealed class DigestStream(Stream file) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = file.Length;

    public override long Position
    {
        get => file.Position;
        set
        {
            if (value != file.Position)
            {
                throw new NotSupportedException("it is read once");
            }
        }
    }

    /// <summary>Of everything that was read, in lower-case hex.</summary>
    public string HexDigest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(buffer[..(int)Math.Min(buffer.Length, Length - file.Position)]);
        _hash.AppendData(buffer[..read]);
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("it is read once");

    public override void SetLength(long value) => throw new NotSupportedException("it is read only");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("it is read only");

    public override void Flush()
    {
        // Nothing is written.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
