using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Playbooks;

/// <summary>A list written as one text.</summary>
internal static class ListTexts
{
    /// <summary>The items of <c>[a, "b,c"]</c> or of <c>a,b</c>; blanks around an item do not count; an empty text has none.</summary>
    /// <returns>Null when it is neither: a bracket without its partner, an empty item between commas, a list in the list.</returns>
    public static ImmutableArray<string>? Read(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return [];
        }

        if (trimmed[0] != '[')
        {
            var items = trimmed.Split(',', StringSplitOptions.TrimEntries);
            return items.Contains("") ? null : [.. items];
        }

        var bag = new DiagnosticBag(new SourceText("", trimmed));
        return YamlReader.Read(bag.Source, bag).Root is YamlSequence list && !bag.HasErrors && list.Items.All(i => i is YamlScalar { IsNull: false })
            ? [.. list.Items.Select(i => ((YamlScalar)i).Value)]
            : null;
    }
}
