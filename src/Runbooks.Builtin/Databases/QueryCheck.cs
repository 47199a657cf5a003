using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Databases;

/// <summary>A query of the author's, and what its answer must be.</summary>
public sealed partial record QueryCheck(DatabasePlace Place, DatabaseQuery Query, ProgramStart Start, RowExpectation Expected) : DatabaseCheck(Place, Query, Start)
{
    internal const string QueryName = "query";
    private const string ValuesName = "values";
    private const int LongestQuery = 160;

    public override bool IsKnown => base.IsKnown && Expected.IsKnown;

    public override string Statement => $"in database '{Place.Database}', the answer to {Phrases.Line(Spaces().Replace(Query.Text, " "), LongestQuery)} {Expected.Statement}";

    /// <param name="named">How the text names a value.</param>
    /// <param name="isRequired">The kind asks nothing else.</param>
    internal static ImmutableArray<Field> Fields(string named, bool isRequired) =>
    [
        new Field(QueryName, FieldShape.Script, $"one statement that only asks, in a transaction that cannot write; values reach it through 'values:' as {named}")
        {
            Required = isRequired,
            InsteadOfTemplate = $"pass the value through 'values:' and write {named} in the query",
        },
        new Field(ValuesName, FieldShape.TextMap, $"values by their names, which the query takes as {named}; they are never read as SQL"),
        .. RowExpectation.Fields,
    ];

    /// <summary>Reads the fields.</summary>
    /// <returns>Null when something is wrong: the context was told what.</returns>
    internal static QueryCheck? Read(DatabasePlace place, Inputs inputs, PlanContext context)
    {
        var text = inputs.Text(QueryName).Reveal().Trim();
        if (SqlText.ProblemOfQuery(text, place.Dialect) is { } problem)
        {
            context.Report(DatabaseDiagnostics.Query, inputs.SpanOf(QueryName), $"the query cannot be asked: {problem}");
            return null;
        }

        var values = inputs.Map(ValuesName);
        for (var i = 0; i < values.Length; i++)
        {
            if (!values[i].Key.IsKnown || !Name().IsMatch(values[i].Key.Display))
            {
                context.Report(DatabaseDiagnostics.Query, inputs.SpanOf(ValuesName, i), $"'{values[i].Key.Display}' is not a name for a value", "lower-case letters, digits and '_'");
                return null;
            }

            if (values[i].Value.HasSecret)
            {
                context.Report(TemplateDiagnostics.SecretVisible, inputs.SpanOf(ValuesName, i), $"a secret in '{values[i].Key.Display}' would be visible: a server writes the queries that it does not understand into its log");
                return null;
            }
        }

        if (RowExpectation.Read(inputs, context) is not { } expected)
        {
            return null;
        }

        var query = new DatabaseQuery(text, inputs.Duration(DatabaseChecks.Timeout)) { Values = [.. values.Select(v => KeyValuePair.Create(v.Key.Display, v.Value))], Rows = expected.Fetched };
        return new QueryCheck(place, query, place.Asking(context, query), expected);
    }

    public override Verdict Judge(ImmutableArray<DatabaseRow> rows, Func<string, string> mask) => Expected.Judge(rows, mask);

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Spaces();
}
