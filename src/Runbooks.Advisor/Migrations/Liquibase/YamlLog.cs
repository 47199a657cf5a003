using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Advisor.Migrations.Liquibase;

/// <summary>Reads a change log in YAML or in JSON, which is YAML too.</summary>
internal static class YamlLog
{
    /// <summary>The log itself; null when it cannot be read, or there is none in the file.</summary>
    public static ChangeNode? Read(MigrationText file)
    {
        var source = new SourceText(file.Path, file.Text);
        var bag = new DiagnosticBag(source);
        var tree = YamlReader.Read(source, bag);
        return tree is { IsPartial: false, Root: YamlMapping root } && !bag.HasErrors && root.Find("databaseChangeLog") is { Value: var log } ? Node("databaseChangeLog", log, source) : null;
    }

    private static ChangeNode Node(string name, YamlNode node, SourceText source)
    {
        var (attributes, children) = (ImmutableArray.CreateBuilder<(string, string)>(), ImmutableArray.CreateBuilder<ChangeNode>());
        var (text, textAt) = (node is YamlScalar scalar ? scalar.Value : "", node);
        foreach (var (key, value) in Entries(node))
        {
            switch (value)
            {
                case YamlScalar { Value: var plain } when key != "rollback" && node is YamlMapping:
                    attributes.Add((key, plain));
                    (text, textAt) = key == "sql" ? (plain, value) : (text, textAt);
                    break;
                // Their items are what counts: changes: [ { createTable: … } ]
                case YamlSequence when key is "changes" or "columns":
                    children.AddRange(Node(key, value, source).Children);
                    break;
                default:
                    children.Add(Node(key, value, source));
                    break;
            }
        }

        var shownEnd = source.Content.AsSpan(node.Span.Start).IndexOf('\n') is >= 0 and var end ? node.Span.Start + end : source.Content.Length;
        return new ChangeNode(name, attributes.ToImmutable(), children.ToImmutable(), text, node.Span.Start, shownEnd, TextStart(textAt, source));
    }

    /// <summary>The entries of a mapping, and those of the mappings in a list.</summary>
    private static IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode node) => node switch
    {
        YamlMapping mapping => mapping.Entries.Select(e => (e.Key.Value, e.Value)),
        YamlSequence sequence => sequence.Items.SelectMany(i => i is YamlMapping item ? item.Entries.Select(e => (e.Key.Value, e.Value)) : [("", i)]),
        _ => [],
    };

    /// <summary>The text of a block begins in the line after its sign.</summary>
    private static int TextStart(YamlNode node, SourceText source)
    {
        var start = node.Span.Start;
        return start < source.Content.Length && source.Content[start] is '|' or '>' && source.Content.IndexOf('\n', start) is >= 0 and var end ? end + 1 : start;
    }
}
