using System.Collections.Immutable;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Runbooks.Language.Editing;

/// <summary>Reads any YAML file, with anchors, tags and merge keys, for editing. Playbooks are read by <see cref="YamlReader"/>, which is stricter.</summary>
internal sealed class YamlEditReader
{
    /// <summary>The library takes quadratic time in the depth.</summary>
    private const int MaxDepth = 256;

    private readonly SourceText _source;
    private readonly Parser _parser;
    private readonly int _maxEvents;
    private readonly ImmutableArray<TreeToken>.Builder _tokens = ImmutableArray.CreateBuilder<TreeToken>();
    private readonly ImmutableArray<TreeAlias>.Builder _aliases = ImmutableArray.CreateBuilder<TreeAlias>();
    private readonly Dictionary<string, TreeNode> _anchors = new(StringComparer.Ordinal);
    private readonly Stack<Open> _open = new();
    private int _flow;
    private int _lastEnd;
    private TreeNode? _root;

    private YamlEditReader(SourceText source)
    {
        _source = source;
        _parser = new Parser(new StringReader(source.Content));

        // A parser that lost its way may never say that it is done.
        _maxEvents = (4 * source.Content.Length) + 64;
    }

    /// <summary>The tree, or why the file cannot be edited.</summary>
    public static EditTree? Read(SourceText source, out EditRefusal? refusal)
    {
        var reader = new YamlEditReader(source);
        refusal = reader.Run();
        return refusal is null ? new EditTree(source, reader._root, reader._aliases.ToImmutable(), reader._tokens.ToImmutable()) : null;
    }

    private EditRefusal? Run()
    {
        var documents = 0;
        for (var events = 0; events < _maxEvents; events++)
        {
            if (Next(out var refusal) is not { } next)
            {
                return refusal;
            }

            if (next is DocumentStart && ++documents > 1)
            {
                return Refuse(EditRefusalKind.MultipleDocuments, At(next.Start), "a second document starts here; split the file or keep one document in it");
            }

            if (next is StreamEnd)
            {
                MarkMerges();
                return null;
            }

            if (Take(next) is { } bad)
            {
                return bad;
            }

            if (_open.Count > MaxDepth)
            {
                return Refuse(EditRefusalKind.Syntax, _lastEnd, $"nested more than {MaxDepth} levels deep");
            }
        }

        return Refuse(EditRefusalKind.Syntax, _lastEnd, "the YAML parser did not come to an end");
    }

    private EditRefusal? Take(ParsingEvent next)
    {
        switch (next)
        {
            case Scalar scalar:
                Add(ScalarOf(scalar));
                break;
            case AnchorAlias alias when _anchors.TryGetValue(alias.Value.Value, out var target):
                var node = new TreeAlias(At(alias.Start), alias.Value.Value, target);
                _aliases.Add(node);
                _tokens.Add(new TreeToken("alias", node.Name, SpanOf(alias)));
                Add(node);
                break;
            case AnchorAlias alias:
                return Refuse(EditRefusalKind.Syntax, At(alias.Start), $"'*{alias.Value.Value}' names no anchor before it");
            case MappingStart start:
                _flow += start.Style == MappingStyle.Flow ? 1 : 0;
                Begin(new TreeMapping(PlaceOf(start), NameOf(start.Anchor)), start, $"mapping {start.Style}", start.Style == MappingStyle.Flow);
                break;
            case SequenceStart start:
                _flow += start.Style == SequenceStyle.Flow ? 1 : 0;
                Begin(new TreeSequence(PlaceOf(start), NameOf(start.Anchor)), start, $"list {start.Style}", start.Style == SequenceStyle.Flow);
                break;
            case MappingEnd or SequenceEnd:
                _tokens.Add(new TreeToken("end", "", null));
                _flow -= _open.Pop().IsFlow ? 1 : 0;
                break;
            default:
                _tokens.Add(new TreeToken(next is DocumentStart { IsImplicit: true } ? "implicit document" : "document or stream", "", null));
                break;
        }

        return null;
    }

    private TreeScalar ScalarOf(Scalar scalar)
    {
        var span = SpanOf(scalar);
        var hasProperties = !scalar.Anchor.IsEmpty || !scalar.Tag.IsEmpty;
        var start = hasProperties ? AfterProperties(span) : span.Start;
        var node = new TreeScalar(scalar.Value, TextSpan.FromBounds(start, span.End), StyleOf(scalar.Style), NameOf(scalar.Anchor))
        {
            Tag = scalar.Tag.IsEmpty ? null : scalar.Tag.Value,
            InFlow = _flow > 0,
            Token = _tokens.Count,
        };
        _tokens.Add(new TreeToken($"scalar &{node.Anchor} !{node.Tag} {(scalar.IsKey ? "key" : "")}", scalar.Value, span));
        return node;
    }

    private void Begin(TreeNode node, NodeEvent start, string shape, bool isFlow)
    {
        _tokens.Add(new TreeToken($"{shape} &{node.Anchor} !{(start.Tag.IsEmpty ? "" : start.Tag.Value)}", "", null));
        Add(node);
        _open.Push(new Open(node, isFlow));
    }

    private void Add(TreeNode node)
    {
        if (node.Anchor is { } anchor)
        {
            _anchors[anchor] = node;
        }

        if (_open.Count == 0)
        {
            _root ??= node;
            return;
        }

        var open = _open.Peek();
        if (open.Node is TreeSequence list)
        {
            list.Items.Add(node);
        }
        else if (open.Key is null)
        {
            open.Key = node;
        }
        else
        {
            ((TreeMapping)open.Node).Entries.Add(new TreeEntry(open.Key, node));
            open.Key = null;
        }
    }

    private void MarkMerges()
    {
        var todo = new Stack<TreeNode>();
        if (_root is not null)
        {
            todo.Push(_root);
        }

        while (todo.TryPop(out var node))
        {
            if (node is TreeMapping mapping)
            {
                foreach (var alias in mapping.Merged.OfType<TreeAlias>())
                {
                    alias.MergedInto = mapping;
                }

                mapping.Entries.ForEach(e => todo.Push(e.Key));
                mapping.Entries.ForEach(e => todo.Push(e.Value));
            }
            else if (node is TreeSequence list)
            {
                list.Items.ForEach(todo.Push);
            }
        }
    }

    /// <summary>The one exception boundary: the scanner throws several types, some without a place (unbalanced brackets).</summary>
    private ParsingEvent? Next(out EditRefusal? refusal)
    {
        refusal = null;
        try
        {
            if (_parser.MoveNext() && _parser.Current is { } current)
            {
                _lastEnd = Math.Max(_lastEnd, At(current.End));
                return current;
            }

            refusal = Refuse(EditRefusalKind.Syntax, _lastEnd, "the YAML ends too early");
        }
        catch (YamlException e)
        {
            refusal = SyntaxError(At(e.Start), e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            refusal = SyntaxError(_lastEnd, "");
        }

        return null;
    }

    private EditRefusal SyntaxError(int from, string reason)
    {
        if (TabInIndentation(from) is { } tab)
        {
            return Refuse(EditRefusalKind.Syntax, tab, "a tab stands in the indentation; use spaces");
        }

        if (Brackets.FirstUnbalanced(_source.Content) is { } bracket)
        {
            return Refuse(EditRefusalKind.Syntax, bracket, $"'{_source.Content[bracket]}' has no partner");
        }

        var text = reason.Trim().TrimEnd('.');
        return Refuse(EditRefusalKind.Syntax, from, text.Length == 0 ? "the text cannot be read as YAML from here on" : char.ToLowerInvariant(text[0]) + text[1..]);
    }

    /// <summary>The library reports a tab at the start of the node around it; people look for the tab.</summary>
    private int? TabInIndentation(int from)
    {
        for (var line = _source.PositionOf(from).Line; line <= _source.LineCount; line++)
        {
            var text = _source.LineText(line);
            var tab = text.AsSpan(0, text.Length - text.TrimStart(' ', '\t').Length).IndexOf('\t');
            if (tab >= 0)
            {
                return _source.LineStart(line) + tab;
            }
        }

        return null;
    }

    private EditRefusal Refuse(EditRefusalKind kind, int at, string what)
    {
        var line = _source.PositionOf(at).Line;
        return new EditRefusal(kind, "", line, $"line {line}: {what}");
    }

    /// <summary>The library counts anchor and tag to the scalar: this is where its own text starts.</summary>
    private int AfterProperties(TextSpan span)
    {
        var text = _source.Content;
        var at = span.Start;
        while (at < span.End)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at] is '&' or '!')
            {
                at = EndOf(at, span.End, char.IsWhiteSpace);
            }
            else if (text[at] == '#')
            {
                at = EndOf(at, span.End, c => c is '\n' or '\r');
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private int EndOf(int at, int limit, Func<char, bool> isEnd)
    {
        while (at < limit && !isEnd(_source.Content[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>The library gives a pair inside a flow list (<c>[a: b]</c>) the place 0; what was read last is nearer.</summary>
    private int PlaceOf(NodeEvent start) => start.Start.Index == 0 ? _lastEnd : At(start.Start);

    private TextSpan SpanOf(ParsingEvent e) => TextSpan.FromBounds(At(e.Start), At(e.End));

    private int At(Mark mark) => (int)Math.Clamp(mark.Index, 0, _source.Content.Length);

    private static string? NameOf(AnchorName anchor) => anchor.IsEmpty ? null : anchor.Value;

    private static TreeStyle StyleOf(YamlDotNet.Core.ScalarStyle style) => style switch
    {
        YamlDotNet.Core.ScalarStyle.SingleQuoted => TreeStyle.SingleQuoted,
        YamlDotNet.Core.ScalarStyle.DoubleQuoted => TreeStyle.DoubleQuoted,
        YamlDotNet.Core.ScalarStyle.Literal or YamlDotNet.Core.ScalarStyle.Folded => TreeStyle.Block,
        _ => TreeStyle.Plain,
    };

    /// <summary>A collection whose end was not read yet.</summary>
    private sealed class Open(TreeNode node, bool isFlow)
    {
        public TreeNode Node { get; } = node;

        public bool IsFlow { get; } = isFlow;

        public TreeNode? Key { get; set; }
    }
}
