using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Playbooks;

/// <summary>Turns the fields of <c>vars:</c> into declarations that do not contradict themselves.</summary>
internal static class VarReader
{
    private static readonly ImmutableHashSet<string> Reserved =
    [
        "item", "steps", "run", "vars", "project", "if", "else", "end", "for", "in", "while", "func", "ret", "true", "false", "null", "empty", "this",
        "import", "capture", "with", "wrap", "case", "when", "break", "continue", "do", "readonly", "tablerow", "include", "include_join", "offset", "limit", "reversed",
        .. TemplateFunctions.Known.Keys,
    ];

    public static ImmutableArray<VarDeclaration> Read(BoundObjects vars, DiagnosticBag bag)
    {
        var result = ImmutableArray.CreateBuilder<VarDeclaration>();
        for (var i = 0; i < vars.Items.Length; i++)
        {
            var key = vars.Names[i];
            if (!Scalars.IsName(key.Value))
            {
                bag.Add(FieldDiagnostics.WrongValue, key.Span, $"'{key.Value}' is not a name", "a name begins with a small letter; then small letters, digits and '_'");
                continue;
            }

            if (Reserved.Contains(key.Value))
            {
                bag.Add(PlaybookDiagnostics.ReservedName, key.Span, $"'{key.Value}' already means something in expressions", "choose another name");
                continue;
            }

            result.Add(Declaration(key, vars.Items[i], bag));
        }

        return result.ToImmutable();
    }

    private static VarDeclaration Declaration(YamlScalar key, BoundFields fields, DiagnosticBag bag)
    {
        var type = fields.Literal("type") is { } text && Enum.TryParse<VarType>(text, ignoreCase: true, out var parsed) ? parsed : VarType.String;
        var given = fields.Find<BoundList>("default");
        var declaration = new VarDeclaration(key.Value, type, key.Span)
        {
            Required = fields.Literal("required") == "true",
            Default = given?.Items.Select(t => t.Source).ToImmutableArray(),
            DefaultSpan = given?.Span ?? key.Span,
            Description = fields.Literal("description") ?? "",
            Pattern = fields.Literal("pattern") is { } pattern ? Scalars.Pattern(pattern).Value as Regex : null,
            Allowed = fields.Find<BoundList>("enum")?.Items.Select(t => t.Source).ToImmutableArray() ?? [],
            Minimum = Number(fields, "min"),
            Maximum = Number(fields, "max"),
            FromEnv = fields.Literal("from_env"),
            Secret = fields.Literal("secret") == "true",
        };
        ReportContradictions(declaration, fields, given, bag);
        return declaration;
    }

    private static void ReportContradictions(VarDeclaration declaration, BoundFields fields, BoundList? given, DiagnosticBag bag)
    {
        void Contradict(string field, string message, string hint) =>
            bag.Add(PlaybookDiagnostics.Contradiction, fields.Values[field].Span, $"'{declaration.Name}': {message}", hint);

        if (declaration.Required && given is not null && !declaration.Secret)
        {
            Contradict("default", "a required variable has no use for a default", "remove one of the two");
        }

        if (declaration.Secret && given is not null)
        {
            bag.Add(new Diagnostic(PlaybookDiagnostics.Contradiction, bag.Source, given.Span, $"'{declaration.Name}': a secret must not stand in the file")
            {
                Hint = "take it from the environment: from_env",
                HidesText = true,
            });
        }

        var isNumeric = declaration.Type is VarType.Integer or VarType.Number or VarType.Duration;
        foreach (var bound in (string[])["min", "max"])
        {
            if (fields.Values.ContainsKey(bound) && !isNumeric)
            {
                Contradict(bound, $"'{bound}' means nothing for a {declaration.Type.ToString().ToLowerInvariant()}", "it is for integer, number and duration");
            }
        }

        if (declaration.Minimum > declaration.Maximum)
        {
            Contradict("min", "'min' is larger than 'max'", "swap them");
        }

        if (given is null || declaration.Secret)
        {
            return;
        }

        if (given.IsSequence && declaration.Type != VarType.List)
        {
            bag.Add(PlaybookDiagnostics.BadDefault, given.Span, $"'{declaration.Name}' is a {declaration.Type.ToString().ToLowerInvariant()}, its default is a list", "write 'type: list'");
        }
        else if (VarValues.Read(declaration, given.Items.Select(t => t.Source).ToImmutableArray()).Error is { } error)
        {
            bag.Add(PlaybookDiagnostics.BadDefault, given.Span, $"the default of '{declaration.Name}' is wrong: {error}");
        }
    }

    private static double? Number(BoundFields fields, string name) =>
        fields.Literal(name) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
