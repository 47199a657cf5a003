using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Language.Editing;

/// <summary>A value as a reader of the file gets it, and where it is written.</summary>
/// <param name="Value">Decoded.</param>
/// <param name="WrittenAt">The path, in the notation of <see cref="ScalarPath"/>, of the place in which it stands: another one than was looked up when it comes from an alias or a merge key.</param>
/// <param name="Line">From 1.</param>
/// <param name="IsLiteral">No variable is ever replaced in it, whatever it looks like.</param>
public sealed record SeenScalar(string Value, string WrittenAt, int Line, bool IsLiteral)
{
    /// <summary>The variables that it takes, by name, in order; those in the defaults of others too.</summary>
    public ImmutableArray<string> Variables => IsLiteral ? [] : Interpolation.Names(Value);
}

/// <summary>Looks values of a file up as its readers see them, through aliases and merge keys; <see cref="ScalarEditor"/> changes them where they are written.</summary>
public sealed class ScalarView
{
    /// <summary>Aliases make a small file large: what lies deeper, or is more than this, is not looked at.</summary>
    private const int MostNodes = 100_000;

    private readonly EditTree _tree;
    private readonly Dictionary<TreeNode, string> _places = [];

    private ScalarView(EditTree tree)
    {
        _tree = tree;
        if (tree.Root is { } root)
        {
            Place(root, "");
        }
    }

    /// <returns>Null, with a sentence that says why, when the file cannot be read.</returns>
    public static ScalarView? Read(ReadOnlySpan<byte> bytes, EditFormat format, out string problem)
    {
        problem = "";
        var text = Encoding.UTF8.GetString(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        if (EditTrees.Read(format, text, out var refusal) is { } tree)
        {
            return new ScalarView(tree);
        }

        problem = refusal?.Sentence ?? "it cannot be read";
        return null;
    }

    /// <summary>The keys of a mapping, merged ones too; none when no mapping stands there.</summary>
    public ImmutableArray<string> Keys(params ReadOnlySpan<string> path) =>
        Node(path) is TreeMapping mapping ? [.. Entries(mapping).Select(e => e.Key)] : [];

    /// <summary>Null when no single value stands there, or more than one.</summary>
    public SeenScalar? Find(params ReadOnlySpan<string> path) => Node(path) is TreeScalar scalar ? Seen(scalar) : null;

    /// <summary>All values below a place, in no particular order.</summary>
    public ImmutableArray<SeenScalar> Below(params ReadOnlySpan<string> path)
    {
        var (found, todo, count) = (ImmutableArray.CreateBuilder<SeenScalar>(), new Stack<TreeNode>(), 0);
        if (Node(path) is { } start)
        {
            todo.Push(start);
        }

        while (todo.TryPop(out var node) && count++ < MostNodes)
        {
            switch (Through(node))
            {
                case TreeScalar scalar:
                    found.Add(Seen(scalar));
                    break;
                case TreeMapping mapping:
                    foreach (var (_, value) in Entries(mapping))
                    {
                        todo.Push(value);
                    }

                    break;
                case TreeSequence list:
                    list.Items.ForEach(todo.Push);
                    break;
                default:
                    break;
            }
        }

        return found.ToImmutable();
    }

    private SeenScalar Seen(TreeScalar scalar) => new(scalar.Value, _places.GetValueOrDefault(scalar, ""), _tree.LineOf(scalar), scalar.IsLiteral);

    private TreeNode? Node(ReadOnlySpan<string> path)
    {
        var node = _tree.Root is { } root ? Through(root) : null;
        foreach (var key in path)
        {
            if (node is not TreeMapping mapping)
            {
                return null;
            }

            node = null;
            foreach (var (name, value) in Entries(mapping))
            {
                if (name == key)
                {
                    node = Through(value);
                    break;
                }
            }
        }

        return node;
    }

    private static TreeNode Through(TreeNode node) => node is TreeAlias alias ? alias.Target : node;

    /// <summary>A mapping's own keys count more than merged ones, and what is merged first more than what is merged later.</summary>
    private static IEnumerable<(string Key, TreeNode Value)> Entries(TreeMapping mapping)
    {
        var (given, passed, todo) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<TreeMapping>(), new Stack<TreeMapping>([mapping]));
        while (todo.TryPop(out var next))
        {
            if (!passed.Add(next))
            {
                continue;
            }

            foreach (var entry in next.Entries)
            {
                if (!entry.IsMerge && entry.KeyText is { } key && given.Add(key))
                {
                    yield return (key, entry.Value);
                }
            }

            foreach (var merged in next.Merged.Select(Through).OfType<TreeMapping>().Reverse())
            {
                todo.Push(merged);
            }
        }
    }

    /// <summary>Each node has one place: an alias is a second way to it, not a second place.</summary>
    private void Place(TreeNode node, string path)
    {
        switch (node)
        {
            case TreeScalar:
                _places[node] = path;
                break;
            case TreeMapping mapping:
                foreach (var entry in mapping.Entries.Where(e => !e.IsMerge && e.KeyText is not null))
                {
                    Place(entry.Value, $"{path}{(path.Length > 0 ? "." : "")}{ScalarPath.Quote(entry.KeyText ?? "")}");
                }

                break;
            case TreeSequence list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Place(list.Items[i], $"{path}[{i}]");
                }

                break;
            default:
                break;
        }
    }
}
