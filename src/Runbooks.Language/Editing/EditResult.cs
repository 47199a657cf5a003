using System.Collections.Immutable;

namespace Runbooks.Language.Editing;

/// <summary>All edits were made (<see cref="Edited"/>), or none was (<see cref="EditRefused"/>).</summary>
public abstract record EditResult;

/// <summary>The file after all edits. Outside the <see cref="ScalarChange.NewSource"/> slices it equals the original byte for byte.</summary>
/// <param name="Changes">One for each edit, in the order of the edits.</param>
public sealed record Edited(ImmutableArray<byte> Bytes, ImmutableArray<ScalarChange> Changes) : EditResult;

/// <summary>Nothing was changed.</summary>
/// <param name="Refusals">Every reason found, in the order of the edits; never empty.</param>
public sealed record EditRefused(ImmutableArray<EditRefusal> Refusals) : EditResult;

/// <summary>What an edit does to the file. Holds values: mask before showing.</summary>
/// <param name="Path">As the edit gave it.</param>
/// <param name="Line">Where the scalar starts in the original, from 1.</param>
/// <param name="OldValue">Decoded; of a <c>KEY=value</c> list item what follows the <c>=</c>.</param>
/// <param name="NewValue">Decoded, as a reader of the new file gets it.</param>
/// <param name="OldSource">The slice of the file that was replaced, quotes included; empty where a value was missing (<c>image:</c>).</param>
/// <param name="NewSource">What stands there now.</param>
public sealed record ScalarChange(string Path, int Line, string OldValue, string NewValue, string OldSource, string NewSource)
{
    /// <summary>The value was already as wanted; not a byte differs.</summary>
    public bool IsUnchanged => OldSource == NewSource;

    /// <summary>Names of variables (<c>${NAME}</c>) that Compose would now replace here and did not before.</summary>
    public ImmutableArray<string> AddedVariables { get; init; } = [];
}

/// <summary>Why an edit is not made.</summary>
/// <param name="Path">As the edit gave it; empty when the file itself is the reason.</param>
/// <param name="Line">From 1; null when no place in the file is meant.</param>
/// <param name="Sentence">What, where and what to do. Quotes keys and variable names, never values: they may be secret.</param>
public sealed record EditRefusal(EditRefusalKind Kind, string Path, int? Line, string Sentence);

/// <summary>The kinds of <see cref="EditRefusal"/>; the names are stable.</summary>
public enum EditRefusalKind
{
    /// <summary>The path is not in the notation of <see cref="ScalarPath"/>.</summary>
    BadPath,

    /// <summary>The file has nothing at the path.</summary>
    NotFound,

    /// <summary>A mapping or a list stands at the path.</summary>
    NotScalar,

    /// <summary>A key on the path is given more than once.</summary>
    Duplicate,

    /// <summary>Two edits change the same scalar.</summary>
    Overlap,

    /// <summary>The path leads through an alias (<c>*x</c>): the value stands elsewhere.</summary>
    IsAlias,

    /// <summary>The value comes from a merge key (<c>&lt;&lt;</c>): it stands elsewhere.</summary>
    ThroughMergeKey,

    /// <summary>An alias elsewhere uses this value too and would move with it.</summary>
    IsShared,

    /// <summary>The scalar has a tag other than <c>!!str</c>, so its meaning is not known here.</summary>
    Tagged,

    /// <summary>The scalar is a block (<c>|</c> or <c>&gt;</c>).</summary>
    BlockText,

    /// <summary>The old value takes variables that the new one does not.</summary>
    Interpolated,

    /// <summary>The variable on the path has no default that could be changed.</summary>
    NoDefault,

    /// <summary>Readers disagree about what stands there now.</summary>
    Ambiguous,

    /// <summary>A number, boolean or null would become another type, or a number would be read as another one.</summary>
    TypeWouldChange,

    /// <summary>The value cannot be written there so that it, and nothing else, is read back.</summary>
    NotRepresentable,

    /// <summary>The file is not valid.</summary>
    Syntax,

    /// <summary>The YAML file holds several documents.</summary>
    MultipleDocuments,

    /// <summary>The file is not UTF-8 text.</summary>
    Encoding,
}
