using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Runbooks.Engine.Running;

/// <summary>Says quickly where no form of a secret begins: looks at one block of bytes in every stride instead of at every byte. Immutable.</summary>
/// <remarks>
/// All forms have at least <see cref="Window"/> bytes. Whatever form begins in a stride, one of the blocks within its first <see cref="Window"/> bytes ends up at the place that is looked at;
/// all of those blocks are marked in a bit map. After Wu and Manber, without their shifts, so that no look waits for the one before.
/// </remarks>
internal sealed class FormFilter
{
    private const int LargestWindow = 16;
    private const int LeastBits = 13;
    private const int MostBits = 21;

    private readonly ulong[] _marks;
    private readonly int _shift;
    private readonly bool _isWide;

    public FormFilter(IReadOnlyCollection<string> written, IReadOnlyCollection<string> wrapped)
    {
        var forms = written.Concat(wrapped).Select(Encoding.UTF8.GetBytes).ToList();
        Window = Math.Min(LargestWindow, forms.Select(f => f.Length).DefaultIfEmpty(LargestWindow).Min());
        _isWide = Window >= 7;
        Stride = Window - Block + 1;
        var blocks = new HashSet<uint>();
        forms.ForEach(form => AddBlocks(form.AsSpan(0, Window), blocks));
        foreach (var form in wrapped.Select(Encoding.UTF8.GetBytes))
        {
            for (var at = SecretForms.BreakFrom; at < Window; at++)
            {
                AddBlocks(((byte[])[.. form[..at], (byte)'\n', .. form[at..]]).AsSpan(0, Window), blocks);
                AddBlocks(((byte[])[.. form[..at], (byte)'\r', (byte)'\n', .. form[at..]]).AsSpan(0, Window), blocks);
                AddBlocks(((byte[])[.. form[..at], (byte)'\r', .. form[at..]]).AsSpan(0, Window), blocks);
            }
        }

        // One mark in 32 at the most: then a look that finds nothing is nearly always right.
        var bits = Math.Clamp(BitOperations.Log2((uint)Math.Max(1, blocks.Count)) + 6, LeastBits, MostBits);
        _shift = 32 - bits;
        _marks = new ulong[1 << (bits - 6)];
        foreach (var block in blocks)
        {
            var mark = Hash(block);
            _marks[mark >> 6] |= 1UL << (int)(mark & 63);
        }
    }

    /// <summary>The bytes that must be there before a place can be judged.</summary>
    public int Window { get; }

    /// <summary>How many places one look judges.</summary>
    public int Stride { get; }

    private int Block => _isWide ? sizeof(uint) : sizeof(ushort);

    /// <summary>The first place from which on a form might begin: none begins before it. At the latest the first one with fewer than <see cref="Window"/> bytes after it.</summary>
    /// <returns>The place; the <see cref="Stride"/> places from it on are those to look at more closely.</returns>
    public int Next(ReadOnlySpan<byte> bytes, int from)
    {
        var look = from + Stride - 1;
        if (_isWide)
        {
            for (; look <= bytes.Length - sizeof(uint) && !IsMarked(BinaryPrimitives.ReadUInt32LittleEndian(bytes[look..])); look += Stride)
            {
            }
        }
        else
        {
            for (; look <= bytes.Length - sizeof(ushort) && !IsMarked(BinaryPrimitives.ReadUInt16LittleEndian(bytes[look..])); look += Stride)
            {
            }
        }

        return look - Stride + 1;
    }

    private void AddBlocks(ReadOnlySpan<byte> window, HashSet<uint> blocks)
    {
        for (var at = 0; at < Stride; at++)
        {
            blocks.Add(_isWide ? BinaryPrimitives.ReadUInt32LittleEndian(window[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(window[at..]));
        }
    }

    private bool IsMarked(uint block)
    {
        var mark = Hash(block);
        return (_marks[mark >> 6] >> (int)(mark & 63) & 1) != 0;
    }

    private uint Hash(uint block) => (block * 0x9E3779B1u) >> _shift;
}
