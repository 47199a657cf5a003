using System.Globalization;
using System.Text.RegularExpressions;

namespace Runbooks.Language.Fields;

/// <summary>Reads the text of a scalar as what its field holds. Used for plain text when a file is read and for computed text when a plan is made.</summary>
public static class Scalars
{
    private static readonly TimeSpan PatternBudget = TimeSpan.FromSeconds(2);

    /// <summary>The value of a scalar field: string, long, double, bool, <see cref="TimeSpan"/> or <see cref="Regex"/>.</summary>
    /// <returns>Either a value, or what is wrong and what to do.</returns>
    public static ScalarResult Read(Field field, string text)
    {
        switch (field.Shape)
        {
            case FieldShape.Integer:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                    ? InRange(field, integer, integer)
                    : ScalarResult.Wrong($"'{text}' is not a whole number");
            case FieldShape.Number:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                    ? InRange(field, number, number)
                    : ScalarResult.Wrong($"'{text}' is not a number");
            case FieldShape.Boolean:
                return text switch
                {
                    "true" => ScalarResult.Of(true),
                    "false" => ScalarResult.Of(false),
                    _ => ScalarResult.Wrong($"'{text}' is neither true nor false", text is "yes" or "on" or "True" or "1" ? "write true" : text is "no" or "off" or "False" or "0" ? "write false" : null),
                };
            case FieldShape.Duration:
                if (Durations.Parse(text) is { } duration)
                {
                    return InRange(field, duration, duration.TotalMilliseconds);
                }

                return ScalarResult.Wrong($"'{text}' is not a duration", long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"a unit is missing: did you mean '{text}s'?" : "for example 500ms, 30s, 1m30s, 2h");
            case FieldShape.Choice:
                return field.Choices.Contains(text)
                    ? ScalarResult.Of(text)
                    : ScalarResult.Wrong($"'{text}' is not one of {string.Join(", ", field.Choices)}", Diagnostics.Suggestion.For(text, field.Choices) is { } near ? $"did you mean '{near}'?" : null);
            case FieldShape.Pattern:
                return Pattern(text);
            case FieldShape.Path:
                return text.Length > 0 && !text.Contains('\0') ? ScalarResult.Of(text) : ScalarResult.Wrong("a path is not empty");
            case FieldShape.Name:
                return IsName(text) ? ScalarResult.Of(text) : ScalarResult.Wrong($"'{text}' is not a name", "a name begins with a small letter; then small letters, digits and '_'");
            default:
                return field.NotEmpty && text.Length == 0 ? ScalarResult.Wrong("it is empty") : ScalarResult.Of(text);
        }
    }

    /// <summary>True for <c>[a-z][a-z0-9_]*</c>: what an expression can name without doubt (a dash would subtract).</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>A pattern that cannot run away: matched in linear time.</summary>
    public static ScalarResult Pattern(string text)
    {
        try
        {
            return ScalarResult.Of(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternBudget));
        }
        catch (ArgumentException e)
        {
            return ScalarResult.Wrong($"'{text}' is not a regular expression: {e.Message.TrimEnd('.')}");
        }
        catch (NotSupportedException)
        {
            return ScalarResult.Wrong($"'{text}' needs backtracking (a look-around, a back-reference), which could run for ever", "write it without");
        }
    }

    private static ScalarResult InRange(Field field, object value, double comparable)
    {
        string Show(long bound) => field.Shape == FieldShape.Duration ? Durations.Format(TimeSpan.FromMilliseconds(bound)) : bound.ToString(CultureInfo.InvariantCulture);

        if (comparable < field.Minimum)
        {
            return ScalarResult.Outside($"it must be at least {Show(field.Minimum.Value)}");
        }

        return comparable > field.Maximum ? ScalarResult.Outside($"it must be at most {Show(field.Maximum.Value)}") : ScalarResult.Of(value);
    }
}

/// <summary>A value, or what is wrong with the text.</summary>
public readonly record struct ScalarResult(object? Value, string? Error, string? Hint, bool IsOutOfRange)
{
    public static ScalarResult Of(object value) => new(value, null, null, false);

    public static ScalarResult Wrong(string error, string? hint = null) => new(null, error, hint, false);

    public static ScalarResult Outside(string error) => new(null, error, null, true);
}
