using System.Globalization;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Language.Editing;

/// <summary>The scalar a path leads to.</summary>
/// <param name="Prefix">The <c>KEY=</c> of a list item that the path does not mean; else empty.</param>
internal sealed record Target(TreeScalar Scalar, string Prefix)
{
    public string Value => Scalar.Value[Prefix.Length..];
}

/// <summary>Follows a path through a tree, and stops where what it would reach is not certain.</summary>
internal sealed class PathFinder(EditTree tree, ScalarPath path)
{
    private readonly List<TreeNode> _passed = [];

    /// <summary>The key or item that led here: where people look for a collection.</summary>
    private TreeNode? _here;

    public EditRefusal? Refusal { get; private set; }

    /// <summary>The scalar, or null and a <see cref="Refusal"/>.</summary>
    public Target? Find(bool allowShared = false)
    {
        if (tree.Root is not { } node)
        {
            return Refuse(EditRefusalKind.NotFound, null, "the file is empty");
        }

        for (var depth = 0; depth < path.Steps.Length; depth++)
        {
            _passed.Add(node);
            var isLast = depth == path.Steps.Length - 1;
            if (node is TreeSequence list && path.Steps[depth].Key is { } name && isLast)
            {
                return Pair(list, name, depth) is { } pair && (allowShared || IsAlone()) ? Checked(pair) : null;
            }

            if (Step(node, depth) is not { } next)
            {
                return null;
            }

            node = next;
        }

        _passed.Add(node);
        return node switch
        {
            TreeScalar scalar => allowShared || IsAlone() ? Checked(new Target(scalar, "")) : null,
            TreeAlias alias => ThroughAlias(alias, path.Steps.Length),
            TreeMapping mapping => Refuse(EditRefusalKind.NotScalar, _here, $"'{path.Describe(path.Steps.Length)}' is a mapping; name one of its keys{Choice(KeysOf(mapping))}"),
            _ => Refuse(EditRefusalKind.NotScalar, _here, $"'{path.Describe(path.Steps.Length)}' is a list; name one of its items, from [0]"),
        };
    }

    private TreeNode? Step(TreeNode node, int depth)
    {
        var step = path.Steps[depth];
        var here = depth == 0 ? "the file" : $"'{path.Describe(depth)}'";
        switch (node)
        {
            case TreeAlias alias:
                ThroughAlias(alias, depth);
                return null;
            case TreeMapping mapping when step.Key is { } key:
                return Entry(mapping, key, depth);
            case TreeMapping:
                Refuse(EditRefusalKind.NotFound, _here, $"{here} is a mapping, not a list; name a key instead of [{step.Index}]");
                return null;
            case TreeSequence list when step.Key is null && step.Index < list.Items.Count:
                return _here = list.Items[step.Index];
            case TreeSequence list when step.Key is null:
                Refuse(EditRefusalKind.NotFound, _here, $"{here} has {Count(list.Items.Count, "item")}; the first is [0]");
                return null;
            case TreeSequence:
                Refuse(EditRefusalKind.NotFound, _here, $"{here} is a list; name one of its items, from [0], instead of '{step.Key}'");
                return null;
            default:
                Refuse(EditRefusalKind.NotFound, _here, $"{here} is a single value with nothing below it");
                return null;
        }
    }

    private TreeNode? Entry(TreeMapping mapping, string key, int depth)
    {
        var found = mapping.Find(key).ToList();
        if (found.Count == 1)
        {
            _here = found[0].Key;
            return found[0].Value;
        }

        if (found.Count > 1)
        {
            Refuse(EditRefusalKind.Duplicate, found[0].Key, $"'{path.Describe(depth + 1)}' is given more than once, at {Lines(found.Select(e => e.Key))}; keep one");
            return null;
        }

        if (InMerged(mapping, key) is { } merged)
        {
            var at = tree.LineOf(merged.Key);
            Refuse(EditRefusalKind.ThroughMergeKey, mapping.Merged.First(), $"'{path.Describe(depth + 1)}' comes from line {at} through the merge key '<<'; change it there, or give this mapping its own '{key}'");
            return null;
        }

        var where = depth == 0 ? "the file" : $"'{path.Describe(depth)}'";
        Refuse(EditRefusalKind.NotFound, _here, $"{where} has no '{key}'{Choice(KeysOf(mapping), key)}");
        return null;
    }

    private Target? Pair(TreeSequence list, string name, int depth)
    {
        var found = list.Items.Where(i => NameOf(i) == name).ToList();
        var full = path.Describe(depth + 1);
        if (found.Count > 1)
        {
            return Refuse(EditRefusalKind.Duplicate, found[0], $"'{full}' is given more than once, at {Lines(found)}; keep one");
        }

        if (found is [TreeAlias alias])
        {
            return ThroughAlias(alias, depth + 1);
        }

        if (found is not [TreeScalar scalar])
        {
            return Refuse(EditRefusalKind.NotFound, _here, $"the list '{path.Describe(depth)}' has no item '{name}=…'{Choice(list.Items.OfType<TreeScalar>().Where(i => i.Value.Contains('=')).Select(NameOf).OfType<string>(), name)}");
        }

        _passed.Add(scalar);
        return scalar.Value.Length > name.Length
            ? new Target(scalar, scalar.Value[..(name.Length + 1)])
            : Refuse(EditRefusalKind.NotFound, scalar, $"'{full}' has no value of its own: it is passed through from the environment");
    }

    private Target? Checked(Target target) => target.Scalar switch
    {
        { Doubt: { } doubt } => Refuse(EditRefusalKind.Ambiguous, target.Scalar, $"the value of '{path}' is not certain: {doubt}; put quotes around it in the file first"),
        { Style: TreeStyle.EnvInherited } => Refuse(EditRefusalKind.NotFound, target.Scalar, $"'{path}' has no value of its own: it is passed through from the environment"),
        { Style: TreeStyle.Block } => Refuse(EditRefusalKind.BlockText, target.Scalar, $"'{path}' is a block of text (| or >); write it on one line, or edit it by hand"),
        { Tag: not (null or "!" or "tag:yaml.org,2002:str") } => Refuse(EditRefusalKind.Tagged, target.Scalar, $"'{path}' has the tag {target.Scalar.Tag}, whose meaning is not known here; edit it by hand"),
        _ => target,
    };

    /// <summary>Whether nothing outside the path would change with the value.</summary>
    private bool IsAlone()
    {
        for (var depth = 0; depth < _passed.Count; depth++)
        {
            var node = _passed[depth];
            var next = depth < path.Steps.Length ? path.Steps[depth].Key : null;
            var users = node.Anchor is null ? [] : tree.Aliases.Where(a => a.Target == node && !Overrides(a, next)).ToList();
            if (users.Count > 0)
            {
                var what = depth == 0 ? "the whole file" : $"'{path.Describe(Math.Min(depth, path.Steps.Length))}'";
                Refuse(EditRefusalKind.IsShared, _passed[^1], $"the value is shared: {what} is the anchor &{node.Anchor}, and *{node.Anchor} at {Lines(users)} would change with it; give the places their own values, or allow the shared change");
                return false;
            }
        }

        return true;
    }

    private static bool Overrides(TreeAlias alias, string? key) => key is not null && alias.MergedInto is { } mapping && mapping.Find(key).Any();

    private Target? ThroughAlias(TreeAlias alias, int depth) => Refuse(
        EditRefusalKind.IsAlias,
        alias,
        $"'{path.Describe(depth)}' is the alias *{alias.Name}; its value stands at line {tree.LineOf(alias.Target)} (&{alias.Name}); change it there, or write the value itself here");

    private static TreeEntry? InMerged(TreeMapping mapping, string key)
    {
        var seen = new HashSet<TreeNode>();
        var todo = new Queue<TreeNode>(mapping.Merged);
        while (todo.TryDequeue(out var node))
        {
            var merged = node is TreeAlias alias ? alias.Target : node;
            if (!seen.Add(merged) || merged is not TreeMapping source)
            {
                continue;
            }

            foreach (var entry in source.Find(key))
            {
                return entry;
            }

            foreach (var further in source.Merged)
            {
                todo.Enqueue(further);
            }
        }

        return null;
    }

    private static string? NameOf(TreeNode item)
    {
        var scalar = item as TreeScalar ?? (item as TreeAlias)?.Target as TreeScalar;
        var end = scalar?.Value.IndexOf('=') ?? -1;
        return end < 0 ? scalar?.Value : scalar?.Value[..end];
    }

    private static IEnumerable<string> KeysOf(TreeMapping mapping) => mapping.Entries.Where(e => !e.IsMerge).Select(e => e.KeyText).OfType<string>();

    private static string Choice(IEnumerable<string> known, string wrong = "")
    {
        var hint = Suggestion.Hint(wrong, known.Distinct(StringComparer.Ordinal).ToList());
        return hint is null ? "" : $"; {hint}";
    }

    private string Lines(IEnumerable<TreeNode> nodes)
    {
        var lines = nodes.Select(tree.LineOf).Distinct().Select(l => l.ToString(CultureInfo.InvariantCulture)).ToList();
        return lines.Count == 1 ? $"line {lines[0]}" : $"lines {string.Join(", ", lines.Take(lines.Count - 1))} and {lines[^1]}";
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private Target? Refuse(EditRefusalKind kind, TreeNode? at, string what)
    {
        int? line = at is null ? null : tree.LineOf(at);
        Refusal = new EditRefusal(kind, path.ToString(), line, line is null ? what : $"line {line}: {what}");
        return null;
    }
}
