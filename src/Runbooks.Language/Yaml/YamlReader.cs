using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Runbooks.Language.Yaml;

/// <summary>Turns the text of a file into a syntax tree with places. Never throws: the only door to the YAML library, which does.</summary>
public static class YamlReader
{
    private const int MaxLength = 4 << 20;
    private const int MaxNodes = 400_000;
    private const int MaxDepth = 64;

    private static readonly System.Buffers.SearchValues<char> EndOfWord = System.Buffers.SearchValues.Create(" \t\r\n,[]{}");

    /// <summary>The tree of the one document, as far as it could be read.</summary>
    /// <returns>After a syntax error, what stood before it; null when nothing stood before it.</returns>
    public static YamlTree Read(SourceText source, DiagnosticBag bag)
    {
        if (source.Content.Length > MaxLength)
        {
            bag.Add(YamlDiagnostics.TooLarge, new TextSpan(0, 0), "the file is larger than 4 MiB");
            return new YamlTree(null, IsPartial: true);
        }

        var bad = source.Content.AsSpan().IndexOfAny('\uFFFD', '\0');
        if (bad >= 0)
        {
            bag.Add(YamlDiagnostics.NotUtf8, new TextSpan(bad, 1), source.Content[bad] == '\0' ? "a NUL character is no part of a text" : "the file is not UTF-8 text here");
            return new YamlTree(null, IsPartial: true);
        }

        var run = new Run(source, bag);
        var root = run.Document();
        return new YamlTree(root, run.Stopped);
    }

    private sealed class Run(SourceText source, DiagnosticBag bag)
    {
        private readonly Parser _parser = new(new StringReader(source.Content));
        private int _nodes;
        private int _lastEnd;

        public bool Stopped { get; private set; }

        public YamlNode? Document()
        {
            if (Next() is null || Next() is not { } first)
            {
                return null;
            }

            if (first is StreamEnd)
            {
                bag.Add(YamlDiagnostics.Empty, new TextSpan(0, 0), "the file is empty", "a playbook starts with 'runbook: v1'");
                return null;
            }

            // first is DocumentStart.
            if (Next() is not { } begin)
            {
                return null;
            }

            var root = Node(begin, 0);
            if (!Stopped && Next() is DocumentEnd && Next() is DocumentStart second)
            {
                bag.Add(YamlDiagnostics.SeveralDocuments, Span(second), "a second document starts here");
            }

            return root;
        }

        private YamlNode Node(ParsingEvent begin, int depth)
        {
            if (++_nodes > MaxNodes || depth > MaxDepth)
            {
                Stop(YamlDiagnostics.TooLarge, Span(begin), depth > MaxDepth ? "nested more than 64 levels deep" : "more than 400,000 nodes");
                return new YamlBroken(Span(begin));
            }

            ReportProperties(begin);
            switch (begin)
            {
                case Scalar scalar:
                    // '!x' alone is a tag without a value: that it is a tag says it all.
                    return scalar is { Value: "", Tag.IsEmpty: false }
                        ? new YamlBroken(Span(scalar))
                        : new YamlScalar(scalar.Value, StyleOf(scalar.Style), ScalarSpan(scalar));
                case AnchorAlias alias:
                    bag.Add(YamlDiagnostics.Alias, Span(alias), $"'*{alias.Value}' is an alias", "write the value itself, or use a variable");
                    return new YamlBroken(Span(alias));
                case SequenceStart start:
                    return Sequence(start, depth);
                case MappingStart start:
                    return Mapping(start, depth);
                default:
                    return new YamlBroken(Span(begin));
            }
        }

        private YamlSequence Sequence(SequenceStart start, int depth)
        {
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            ParsingEvent? next;
            while ((next = Next()) is not (null or SequenceEnd))
            {
                items.Add(Node(next, depth + 1));
                if (Stopped)
                {
                    break;
                }
            }

            return new YamlSequence(items.ToImmutable(), Around(start, start.Style == SequenceStyle.Flow ? next : null, items.Count > 0 ? items[^1].Span.End : 0));
        }

        private YamlNode Mapping(MappingStart start, int depth)
        {
            var entries = ImmutableArray.CreateBuilder<YamlEntry>();
            var seen = new Dictionary<string, TextSpan>(StringComparer.Ordinal);
            ParsingEvent? next;
            while ((next = Next()) is not (null or MappingEnd))
            {
                var keyNode = Node(next, depth + 1);
                if (Stopped || Next() is not { } valueStart)
                {
                    break;
                }

                var value = Node(valueStart, depth + 1);
                if (keyNode is not YamlScalar key)
                {
                    if (keyNode is not YamlBroken && !StartsExpression(start))
                    {
                        bag.Add(YamlDiagnostics.KeyNotText, keyNode.Span, $"a key must be text, this is {keyNode.Described}", "quote it, if it is meant as text");
                    }
                }
                else if (seen.TryAdd(key.Value, key.Span))
                {
                    entries.Add(new YamlEntry(key, value));
                }
                else
                {
                    bag.Add(YamlDiagnostics.DuplicateKey, key.Span, $"'{key.Value}' is given twice", related: new Related(seen[key.Value], "first given here"));
                }

                if (Stopped)
                {
                    break;
                }
            }

            if (StartsExpression(start) && !Stopped)
            {
                var span = Around(start, next, 0);
                bag.Add(YamlDiagnostics.KeyNotText, span, "an expression at the start of a value must be quoted", $"write \"{source.Slice(span)}\"");
                return new YamlBroken(span);
            }

            return new YamlMapping(entries.ToImmutable(), Around(start, start.Style == MappingStyle.Flow ? next : null, entries.Count > 0 ? entries[^1].Value.Span.End : 0));
        }

        /// <summary><c>key: {{ name }}</c> is YAML for a mapping in a mapping, and never meant so.</summary>
        private bool StartsExpression(MappingStart start) =>
            start.Style == MappingStyle.Flow && source.Content.AsSpan(Clamp(start.Start.Index)).StartsWith("{{", StringComparison.Ordinal);

        private void ReportProperties(ParsingEvent begin)
        {
            if (begin is not NodeEvent node || begin is AnchorAlias)
            {
                return;
            }

            if (!node.Anchor.IsEmpty)
            {
                bag.Add(YamlDiagnostics.Alias, PropertySpan(node, '&'), $"'&{node.Anchor.Value}' is an anchor", "write the value where it is used, or use a variable");
            }

            if (!node.Tag.IsEmpty)
            {
                var tag = PropertySpan(node, '!');
                bag.Add(YamlDiagnostics.Tag, tag, $"'{source.Slice(tag)}' is a tag", "remove it; quote a value to make it text");
            }
        }

        /// <summary>The word that begins with this sign, before the node's own text.</summary>
        private TextSpan PropertySpan(NodeEvent node, char sign)
        {
            var from = Clamp(node.Start.Index);
            var at = source.Content.IndexOf(sign, from);
            if (at < 0 || at > Clamp(node.End.Index))
            {
                return new TextSpan(from, 0);
            }

            var length = source.Content.AsSpan(at).IndexOfAny(EndOfWord);
            return new TextSpan(at, length < 0 ? source.Content.Length - at : Math.Max(1, length));
        }

        /// <summary>The one exception boundary: the scanner throws several types, some without a place (unbalanced brackets).</summary>
        private ParsingEvent? Next()
        {
            if (Stopped)
            {
                return null;
            }

            try
            {
                if (!_parser.MoveNext() || _parser.Current is not { } current)
                {
                    Stopped = true;
                    return null;
                }

                _lastEnd = Math.Max(_lastEnd, Clamp(current.End.Index));
                return current;
            }
            catch (YamlException e)
            {
                StopAtSyntaxError(Clamp(e.Start.Index), e.Message);
                return null;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                StopAtSyntaxError(_lastEnd, "");
                return null;
            }
        }

        private void StopAtSyntaxError(int at, string reason)
        {
            if (TabInIndentation(at) is { } tab)
            {
                Stop(YamlDiagnostics.Tab, new TextSpan(tab, 1), "a tab in the indentation", "use spaces");
                return;
            }

            var sentence = Sentence(reason);
            if (Brackets.FirstUnbalanced(source.Content) is { } bracket)
            {
                Stop(YamlDiagnostics.Syntax, new TextSpan(bracket, 1), $"'{source.Content[bracket]}' has no partner", $"the parser said: {sentence}");
                return;
            }

            var hint = source.LineText(source.PositionOf(at).Line).Contains("{{", StringComparison.Ordinal) ? "text with {{ }} inside { } or [ ] must be quoted" : null;
            Stop(YamlDiagnostics.Syntax, new TextSpan(at, at < source.Content.Length ? 1 : 0), sentence, hint);
        }

        private void Stop(Descriptor descriptor, TextSpan span, string message, string? hint = null)
        {
            Stopped = true;
            bag.Add(descriptor, span, message, hint);
        }

        /// <summary>The library reports a tab at the start of the mapping around it; people look for the tab.</summary>
        private int? TabInIndentation(int from)
        {
            for (var line = source.PositionOf(from).Line; line <= source.LineCount; line++)
            {
                var text = source.LineText(line);
                var indent = text.Length - text.TrimStart(' ', '\t').Length;
                var tab = text.AsSpan(0, indent).IndexOf('\t');
                if (tab >= 0)
                {
                    return source.LineStart(line) + tab;
                }
            }

            return null;
        }

        private static string Sentence(string reason)
        {
            var text = reason.Trim().TrimEnd('.');
            return text.Length == 0 ? "the text cannot be read as YAML from here on" : char.ToLowerInvariant(text[0]) + text[1..];
        }

        /// <summary>From the start to the closing bracket, or to the end of the last child: the library puts the end of a block at the next token.</summary>
        private TextSpan Around(ParsingEvent start, ParsingEvent? bracket, int lastChild)
        {
            var end = Math.Max(Clamp(start.End.Index), lastChild);
            var close = bracket is SequenceEnd or MappingEnd ? Clamp(bracket.Start.Index) : 0;
            return TextSpan.FromBounds(Clamp(start.Start.Index), close >= end && close < source.Content.Length ? close + 1 : end);
        }

        private TextSpan Span(ParsingEvent e) => TextSpan.FromBounds(Clamp(e.Start.Index), Clamp(e.End.Index));

        private TextSpan ScalarSpan(Scalar scalar)
        {
            var span = Span(scalar);
            var text = source.Slice(span);
            return new TextSpan(span.Start, text.TrimEnd('\r', '\n', ' ').Length);
        }

        private int Clamp(long index) => (int)Math.Clamp(index, 0, source.Content.Length);

        private static ScalarStyle StyleOf(YamlDotNet.Core.ScalarStyle style) => style switch
        {
            YamlDotNet.Core.ScalarStyle.SingleQuoted => ScalarStyle.SingleQuoted,
            YamlDotNet.Core.ScalarStyle.DoubleQuoted => ScalarStyle.DoubleQuoted,
            YamlDotNet.Core.ScalarStyle.Literal or YamlDotNet.Core.ScalarStyle.Folded => ScalarStyle.Block,
            _ => ScalarStyle.Plain,
        };
    }
}

/// <summary>What could be read of a file.</summary>
/// <param name="IsPartial">A syntax error cut the tree short: what seems missing may stand after it.</param>
public sealed record YamlTree(YamlNode? Root, bool IsPartial);
