using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Playbooks;

/// <summary>Reads the text of a vars file: one mapping of names to values.</summary>
internal sealed class VarsFileReader(Playbook playbook)
{
    /// <summary>The values by name; what is wrong is added to <paramref name="diagnostics"/>.</summary>
    public Dictionary<string, GivenValue> Read(SourceText source, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var bag = new DiagnosticBag(source);
        var tree = YamlReader.Read(source, bag);
        var values = new Dictionary<string, GivenValue>(StringComparer.Ordinal);

        // What a broken file holds is not known, and a secret may stand in any line of it.
        var hidesAll = bag.HasErrors && playbook.Vars.Any(v => v.Secret);
        var secrets = new List<TextSpan>();
        if (tree.Root is YamlMapping mapping)
        {
            foreach (var entry in mapping.Entries)
            {
                Read(entry, values, secrets, bag);
            }
        }
        else if (!bag.HasErrors && tree.Root is { } root)
        {
            bag.Add(VarDiagnostics.BadFile, new TextSpan(root.Span.Start, 0), "a vars file is a mapping of names to values", "for example: version: v1.2.3");
            hidesAll |= playbook.Vars.Any(v => v.Secret);
        }

        bool Hides(TextSpan span) => hidesAll || secrets.Exists(s => Lines(source, s) is var (first, last) && Lines(source, span) is var (from, to) && from <= last && to >= first);

        diagnostics.AddRange(bag.ToSorted().Select(d => d with { HidesText = Hides(d.Span) || (d.Related is { } related && Hides(related.Span)) }));
        return values.ToDictionary(v => v.Key, v => v.Value with { HidesText = Hides(v.Value.Span) }, StringComparer.Ordinal);
    }

    private void Read(YamlEntry entry, Dictionary<string, GivenValue> values, List<TextSpan> secrets, DiagnosticBag bag)
    {
        if (playbook.Vars.FirstOrDefault(v => v.Name == entry.Key.Value) is not { } variable)
        {
            // It may be a misspelt secret.
            secrets.Add(TextSpan.FromBounds(entry.Key.Span.Start, entry.Value.Span.End));
            bag.Add(VarDiagnostics.Unknown, entry.Key.Span, $"the playbook has no variable '{DisplayText.Visible(entry.Key.Value)}'", Suggestion.Hint(entry.Key.Value, [.. playbook.Vars.Select(v => v.Name)]) ?? "it declares none");
            return;
        }

        if (variable.Secret)
        {
            secrets.Add(TextSpan.FromBounds(entry.Key.Span.Start, entry.Value.Span.End));
        }

        switch (entry.Value)
        {
            case YamlBroken:
                break;
            case YamlScalar { IsNull: true }:
                bag.Add(VarDiagnostics.WrongValue, entry.Key.Span, $"'{variable.Name}' has no value", "write one, or remove the line");
                break;
            case YamlScalar scalar:
                // 'True' is a boolean of YAML, as 'true' is.
                var text = variable.Type == VarType.Boolean && scalar.AsBoolean is { } b ? (b ? "true" : "false") : scalar.Value;
                values.Add(variable.Name, new GivenValue(VarOrigin.File, [text], bag.Source, scalar.Span));
                break;
            case YamlSequence list when variable.Type == VarType.List && list.Items.All(i => i is YamlScalar { IsNull: false }):
                values.Add(variable.Name, new GivenValue(VarOrigin.File, [.. list.Items.Select(i => ((YamlScalar)i).Value)], bag.Source, list.Span));
                break;
            default:
                var wanted = variable.Type == VarType.List ? "a list of single values" : $"a single value ({variable.Type.ToString().ToLowerInvariant()})";
                bag.Add(VarDiagnostics.WrongValue, entry.Key.Span, $"'{variable.Name}' must be {wanted}, this is {entry.Value.Described}");
                break;
        }
    }

    private static (int First, int Last) Lines(SourceText source, TextSpan span) => (source.PositionOf(span.Start).Line, source.PositionOf(span.End).Line);
}
