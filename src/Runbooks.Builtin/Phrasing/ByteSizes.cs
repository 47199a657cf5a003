using System.Globalization;

namespace Runbooks.Builtin.Phrasing;

/// <summary>Sizes as people write them: <c>500MB</c> (thousands), <c>2GiB</c> (1024s).</summary>
internal static class ByteSizes
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1e3), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ];

    /// <summary>Bytes; null when the text is not a size or has no unit.</summary>
    public static long? Parse(string text)
    {
        foreach (var (unit, bytes) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return Number(text[..^unit.Length].TrimEnd()) is { } number && number * bytes < long.MaxValue ? (long)(number * bytes) : null;
            }
        }

        return null;
    }

    /// <summary>A number without sign or exponent; null when the text is none.</summary>
    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>For people: "1.5 GiB".</summary>
    public static string Format(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }

        return $"{value.ToString(unit == 0 ? "F0" : "0.#", CultureInfo.InvariantCulture)} {units[unit]}";
    }
}
