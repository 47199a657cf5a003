using System.Globalization;
using CsCheck;
using Runbooks.Language.Fields;

namespace Runbooks.Language.Tests.Fields;

public sealed class ScalarsTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("0s", 0)]
    [InlineData("1.5s", 1_500)]
    [InlineData(" 5s ", 5_000)]
    [InlineData("365d", 31_536_000_000)]
    public void A_duration_is_numbers_with_units(string text, double milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Durations.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("1m30")]
    [InlineData("-1s")]
    [InlineData("1e3s")]
    [InlineData("1..5s")]
    [InlineData("1 s")]
    [InlineData("1S")]
    [InlineData("1,5s")]
    [InlineData("366d")]
    [InlineData("999999999999999999999999999999999d")]
    [InlineData("１s")]
    public void What_has_no_unit_or_no_number_is_no_duration(string text)
    {
        Assert.Null(Durations.Parse(text));
    }

    [Fact]
    public void A_duration_that_is_written_is_read_as_the_same()
    {
        Gen.Long[0, 365L * 86_400_000].Sample(
            ms => Durations.Parse(Durations.Format(TimeSpan.FromMilliseconds(ms))) == TimeSpan.FromMilliseconds(ms),
            iter: 2_000);
    }

    [Theory]
    [InlineData(90_000, "1m30s")]
    [InlineData(0, "0s")]
    [InlineData(86_400_000, "1d")]
    [InlineData(1_001, "1s1ms")]
    public void A_duration_is_written_with_its_largest_units_first(double milliseconds, string expected)
    {
        Assert.Equal(expected, Durations.Format(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Theory]
    [InlineData(FieldShape.Integer, "42", 42L)]
    [InlineData(FieldShape.Integer, "-1", -1L)]
    [InlineData(FieldShape.Number, "1.5", 1.5)]
    [InlineData(FieldShape.Number, "1e3", 1000.0)]
    [InlineData(FieldShape.Boolean, "true", true)]
    [InlineData(FieldShape.Boolean, "false", false)]
    [InlineData(FieldShape.Name, "a_b1", "a_b1")]
    [InlineData(FieldShape.Path, "./a b", "./a b")]
    [InlineData(FieldShape.Text, "", "")]
    public void A_text_is_read_as_what_its_field_holds(FieldShape shape, string text, object expected)
    {
        Assert.Equal(expected, Scalars.Read(new Field("f", shape, ""), text).Value);
    }

    [Theory]
    [InlineData(FieldShape.Integer, "1.0", null)]
    [InlineData(FieldShape.Integer, "0x10", null)]
    [InlineData(FieldShape.Integer, "1_000", null)]
    [InlineData(FieldShape.Integer, "99999999999999999999", null)]
    [InlineData(FieldShape.Integer, "", null)]
    [InlineData(FieldShape.Number, "NaN", null)]
    [InlineData(FieldShape.Number, "Infinity", null)]
    [InlineData(FieldShape.Number, "1,5", null)]
    [InlineData(FieldShape.Boolean, "yes", "write true")]
    [InlineData(FieldShape.Boolean, "off", "write false")]
    [InlineData(FieldShape.Boolean, "maybe", null)]
    [InlineData(FieldShape.Duration, "30", "a unit is missing: did you mean '30s'?")]
    [InlineData(FieldShape.Duration, "soon", "for example 500ms, 30s, 1m30s, 2h")]
    [InlineData(FieldShape.Name, "A", "a name begins with a small letter; then small letters, digits and '_'")]
    [InlineData(FieldShape.Name, "a-b", "a name begins with a small letter; then small letters, digits and '_'")]
    [InlineData(FieldShape.Path, "", null)]
    [InlineData(FieldShape.Pattern, "(", null)]
    [InlineData(FieldShape.Pattern, "(?=a)", "write it without")]
    public void What_a_field_cannot_hold_is_refused_with_a_hint(FieldShape shape, string text, string? hint)
    {
        var result = Scalars.Read(new Field("f", shape, ""), text);

        Assert.NotNull(result.Error);
        Assert.Null(result.Value);
        Assert.Equal(hint, result.Hint);
    }

    [Fact]
    public void Ranges_are_inclusive()
    {
        var field = new Field("f", FieldShape.Integer, "") { Minimum = 1, Maximum = 3 };

        Assert.Equal([true, false, false, true], new[] { 0, 1, 3, 4 }.Select(n => Scalars.Read(field, n.ToString(CultureInfo.InvariantCulture)).IsOutOfRange));
        Assert.Equal("it must be at most 1m", Scalars.Read(new Field("f", FieldShape.Duration, "") { Maximum = 60_000 }, "61s").Error);
    }

    [Fact]
    public void A_misspelt_choice_gets_a_suggestion()
    {
        var field = new Field("f", FieldShape.Choice, "") { Choices = ["fixed", "exponential"] };

        Assert.Equal("did you mean 'exponential'?", Scalars.Read(field, "exponental").Hint);
        Assert.Null(Scalars.Read(field, "quick").Hint);
    }

    [Fact]
    public void A_pattern_cannot_run_away()
    {
        var pattern = Assert.IsType<System.Text.RegularExpressions.Regex>(Scalars.Pattern("^(a+)+$").Value);

        Assert.DoesNotMatch(pattern, new string('a', 50_000) + "b");
    }
}
