using System.Collections.Immutable;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Databases;

/// <summary>One statement that only asks.</summary>
/// <param name="Text">Without an end; <see cref="SqlText"/> finds nothing wrong with it.</param>
/// <param name="Timeout">How long the server may work on it; then the server itself ends it.</param>
public sealed record DatabaseQuery(string Text, TimeSpan Timeout)
{
    private static readonly TimeSpan LongestLockWait = TimeSpan.FromSeconds(3);

    /// <summary>Added to <see cref="Timeout"/>: the server should end it first, so that nothing is left there.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(5);

    /// <summary>Values that the text names. They reach it as literals of the server and are never read as SQL.</summary>
    public ImmutableArray<KeyValuePair<string, Rendered>> Values { get; init; } = [];

    /// <summary>How many rows are fetched at most.</summary>
    public int Rows { get; init; } = 100;

    /// <summary>Over before <see cref="Timeout"/>, so that a lock is known as the reason.</summary>
    public TimeSpan LockTimeout => Timeout / 2 < LongestLockWait ? Timeout / 2 : LongestLockWait;

    /// <summary>After this, the client program is ended.</summary>
    public TimeSpan Longest => Timeout + Around;
}

/// <summary>A row of an answer, as the client program prints its values; what is null is <c>NULL</c>.</summary>
public readonly record struct DatabaseRow(ImmutableArray<string> Fields)
{
    public string Text => string.Join(" | ", Fields);
}
