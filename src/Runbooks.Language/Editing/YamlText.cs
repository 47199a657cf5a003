using System.Buffers;

namespace Runbooks.Language.Editing;

/// <summary>How scalars are written in YAML.</summary>
internal static class YamlText
{
    private static readonly SearchValues<char> LeadingIndicators = SearchValues.Create("-?:,[]{}#&*!|>'\"%@`=<");
    private static readonly SearchValues<char> FlowIndicators = SearchValues.Create(",[]{}?");

    /// <summary>The ways to write a value in place of another one, best first: the old style, and double quotes where that cannot hold it.</summary>
    /// <remarks>Each is only a proposal: the editor reads it back before it believes it.</remarks>
    /// <returns>None when every way would change the type.</returns>
    public static IEnumerable<string> Renderings(TreeScalar old, string value)
    {
        var oldType = TypeOf(old);
        if (old.Style == TreeStyle.Plain && IsPlain(value, old) && Keeps(oldType, old.Value, old.Tag is null ? YamlType.OfPlain(value) : YamlType.Text, value))
        {
            yield return value;
        }

        if (!Keeps(oldType, old.Value, YamlType.Text, value) || (oldType.Core == ScalarType.Null && YamlType.OfPlain(value) != YamlType.Text))
        {
            yield break;
        }

        if (old.Style == TreeStyle.SingleQuoted && !value.Any(Quoting.NeedsEscape))
        {
            yield return $"'{value.Replace("'", "''")}'";
        }

        yield return Quoting.Double(value);
    }

    /// <summary>The type of a scalar as it stands in a file.</summary>
    public static YamlType TypeOf(TreeScalar scalar) => scalar.Style == TreeStyle.Plain && scalar.Tag is null ? YamlType.OfPlain(scalar.Value) : YamlType.Text;

    /// <summary>For a sentence.</summary>
    public static string TypeName(TreeScalar scalar) => TypeOf(scalar) switch
    {
        { IsAgreed: false } => "text to some YAML readers and a number, boolean or date to others",
        { Core: ScalarType.Number } => "a number",
        { Core: ScalarType.Boolean } => "a boolean",
        { Core: ScalarType.Null } => "empty (null)",
        _ => "text",
    };

    /// <summary>Whether the new scalar is what the old one was, to every reader for which that can be said.</summary>
    public static bool Keeps(YamlType oldType, string oldText, YamlType newType, string newText)
    {
        if (oldType == new YamlType(ScalarType.Null, ScalarType.Null))
        {
            return newType == YamlType.Text;
        }

        if (newType.Core != oldType.Core || (newType.Older != oldType.Older && newType.Older != newType.Core))
        {
            return false;
        }

        // 'yes' to 'true': a boolean to one reader before, and text to all after.
        if (!oldType.IsAgreed && newType.IsAgreed && YamlType.OfPlain(newText).Core == oldType.Older)
        {
            return false;
        }

        return newType.Core != ScalarType.Number || YamlType.FormOf(newText) is var form && (form == "plain" || (form != "other" && form == YamlType.FormOf(oldText)));
    }

    /// <summary>Stricter than the specification: what one of the readers in use takes for something else is left to the quotes.</summary>
    private static bool IsPlain(string value, TreeScalar old)
    {
        if (value.Length == 0 || value[0] == ' ' || value[^1] is ' ' or ':' || value.Any(Quoting.NeedsEscape))
        {
            return false;
        }

        var isNegative = value.Length > 1 && value[0] == '-' && (char.IsAsciiDigit(value[1]) || value[1] == '.') && YamlType.OfPlain(value).Core == ScalarType.Number;
        if (LeadingIndicators.Contains(value[0]) && !isNegative)
        {
            return false;
        }

        if (value.StartsWith("...", StringComparison.Ordinal) || value.Contains(": ", StringComparison.Ordinal) || value.Contains(" #", StringComparison.Ordinal))
        {
            return false;
        }

        return !old.InFlow || (!value.AsSpan().ContainsAny(FlowIndicators) && (!value.Contains(':') || old.Value.Contains(':')));
    }
}
