using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Tests.Yaml;

public sealed class ScalarOffsetsTests
{
    [Theory]
    [InlineData("a: one @ two")]
    [InlineData("a: 'it''s @'")]
    [InlineData("a: \"\\t\\u00e9\\x41\\U0001F389 \\\" @\"")]
    [InlineData("a: \"one \\\n   two @\"")]
    [InlineData("a: \"one\n   two @\"")]
    [InlineData("a: \"one\n\n   two @\"")]
    [InlineData("a: one\n  two\n  three @")]
    [InlineData("a: one\n\n  two @")]
    [InlineData("a: |\n  one\n  two @\n")]
    [InlineData("a: |\n  one\n\n    two @\n  three\n")]
    [InlineData("a: |2\n    one @\n  two\n")]
    [InlineData("a: |+\n  one @\n\n\nb: 1")]
    [InlineData("a: >-\n  one\n  two @ three\n")]
    [InlineData("a: >\n  one\n\n  two @\n")]
    [InlineData("a: |\r\n  one\r\n  two @\r\n")]
    [InlineData("a: >-\r\n  one\r\n  two @\r\n")]
    [InlineData("a: one\r\n  two @")]
    [InlineData("a: 🎉 @")]
    [InlineData("x:\n  - a: |\n      one\n      @ two\n")]
    [InlineData("a: |\n  # @\n")]
    [InlineData("a: |  # comment\n  one @\n")]
    public void A_character_of_the_value_is_found_in_the_file(string text)
    {
        var source = new SourceText("a.yml", text);
        var bag = new DiagnosticBag(source);
        var scalar = Scalars(YamlReader.Read(source, bag).Root).Single(s => s.Value.Contains('@', StringComparison.Ordinal));

        var offsets = ScalarOffsets.Of(scalar, source);

        Assert.Equal(scalar.Value.Length + 1, offsets.Length);
        Assert.Equal(text.IndexOf('@', StringComparison.Ordinal), offsets[scalar.Value.IndexOf('@', StringComparison.Ordinal)]);
        Assert.True(offsets.SequenceEqual(offsets.Order()));
    }

    [Fact]
    public void Every_ordinary_character_is_found_as_itself()
    {
        foreach (var playbook in GoodPlaybooks.All.SelectMany(p => (string[])[p, p.ReplaceLineEndings("\r\n")]))
        {
            var source = new SourceText("a.yml", playbook);
            foreach (var scalar in Scalars(YamlReader.Read(source, new DiagnosticBag(source)).Root))
            {
                var offsets = ScalarOffsets.Of(scalar, source);

                Assert.Equal(scalar.Value.Length + 1, offsets.Length);
                Assert.All(Enumerable.Range(0, scalar.Value.Length).Where(i => char.IsAsciiLetterOrDigit(scalar.Value[i])), i => Assert.Equal(scalar.Value[i], playbook[offsets[i]]));
            }
        }
    }

    private static IEnumerable<YamlScalar> Scalars(YamlNode? node) => node switch
    {
        YamlScalar scalar => [scalar],
        YamlSequence sequence => sequence.Items.SelectMany(Scalars),
        YamlMapping mapping => mapping.Entries.SelectMany(e => Scalars(e.Value).Prepend(e.Key)),
        _ => [],
    };
}
