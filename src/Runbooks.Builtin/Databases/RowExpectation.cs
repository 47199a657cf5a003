using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Databases;

/// <summary>What the answer to a query must be: one value, or so many rows.</summary>
public sealed record RowExpectation
{
    private const string EqualsName = "equals";
    private const string MatchesName = "matches";
    private const string MinName = "min";
    private const string MaxName = "max";
    private const string RowsName = "rows";
    private const int MostRows = 1000;
    private const int LongestValue = 120;
    private const int ShownRows = 10;

    /// <summary>The one value, to the letter; a number also by its value.</summary>
    public Rendered? Wanted { get; private init; }

    public Regex? Matches { get; private init; }

    public double? Min { get; private init; }

    public double? Max { get; private init; }

    /// <summary>Exactly so many rows, whatever is in them; null when one value is looked at.</summary>
    public long? Rows { get; private init; }

    public static ImmutableArray<Field> Fields =>
    [
        new Field(EqualsName, FieldShape.Text, "the value that the query must answer; a number counts by its value, 'true' and 'false' also as PostgreSQL prints them"),
        new Field(MatchesName, FieldShape.Pattern, "a regular expression that must match somewhere in the value"),
        new Field(MinName, FieldShape.Number, "the smallest number that the value may be"),
        new Field(MaxName, FieldShape.Number, "the largest number that it may be"),
        new Field(RowsName, FieldShape.Integer, "how many rows the query must answer, whatever is in them") { Minimum = 0, Maximum = MostRows },
    ];

    public bool IsKnown => Wanted?.IsKnown != false;

    /// <summary>How many rows have to be fetched to decide it, and to show what is wrong.</summary>
    public int Fetched => (int)Math.Max(ShownRows, Rows ?? 0) + 1;

    /// <summary>What must be true of the answer: "is "5"", "has 0 rows".</summary>
    public string Statement => Rows is { } rows ? $"has {Phrases.Count(rows, "row")}" : Phrases.And(((string?[])
    [
        Wanted is null ? null : $"is {Phrases.Quote(Wanted)}",
        Matches is null ? null : $"matches {Matches}",
        Min is { } least ? $"is at least {Number(least)}" : null,
        Max is { } most ? $"is at most {Number(most)}" : null,
    ]).OfType<string>());

    /// <returns>Null when nothing is expected, or what contradicts itself: the context was told.</returns>
    public static RowExpectation? Read(Inputs inputs, PlanContext context)
    {
        var read = new RowExpectation
        {
            Wanted = inputs.OptionalText(EqualsName),
            Matches = inputs.OptionalPattern(MatchesName),
            Min = inputs.OptionalNumber(MinName),
            Max = inputs.OptionalNumber(MaxName),
            Rows = inputs.OptionalInteger(RowsName),
        };
        var saysMore = read.Matches is not null || read.Min is not null || read.Max is not null;
        var looksAtValue = read.Wanted is not null || saysMore;
        var (field, problem) = !looksAtValue && read.Rows is null ? (QueryCheck.QueryName, "nothing is expected of the answer")
            : looksAtValue && read.Rows is not null ? (RowsName, $"'{RowsName}' counts rows, the others look at the one value of one row")
            : read.Wanted is not null && saysMore ? (EqualsName, $"'{EqualsName}' says the whole value, and the others say something else of it")
            : read.Min > read.Max ? (MinName, $"no number is at least {Number(read.Min.Value)} and at most {Number(read.Max.GetValueOrDefault())}")
            : ("", "");
        if (problem.Length == 0)
        {
            return read;
        }

        context.Report(DatabaseDiagnostics.Expectation, inputs.SpanOf(field), problem, $"give '{EqualsName}', or '{MatchesName}', '{MinName}' and '{MaxName}', or '{RowsName}'");
        return null;
    }

    /// <summary>Whether an answer is as expected.</summary>
    public Verdict Judge(ImmutableArray<DatabaseRow> rows, Func<string, string> mask)
    {
        var count = rows.Length == Fetched ? $"more than {Phrases.Count(Fetched - 1, "row")}" : Phrases.Count(rows.Length, "row");
        if (Rows is { } expected)
        {
            return rows.Length == expected ? Verdict.Holds(count) : Verdict.DoesNotHold(count) with { Evidence = Shown(rows, mask) };
        }

        return rows switch
        {
            [] => Verdict.DoesNotHold("the query answered no row"),
            [{ Fields: [var value] }] => OfValue(value, Phrases.Quote(Phrases.Line(mask(value), LongestValue))),
            [_] => Verdict.Unknown($"the query answered a row of {rows[0].Fields.Length} values, and one is looked at") with { Evidence = Shown(rows, mask) },
            _ => Verdict.Unknown($"the query answered {count}, and which of them is meant is not said") with { Evidence = Shown(rows, mask) },
        };
    }

    private Verdict OfValue(string value, string shown)
    {
        if (Wanted is not null)
        {
            return IsSame(value, Wanted.Reveal()) ? Verdict.Holds(shown) : Verdict.DoesNotHold(shown);
        }

        if (Matches is not null)
        {
            switch (Patterns.IsMatch(Matches, value))
            {
                case null:
                    return Verdict.Unknown($"{shown}, but {Patterns.TookTooLong(Matches)}");
                case false:
                    return Verdict.DoesNotHold(shown);
            }
        }

        return Min is null && Max is null ? Verdict.Holds(shown)
            : !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? Verdict.Unknown($"{shown} is not a number")
            : number < Min || number > Max ? Verdict.DoesNotHold(shown)
            : Verdict.Holds(shown);
    }

    private static bool IsSame(string value, string expected) => value == expected
        || (decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out var other) && number == other)
        || (value, expected) is ("t", "true") or ("f", "false");

    private static ImmutableArray<string> Shown(ImmutableArray<DatabaseRow> rows, Func<string, string> mask) =>
        [.. rows.Take(ShownRows).Select(r => Phrases.Line(mask(r.Text), LongestValue))];

    private static string Number(double number) => number.ToString("0.###############", CultureInfo.InvariantCulture);
}
