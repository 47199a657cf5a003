using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Editing;

/// <summary>What a file says and where: the tree in which paths are looked up, and the flat tokens by which two files are compared.</summary>
internal sealed record EditTree(SourceText Source, TreeNode? Root, ImmutableArray<TreeAlias> Aliases, ImmutableArray<TreeToken> Tokens)
{
    public int LineOf(TreeNode node) => Source.PositionOf(node.At).Line;
}

internal abstract class TreeNode(int at, string? anchor)
{
    /// <summary>Offset that stands for the node in messages.</summary>
    public int At { get; } = at;

    /// <summary>The name behind <c>&amp;</c>, if it has one.</summary>
    public string? Anchor { get; } = anchor;
}

/// <summary>A scalar; <see cref="Span"/> is its text without anchor and tag, quotes included.</summary>
internal sealed class TreeScalar(string value, TextSpan span, TreeStyle style, string? anchor) : TreeNode(span.Start, anchor)
{
    public string Value { get; } = value;

    public TextSpan Span { get; } = span;

    public TreeStyle Style { get; } = style;

    public string? Tag { get; init; }

    public bool InFlow { get; init; }

    /// <summary>No variable is ever replaced in it, whatever it looks like.</summary>
    public bool IsLiteral { get; init; }

    /// <summary>Why readers disagree about this value; null when they do not.</summary>
    public string? Doubt { get; init; }

    /// <summary>Which of <see cref="EditTree.Tokens"/> it is.</summary>
    public required int Token { get; init; }
}

internal enum TreeStyle
{
    /// <summary>YAML without quotes.</summary>
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Block,

    JsonText,
    JsonNumber,
    JsonBoolean,
    JsonNull,

    EnvPlain,
    EnvSingleQuoted,
    EnvDoubleQuoted,

    /// <summary>A name alone on its line: Compose takes the value from its own environment.</summary>
    EnvInherited,
}

internal sealed class TreeMapping(int at, string? anchor) : TreeNode(at, anchor)
{
    public List<TreeEntry> Entries { get; } = [];

    public IEnumerable<TreeEntry> Find(string key) => Entries.Where(e => e.KeyText == key);

    /// <summary>What the merge keys of this mapping name: mappings, aliases, lists of both.</summary>
    public IEnumerable<TreeNode> Merged => Entries.Where(e => e.IsMerge).SelectMany(e => e.Value is TreeSequence list ? list.Items : [e.Value]);
}

internal readonly record struct TreeEntry(TreeNode Key, TreeNode Value)
{
    /// <summary>Null when the key is a collection.</summary>
    public string? KeyText => Key switch
    {
        TreeScalar scalar => scalar.Value,
        TreeAlias { Target: TreeScalar scalar } => scalar.Value,
        _ => null,
    };

    public bool IsMerge => Key is TreeScalar { Value: "<<", Style: TreeStyle.Plain };
}

internal sealed class TreeSequence(int at, string? anchor) : TreeNode(at, anchor)
{
    public List<TreeNode> Items { get; } = [];
}

internal sealed class TreeAlias(int at, string name, TreeNode target) : TreeNode(at, null)
{
    public string Name { get; } = name;

    public TreeNode Target { get; } = target;

    /// <summary>The mapping that merges this alias (<c>&lt;&lt;: *x</c>), if that is how it is used.</summary>
    public TreeMapping? MergedInto { get; set; }
}

/// <summary>One event of the file, in order.</summary>
/// <param name="Shape">All that must stay as it is: kind, style, tag, anchor.</param>
/// <param name="Text">The decoded text.</param>
/// <param name="Span">Null where the parser's places mean nothing (starts and ends of collections).</param>
internal readonly record struct TreeToken(string Shape, string Text, TextSpan? Span);
