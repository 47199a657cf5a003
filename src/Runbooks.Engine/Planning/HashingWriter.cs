using System.Buffers;
using Runbooks.Engine.Hashing;

namespace Runbooks.Engine.Planning;

/// <summary>Hashes what is written to it and keeps none of it.</summary>
internal sealed class HashingWriter : IBufferWriter<byte>
{
    private readonly Sha256 _hash = new();
    private byte[] _buffer = new byte[4096];

    public void Advance(int count) => _hash.Append(_buffer.AsSpan(0, count));

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > _buffer.Length)
        {
            _buffer = new byte[sizeHint];
        }

        return _buffer;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public string ToHex() => _hash.HexAndReset();
}
