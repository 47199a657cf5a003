using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Liquibase;

/// <summary>A part of a change log, whether it is written in XML, in YAML or in JSON.</summary>
/// <param name="Start">In the file.</param>
/// <param name="End">Of what is shown of it.</param>
/// <param name="TextStart">Where <paramref name="Text"/> begins in the file.</param>
internal sealed record ChangeNode(string Name, ImmutableArray<(string Name, string Value)> Attributes, ImmutableArray<ChangeNode> Children, string Text, int Start, int End, int TextStart)
{
    public string this[string attribute] => Attributes.Where(a => a.Name == attribute).Select(a => a.Value).FirstOrDefault() ?? "";

    public bool Has(string attribute) => Attributes.Any(a => a.Name == attribute);

    public bool Is(string attribute, string value) => string.Equals(this[attribute], value, StringComparison.OrdinalIgnoreCase);

    public ChangeNode? Child(string name) => Children.FirstOrDefault(c => c.Name == name);
}
