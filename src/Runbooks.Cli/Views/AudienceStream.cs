namespace Runbooks.Cli.Views;

/// <summary>Writes for somebody who may leave: a closed pipe (<c>| head</c>) or a terminal that was shut. From then on there is nobody to tell, and that is no failure.</summary>
/// <remarks>Everything else that goes wrong (a full disk behind a redirection) is let out.</remarks>
internal sealed class AudienceStream(Stream inner) : Stream
{
    private bool _isGone;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
        // The streams of the console keep nothing back.
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isGone)
        {
            return;
        }

        try
        {
            inner.Write(buffer);
        }
        catch (IOException e) when (IsGone(e))
        {
            _isGone = true;
        }
    }

    /// <summary>At once, on the caller's thread: what a line of text costs is less than a change of threads, and the base class would start the pool for it.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>EPIPE is 32, EIO is 5, on Linux and macOS alike.</summary>
    private static bool IsGone(IOException e) => e.HResult is 32 or 5;
}
