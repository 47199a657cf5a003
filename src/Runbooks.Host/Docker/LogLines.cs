using System.Buffers;
using System.Globalization;
using System.Text;

namespace Runbooks.Host.Docker;

/// <summary>Puts the pieces of two byte streams together to lines, in bounded memory.</summary>
/// <param name="line">Told each line; returns false to stop.</param>
internal sealed class LogLines(Func<string, bool> line)
{
    /// <summary>What follows in a longer line is dropped.</summary>
    public const int LongestLine = 64 << 10;

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _error = new();
    private bool _stopped;

    public long Count { get; private set; }

    /// <summary>Takes the next bytes of one stream.</summary>
    /// <returns>False when no more is wanted.</returns>
    public bool Take(bool isError, ReadOnlySpan<byte> bytes)
    {
        var pending = isError ? _error : _output;
        while (!_stopped && bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Keep(pending, bytes[..end]);
            Tell(pending);
            bytes = bytes[(end + 1)..];
        }

        Keep(pending, bytes);
        return !_stopped;
    }

    /// <summary>Both streams are at their end: what has no line break is a line too.</summary>
    public void End()
    {
        foreach (var pending in (ArrayBufferWriter<byte>[])[_output, _error])
        {
            if (!_stopped && pending.WrittenCount > 0)
            {
                Tell(pending);
            }
        }
    }

    /// <summary>The time that the engine puts before a line when it is asked to.</summary>
    /// <param name="rest">The line itself.</param>
    /// <returns>Null when there is none.</returns>
    public static DateTimeOffset? TimeOf(string line, out string rest)
    {
        var blank = line.IndexOf(' ');
        var head = blank < 0 ? line : line[..blank];
        rest = blank < 0 ? "" : line[(blank + 1)..];
        return DateTimeOffset.TryParse(head, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    private static void Keep(ArrayBufferWriter<byte> pending, ReadOnlySpan<byte> bytes) => pending.Write(bytes[..Math.Min(bytes.Length, LongestLine - pending.WrittenCount)]);

    private void Tell(ArrayBufferWriter<byte> pending)
    {
        var text = Encoding.UTF8.GetString(pending.WrittenSpan).TrimEnd('\r');
        pending.ResetWrittenCount();
        Count++;
        _stopped = !line(text);
    }
}
