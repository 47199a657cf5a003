using System.Text.Json;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Schema;
using Runbooks.Testing;

namespace Runbooks.Language.Tests.Schema;

public sealed class PlaybookSchemaTests
{
    [Fact]
    public void The_schema_is_made_from_the_declared_fields()
    {
        Golden.Verify(PlaybookSchema.Generate(TestKinds.Catalogue), "schema/playbook.golden");
    }

    [Fact]
    public void The_same_catalogue_gives_the_same_schema_in_whatever_order_it_is_declared()
    {
        var reversed = KindCatalogue.Of(TestKinds.Catalogue.Steps.Values.Reverse(), TestKinds.Catalogue.Checks.Values.Reverse());

        Assert.Equal(PlaybookSchema.Generate(TestKinds.Catalogue), PlaybookSchema.Generate(reversed));
    }

    [Fact]
    public void Every_declared_field_of_the_language_has_its_summary_in_the_schema()
    {
        using var schema = JsonDocument.Parse(PlaybookSchema.Generate(TestKinds.Catalogue));
        var root = schema.RootElement;
        var definitions = root.GetProperty("$defs");

        foreach (var (set, node) in new[] { (StepFields.Playbook, root), (StepFields.Step, definitions.GetProperty("step")), (StepFields.Check, definitions.GetProperty("check")) })
        {
            Assert.NotEmpty(set.Fields);
            Assert.False(node.GetProperty("additionalProperties").GetBoolean());
            foreach (var field in set.Fields)
            {
                Assert.StartsWith(field.Summary, node.GetProperty("properties").GetProperty(field.Name).GetProperty("description").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Exactly_one_action_key_is_allowed()
    {
        using var schema = JsonDocument.Parse(PlaybookSchema.Generate(TestKinds.Catalogue));

        var alternatives = schema.RootElement.GetProperty("$defs").GetProperty("step").GetProperty("oneOf").EnumerateArray()
            .Select(a => a.GetProperty("required")[0].GetString());

        Assert.Equal(TestKinds.Catalogue.Steps.Keys, alternatives);
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_shape_has_a_schema()
    {
        var fields = Enum.GetValues<FieldShape>().Select(s => new Field(s.ToString().ToLowerInvariant(), s, "x") { Fields = new FieldSet("'x'", []), Choices = ["a"] });
        var catalogue = KindCatalogue.Of([new KindDeclaration("all", "All shapes.", () => new FieldSet("'all'", [.. fields]))], []);

        using var schema = JsonDocument.Parse(PlaybookSchema.Generate(catalogue));

        var references = References(schema.RootElement).ToList();
        Assert.True(references.Count > 5);
        Assert.All(references, r => Assert.True(schema.RootElement.GetProperty("$defs").TryGetProperty(r["#/$defs/".Length..], out _), r));
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.NameEquals("$ref") ? [p.Value.GetString() ?? ""] : References(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
