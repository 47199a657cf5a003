using System.Buffers.Binary;

namespace Runbooks.Host.Docker;

/// <summary>Takes the two streams of a container apart, which come in one: in frames of eight bytes (the stream, three zeros, the length) and as many as they say. Of a terminal there is one stream, as it is.</summary>
internal sealed class LogFrames(Stream body, bool isTerminal)
{
    private const byte StandardError = 2;

    private readonly byte[] _head = new byte[8];
    private bool _isError;
    private long _left;

    /// <summary>Reads the next bytes.</summary>
    /// <returns>How many and of which stream; 0 at the end.</returns>
    /// <exception cref="EndOfStreamException">It ends in the middle of a frame: the connection broke.</exception>
    public async Task<(int Count, bool IsError)> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        if (isTerminal)
        {
            return (await body.ReadAsync(buffer, cancel), false);
        }

        while (_left == 0)
        {
            var read = await body.ReadAtLeastAsync(_head, _head.Length, throwOnEndOfStream: false, cancel);
            if (read == 0)
            {
                return default;
            }

            if (read < _head.Length)
            {
                throw new EndOfStreamException("the log ends in the middle of a frame");
            }

            (_isError, _left) = (_head[0] == StandardError, BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(4)));
        }

        var count = await body.ReadAsync(buffer[..(int)Math.Min(_left, buffer.Length)], cancel);
        if (count == 0)
        {
            throw new EndOfStreamException("the log ends in the middle of a frame");
        }

        _left -= count;
        return (count, _isError);
    }
}
