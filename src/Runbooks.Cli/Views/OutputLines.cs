using System.Text;

namespace Runbooks.Cli.Views;

/// <summary>Cuts the bytes of a step's output into lines for the screen: bounded, whatever the child writes.</summary>
/// <remarks>Makes no garbage: a gigabyte of output must not grow the memory of the engine.</remarks>
internal sealed class OutputLines(Action<ReadOnlySpan<char>> line)
{
    private const int LongestLine = 4096;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] _partial = new char[LongestLine];
    private readonly char[] _characters = new char[8192];
    private int _held;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            _decoder.Convert(bytes, _characters, flush: false, out var used, out var count, out _);
            bytes = bytes[used..];
            Take(_characters.AsSpan(0, count));
        }
    }

    /// <summary>Hands over what stands after the last line break.</summary>
    public void Flush()
    {
        if (_held > 0)
        {
            Hand([]);
        }
    }

    private void Take(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf('\n');
            if (end < 0)
            {
                Hold(text);
                return;
            }

            Hand(text[..end]);
            text = text[(end + 1)..];
        }
    }

    private void Hand(ReadOnlySpan<char> rest)
    {
        if (_held == 0)
        {
            line(rest[..Math.Min(rest.Length, LongestLine)]);
            return;
        }

        Hold(rest);
        line(_partial.AsSpan(0, _held));
        _held = 0;
    }

    /// <summary>The rest of an endless line is in the file; the screen has seen enough of it.</summary>
    private void Hold(ReadOnlySpan<char> part)
    {
        part = part[..Math.Min(part.Length, LongestLine - _held)];
        part.CopyTo(_partial.AsSpan(_held));
        _held += part.Length;
    }
}
