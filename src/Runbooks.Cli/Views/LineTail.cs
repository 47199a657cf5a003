namespace Runbooks.Cli.Views;

/// <summary>The last lines of an output, in memory that is used again: a step may print millions of them.</summary>
internal sealed class LineTail(int count)
{
    private const int LongestLine = 4096;

    private readonly char[]?[] _lines = new char[]?[count];
    private readonly int[] _lengths = new int[count];
    private long _added;

    /// <summary>Oldest first.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            for (var i = Math.Max(0, _added - count); i < _added; i++)
            {
                yield return At(i);
            }
        }
    }

    /// <summary>Empty when there is none.</summary>
    public string Last => _added == 0 ? "" : At(_added - 1);

    public void Add(ReadOnlySpan<char> line)
    {
        var slot = _added++ % count;
        _lengths[slot] = Math.Min(line.Length, LongestLine);
        line[.._lengths[slot]].CopyTo(_lines[slot] ??= new char[LongestLine]);
    }

    public void Clear() => _added = 0;

    private string At(long index) => new(_lines[index % count].AsSpan(0, _lengths[index % count]));
}
