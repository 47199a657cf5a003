using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Runbooks.Language.Editing;

/// <summary>A key with lines below it that is to be put into a mapping of a YAML file.</summary>
/// <param name="Path">The keys that lead to the mapping.</param>
/// <param name="Key">The key that is added; the mapping must not have it.</param>
/// <param name="Lines">The key and what is below it, as YAML; indented against each other, and not against the file.</param>
public sealed record BlockEdit(ImmutableArray<string> Path, string Key, ImmutableArray<string> Lines)
{
    /// <summary>The key of the mapping behind whose line it is put, where that has one line; else it comes first.</summary>
    public string Behind { get; init; } = "";
}

/// <summary>Puts a block into a YAML file and keeps every other byte. Where it cannot be sure of the place, it refuses with the reason.</summary>
public static class BlockEditor
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>The file with the block; or why it was not put in, a sentence.</returns>
    public static (ImmutableArray<byte>? Bytes, string Problem) Insert(ReadOnlySpan<byte> original, BlockEdit edit)
    {
        var mark = original.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (Decode(original[mark..]) is not { } text)
        {
            return (null, "the file is not UTF-8 text");
        }

        if (EditTrees.Read(EditFormat.Yaml, text, out var refusal) is not { } tree)
        {
            return (null, refusal?.Sentence ?? "the file cannot be read");
        }

        var (mapping, problem) = Find(tree, edit);
        if (mapping is null)
        {
            return (null, problem);
        }

        var (at, added, noPlace) = Place(text, mapping, edit);
        if (added.Length == 0)
        {
            return (null, noPlace);
        }

        var edited = text.Insert(at, added);
        if (Difference(tree, edited, edit) is { } difference)
        {
            return (null, difference);
        }

        using var result = new MemoryStream(original.Length + added.Length + 8);
        var before = mark + Strict.GetByteCount(text.AsSpan(0, at));
        result.Write(original[..before]);
        result.Write(Strict.GetBytes(added));
        result.Write(original[before..]);
        return (ImmutableCollectionsMarshal.AsImmutableArray(result.ToArray()), "");
    }

    private static (TreeMapping? Mapping, string Problem) Find(EditTree tree, BlockEdit edit)
    {
        var node = tree.Root;
        for (var i = 0; ; i++)
        {
            var name = i == 0 ? "the file" : $"'{string.Join('.', edit.Path.Take(i))}'";
            if (node is not TreeMapping mapping)
            {
                return (null, node is TreeAlias alias ? $"{name} is the alias *{alias.Name}: what it is stands elsewhere" : $"{name} is no mapping");
            }

            if (tree.Aliases.FirstOrDefault(a => a.Target == mapping) is { } shared)
            {
                return (null, $"{name} is used by *{shared.Name} too, and would be changed there as well");
            }

            var key = i == edit.Path.Length ? edit.Key : edit.Path[i];
            var found = mapping.Find(key).ToList();
            if (i == edit.Path.Length)
            {
                return found.Count == 0 ? (mapping, "") : (null, $"{name} has '{key}' already");
            }

            if (found.Count != 1)
            {
                return (null, found.Count > 1 ? $"{name} has '{key}' more than once" : mapping.Merged.Any() ? $"{name} has '{key}' not written in it: it may come from a merge" : $"{name} has no '{key}'");
            }

            node = found[0].Value;
        }
    }

    /// <returns>Where what is added goes, and what that is; empty when no place is certain.</returns>
    private static (int At, string Added, string Problem) Place(string text, TreeMapping mapping, BlockEdit edit)
    {
        const string NoLine = "its keys do not stand on lines of their own";
        if (mapping.Entries.Count == 0 || mapping.Entries[0].Key is not TreeScalar { InFlow: false } first)
        {
            return (0, "", NoLine);
        }

        var start = text.LastIndexOf('\n', Math.Max(0, first.Span.Start - 1)) + 1;
        var indent = text[Math.Min(start, first.Span.Start)..first.Span.Start];
        if (indent.Any(c => c != ' '))
        {
            return (0, "", NoLine);
        }

        var behind = mapping.Find(edit.Behind).Select(e => e.Value).OfType<TreeScalar>().FirstOrDefault(s => s.Style != TreeStyle.Block && s.Span.Length > 0 && !text.AsSpan(s.Span.Start, s.Span.Length).Contains('\n'));
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var block = string.Join(newLine, edit.Lines.Select(l => indent + l));
        if (behind is not null)
        {
            var end = text.IndexOf('\n', behind.Span.End);
            end = end < 0 ? text.Length : end > 0 && text[end - 1] == '\r' ? end - 1 : end;
            return (end, newLine + block, "");
        }

        // What is remarked right above the first key is about that.
        while (start > 0 && text.LastIndexOf('\n', Math.Max(0, start - 2)) + 1 is var above && above < start && text[above..start].TrimStart(' ').StartsWith('#') && text[above..start].Length - text[above..start].TrimStart(' ').Length == indent.Length)
        {
            start = above;
        }

        return (start, block + newLine, "");
    }

    /// <summary>What is not as it should be: the file must be read as before, with one thing more in that place.</summary>
    private static string? Difference(EditTree original, string edited, BlockEdit edit)
    {
        if (EditTrees.Read(EditFormat.Yaml, edited, out var refusal) is not { } tree)
        {
            return $"afterwards {refusal?.Sentence}";
        }

        var (before, after) = (original.Tokens.Select(t => (t.Shape, t.Text)).ToList(), tree.Tokens.Select(t => (t.Shape, t.Text)).ToList());
        var same = before.Zip(after).TakeWhile(p => p.First == p.Second).Count();
        var rest = Enumerable.Reverse(before).Zip(Enumerable.Reverse(after)).TakeWhile(p => p.First == p.Second).Count();
        var node = tree.Root;
        foreach (var key in edit.Path)
        {
            node = (node as TreeMapping)?.Find(key).Select(e => e.Value).FirstOrDefault();
        }

        return same + rest < before.Count ? "something else in the file would be read in another way"
            : (node as TreeMapping)?.Find(edit.Key).Count() != 1 ? "it would not be read in that place"
            : null;
    }

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            return text.Contains('\0') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
