using System.Collections.Immutable;

namespace Runbooks.Engine.Procedures;

/// <summary>A piece of a page: what is on it, whatever form it gets.</summary>
public abstract record PageBlock;

/// <param name="Level">From 1, the title.</param>
public sealed record Heading(int Level, string Text) : PageBlock;

/// <param name="IsLoud">It must not be overlooked.</param>
public sealed record Prose(string Text, bool IsLoud = false) : PageBlock;

/// <param name="Columns">Their titles; all empty for none.</param>
public sealed record Table(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<Cell>> Rows) : PageBlock;

/// <param name="IsCode">It is to be read letter by letter.</param>
public readonly record struct Cell(string Text, bool IsCode = false);

/// <summary>Lines that are to be pasted, or looked at, as they are.</summary>
/// <param name="Language">sh or diff.</param>
public sealed record Lines(string Language, ImmutableArray<string> All) : PageBlock;

/// <summary>Something to tick off.</summary>
public sealed record Tick(string Text) : PageBlock;

/// <summary>One of several; not to be ticked off.</summary>
public sealed record Item(string Text) : PageBlock;
