using System.Text;

namespace Runbooks.Cli.Views;

/// <summary>Cuts the bytes of a step's output into lines for the screen: bounded, whatever the child writes.</summary>
internal sealed class OutputLines(Action<string> line)
{
    private const int LongestLine = 4096;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _partial = new();
    private readonly char[] _characters = new char[8192];

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
        if (_partial.Length > 0)
        {
            line(_partial.ToString());
            _partial.Clear();
        }
    }

    private void Take(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf('\n');
            var part = end < 0 ? text : text[..end];
            // The rest of an endless line is in the file; the screen has seen enough of it.
            _partial.Append(part[..Math.Min(part.Length, Math.Max(0, LongestLine - _partial.Length))]);
            if (end < 0)
            {
                return;
            }

            line(_partial.ToString());
            _partial.Clear();
            text = text[(end + 1)..];
        }
    }
}
