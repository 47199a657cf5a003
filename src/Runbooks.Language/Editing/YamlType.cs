using System.Buffers;
using System.Text.RegularExpressions;

namespace Runbooks.Language.Editing;

internal enum ScalarType
{
    Text,
    Null,
    Boolean,
    Number,

    /// <summary>Timestamps, <c>=</c> and <c>&lt;&lt;</c>, which only YAML 1.1 knows.</summary>
    Other,
}

/// <summary>What a scalar is to readers of YAML 1.2 (core schema) and of YAML 1.1: Compose, Kubernetes, PyYAML and Ruby do not agree on one of them.</summary>
internal readonly partial record struct YamlType(ScalarType Core, ScalarType Older)
{
    /// <summary>Longer plain texts are not read as numbers by anything that could hold them.</summary>
    private const int LongestPattern = 256;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789abcdefABCDEFxo_+-.:");

    public static readonly YamlType Text = new(ScalarType.Text, ScalarType.Text);

    public bool IsAgreed => Core == Older;

    /// <summary>The type of a text without quotes and without a tag.</summary>
    public static YamlType OfPlain(string text)
    {
        if (text.Length > LongestPattern)
        {
            var number = !text.AsSpan().ContainsAnyExcept(NumberCharacters);
            return number ? new YamlType(ScalarType.Number, ScalarType.Number) : Text;
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => new YamlType(ScalarType.Null, ScalarType.Null),
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => new YamlType(ScalarType.Boolean, ScalarType.Boolean),
            "y" or "Y" or "yes" or "Yes" or "YES" or "n" or "N" or "no" or "No" or "NO" or "on" or "On" or "ON" or "off" or "Off" or "OFF" => new YamlType(ScalarType.Text, ScalarType.Boolean),
            "=" or "<<" => new YamlType(ScalarType.Text, ScalarType.Other),
            _ => new YamlType(CoreNumber().IsMatch(text) ? ScalarType.Number : ScalarType.Text, OlderType(text)),
        };
    }

    /// <summary>How a number is written. Only two numbers of one form are exchanged without a thought.</summary>
    public static string FormOf(string number) => number switch
    {
        _ when Canonical().IsMatch(number) => "plain",
        _ when TrailingZeros().IsMatch(number) => "fraction with trailing zeros",
        _ when Octal().IsMatch(number) => "leading zero",
        _ when Hexadecimal().IsMatch(number) => "hexadecimal",
        _ => "other",
    };

    private static ScalarType OlderType(string text)
    {
        if (OlderNumber().IsMatch(text))
        {
            return ScalarType.Number;
        }

        return Timestamp().IsMatch(text) ? ScalarType.Other : ScalarType.Text;
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int Milliseconds = 1000;

    [GeneratedRegex(@"\A([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", Options, Milliseconds)]
    private static partial Regex CoreNumber();

    // With what go-yaml, PyYAML and Psych accept beyond the specification (exponents without a sign or a point).
    [GeneratedRegex(@"\A([-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_,]*|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|([0-9][0-9_,]*)?\.[0-9_]*([eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.(inf|Inf|INF))|\.(nan|NaN|NAN))\z", Options, Milliseconds)]
    private static partial Regex OlderNumber();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?\z", Options, Milliseconds)]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?\z", Options, Milliseconds)]
    private static partial Regex Canonical();

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)\.[0-9]*0\z", Options, Milliseconds)]
    private static partial Regex TrailingZeros();

    [GeneratedRegex(@"\A0[0-7]+\z", Options, Milliseconds)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]+\z", Options, Milliseconds)]
    private static partial Regex Hexadecimal();
}
