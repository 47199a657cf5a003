namespace Runbooks.Engine.Audit;

/// <summary>Lines and offsets of a file's bytes.</summary>
internal static class Places
{
    /// <param name="offset">Up to the length of the bytes.</param>
    /// <returns>From 1.</returns>
    public static long LineAt(ReadOnlySpan<byte> bytes, long offset) => bytes[..(int)offset].Count((byte)'\n') + 1;

    /// <param name="number">From 1; there are as many lines.</param>
    public static long OffsetOfLine(ReadOnlySpan<byte> bytes, long number)
    {
        var offset = 0;
        for (var line = 1; line < number; line++)
        {
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        }

        return offset;
    }
}
