using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Language.Fields;

namespace Runbooks.Language.Playbooks;

/// <summary>Reads the text of a variable by its declared type: what a person types on a command line is never guessed at.</summary>
public static class VarValues
{
    /// <param name="texts">One text; several for a list.</param>
    public static ScalarResult Read(VarDeclaration declaration, ImmutableArray<string> texts)
    {
        if (declaration.Type == VarType.List)
        {
            foreach (var item in texts)
            {
                if (Restrictions(declaration, item, item) is { Error: not null } wrong)
                {
                    return wrong;
                }
            }

            return ScalarResult.Of(texts);
        }

        if (texts.Length != 1)
        {
            return ScalarResult.Wrong($"{texts.Length} values were given for one");
        }

        var shape = declaration.Type switch
        {
            VarType.Integer => FieldShape.Integer,
            VarType.Number => FieldShape.Number,
            VarType.Boolean => FieldShape.Boolean,
            VarType.Duration => FieldShape.Duration,
            VarType.Path => FieldShape.Path,
            _ => FieldShape.Text,
        };
        var read = Scalars.Read(new Field(declaration.Name, shape, ""), texts[0]);
        if (read.Error is null && read.Value is { } value)
        {
            return Restrictions(declaration, texts[0], value);
        }

        // The message quotes the text.
        return declaration.Secret ? ScalarResult.Wrong($"the value is not {Article(declaration.Type)}") : read;
    }

    /// <summary>The form in which expressions see a value: a duration is its text, a path is its text.</summary>
    public static object ForExpressions(object value) => value is TimeSpan duration ? Durations.Format(duration) : value;

    private static string Article(VarType type) => type == VarType.Integer ? "a whole number" : $"a {type.ToString().ToLowerInvariant()}";

    private static ScalarResult Restrictions(VarDeclaration declaration, string text, object value)
    {
        var shown = declaration.Secret ? "the value" : $"'{text}'";
        if (!declaration.Allowed.IsEmpty && !declaration.Allowed.Contains(text))
        {
            return ScalarResult.Wrong($"{shown} is not one of {string.Join(", ", declaration.Allowed)}");
        }

        if (declaration.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            return ScalarResult.Wrong($"{shown} does not match {pattern}");
        }

        double? comparable = value switch
        {
            long l => l,
            double d => d,
            TimeSpan t => t.TotalSeconds,
            _ => null,
        };
        if (comparable < declaration.Minimum)
        {
            return ScalarResult.Wrong($"{shown} is below the minimum {declaration.Minimum.Value.ToString(CultureInfo.InvariantCulture)}");
        }

        return comparable > declaration.Maximum
            ? ScalarResult.Wrong($"{shown} is above the maximum {declaration.Maximum.Value.ToString(CultureInfo.InvariantCulture)}")
            : ScalarResult.Of(value);
    }
}
