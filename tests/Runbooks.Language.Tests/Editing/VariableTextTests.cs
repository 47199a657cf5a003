using Runbooks.Language.Editing;

namespace Runbooks.Language.Tests.Editing;

/// <summary>Texts with variables are taken apart by the rules of Compose, or not at all.</summary>
public sealed class VariableTextTests
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal) { ["A"] = "one", ["B"] = "two", ["E"] = "" };

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("${A}", "one")]
    [InlineData("$A-x", "one-x")]
    [InlineData("$AB", null)]
    [InlineData("x${A}y$B", "xoney" + "two")]
    [InlineData("${N:-d}${N-e}", "de")]
    [InlineData("${E:-d}|${E-d}|", "d||")]
    [InlineData("${A:?no}${A?no}", "oneone")]
    [InlineData("$$A ${A}", "$A one")]
    [InlineData("${N}", null)]
    public void A_text_is_what_Compose_makes_of_it(string text, string? made) => Assert.Equal(made, VariableText.Parse(text)?.Text(Values));

    [Theory]
    [InlineData("${A:-${B}}")]
    [InlineData("${A:+x}")]
    [InlineData("${A+x}")]
    [InlineData("${{ A }}")]
    [InlineData("${a.b}")]
    [InlineData("${A")]
    [InlineData("${}")]
    [InlineData("${A:}")]
    [InlineData("$ A")]
    [InlineData("$1")]
    public void A_form_whose_value_is_not_certain_is_not_taken_apart(string text) => Assert.Null(VariableText.Parse(text));

    [Theory]
    [InlineData("app:${A}", "A", "app:v1", "v1")]
    [InlineData("${A}:${B}", "B", "one:v1", "v1")]
    [InlineData("${A}:${B}", "A", "x:two", "x")]
    [InlineData("${A}:${B}", "B", "other:v1", null)]
    [InlineData("app:${A}", "A", "app:", null)]
    [InlineData("${A}${A}", "A", "xx", null)]
    [InlineData("${N}:${A}", "A", "x:v1", null)]
    [InlineData("${N:-reg}:${A}", "A", "reg:v1", "v1")]
    public void A_variable_is_solved_for_when_one_value_makes_the_wanted_text(string text, string variable, string wanted, string? value) =>
        Assert.Equal(value, VariableText.Parse(text)?.Solve(variable, wanted, Values));

    [Fact]
    public void What_is_solved_gives_the_wanted_text_for_any_text()
    {
        var random = new Random(20261125);
        string[] pieces = ["$", "{", "}", "A", "B", "E", "N", ":", "-", "?", "/", "x", "${A}", "${N:-d}", "$B", "$$", "v1"];
        var solved = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (VariableText.Parse(text) is not { } parsed)
            {
                continue;
            }

            var wanted = (parsed.Text(Values) ?? "x") + (random.Next(2) == 0 ? "" : "z");
            foreach (var name in (string[])["A", "B", "N"])
            {
                if (parsed.Solve(name, wanted, Values) is { } value)
                {
                    solved++;
                    Assert.Equal(wanted, parsed.Text(new Dictionary<string, string>(Values, StringComparer.Ordinal) { [name] = value }));
                }
            }
        }

        Assert.True(solved > 1000, $"only {solved} were solved");
    }
}
