using System.Globalization;
using System.Text;

namespace Runbooks.Language.Fields;

/// <summary>Durations as people write them: a number and a unit, repeated: <c>500ms</c>, <c>30s</c>, <c>1m30s</c>, <c>2h</c>, <c>1d</c>.</summary>
public static class Durations
{
    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789.");
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];

    /// <summary>Reads a duration between 0 and 365 days.</summary>
    /// <returns>Null when the text is not one; a bare number is not one, because nobody knows its unit.</returns>
    public static TimeSpan? Parse(string text)
    {
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return null;
        }

        var total = 0.0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            rest = rest[digits..];
            var matched = false;
            foreach (var (unit, milliseconds) in Units)
            {
                if (rest.StartsWith(unit, StringComparison.Ordinal))
                {
                    total += number * milliseconds;
                    rest = rest[unit.Length..];
                    matched = true;
                    break;
                }
            }

            if (!matched || total > 365.0 * 86_400_000)
            {
                return null;
            }
        }

        return TimeSpan.FromMilliseconds(total);
    }

    /// <summary>The canonical form: largest units first, nothing for zero parts, <c>0s</c> for nothing.</summary>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder();
        void Part(long value, string unit)
        {
            if (value > 0)
            {
                text.Append(value).Append(unit);
            }
        }

        Part(duration.Days, "d");
        Part(duration.Hours, "h");
        Part(duration.Minutes, "m");
        Part(duration.Seconds, "s");
        Part(duration.Milliseconds, "ms");
        return text.Length == 0 ? "0s" : text.ToString();
    }
}
