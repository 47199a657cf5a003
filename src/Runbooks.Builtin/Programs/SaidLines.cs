using System.Text;
using Runbooks.Builtin.Phrasing;

namespace Runbooks.Builtin.Programs;

/// <summary>Cuts what a program says into lines as it comes, and tells them one by one.</summary>
/// <param name="line">Told each line, on the thread that moves the bytes; of a very long one only the beginning.</param>
internal sealed class SaidLines(Action<string> line)
{
    private const int Longest = 4096;

    private readonly Lock _gate = new();
    private readonly byte[] _begun = new byte[Longest];
    private int _length;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
            {
                Add(bytes[..end]);
                End();
                bytes = bytes[(end + 1)..];
            }

            Add(bytes);
        }
    }

    /// <summary>Nothing more is said: what has no line end is a line too.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_length > 0)
            {
                line(Phrases.Line(Encoding.UTF8.GetString(_begun, 0, _length), Longest));
                _length = 0;
            }
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[..Math.Min(bytes.Length, Longest - _length)];
        taken.CopyTo(_begun.AsSpan(_length));
        _length += taken.Length;
    }
}
