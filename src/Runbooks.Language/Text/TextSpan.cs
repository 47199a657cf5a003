namespace Runbooks.Language.Text;

/// <summary>A stretch of a <see cref="SourceText"/>, in UTF-16 offsets from its start.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Offset of the first character after the span.</summary>
    public int End => Start + Length;

    public static TextSpan FromBounds(int start, int end) => new(start, Math.Max(0, end - start));
}

/// <summary>A place as people count it: line and column from 1, the column in UTF-16 units as editors count.</summary>
public readonly record struct LinePosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
