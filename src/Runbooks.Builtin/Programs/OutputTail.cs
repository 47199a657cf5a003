using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin.Phrasing;

namespace Runbooks.Builtin.Programs;

/// <summary>Keeps the end of what a program writes, on both streams.</summary>
internal sealed class OutputTail
{
    private const int MostLines = 10;
    private const int LongestLine = 300;

    /// <summary>Bytes. Of more than this the first line is left out, since it lost its beginning: half a secret would not be recognised as one.</summary>
    private const int Limit = 8 << 10;

    private readonly Lock _gate = new();
    private readonly byte[] _bytes = new byte[Limit];
    private int _length;
    private bool _wasCut;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _wasCut |= _length + bytes.Length > Limit;
            var last = bytes[Math.Max(0, bytes.Length - Limit)..];
            var kept = Math.Min(_length, Limit - last.Length);
            _bytes.AsSpan(_length - kept, kept).CopyTo(_bytes);
            last.CopyTo(_bytes.AsSpan(kept));
            _length = kept + last.Length;
        }
    }

    /// <summary>The last lines that are not empty.</summary>
    /// <param name="mask">Takes the secrets out, before a line is cut.</param>
    public ImmutableArray<string> Lines(Func<string, string> mask)
    {
        lock (_gate)
        {
            var text = Encoding.UTF8.GetString(_bytes, 0, _length);
            var lines = mask(_wasCut ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1 is > 0 and var next ? next : text.Length)..] : text).Split('\n');
            return [.. lines.Where(l => l.Trim().Length > 0).TakeLast(MostLines).Select(l => Phrases.Line(l, LongestLine))];
        }
    }
}
