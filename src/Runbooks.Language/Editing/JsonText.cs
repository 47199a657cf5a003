namespace Runbooks.Language.Editing;

/// <summary>How scalars are written in JSON.</summary>
internal static class JsonText
{
    /// <summary>The one way to write a value so that its type stays; none when it would change.</summary>
    public static IEnumerable<string> Renderings(TreeScalar old, string value)
    {
        var fits = old.Style switch
        {
            TreeStyle.JsonText => true,
            TreeStyle.JsonBoolean => value is "true" or "false",
            TreeStyle.JsonNumber => YamlType.FormOf(value) is var form && (form == "plain" || (form == "fraction with trailing zeros" && form == YamlType.FormOf(old.Value))),
            _ => false,
        };
        if (fits)
        {
            yield return old.Style == TreeStyle.JsonText ? Quoting.Double(value) : value;
        }
    }

    public static string TypeName(TreeScalar scalar) => scalar.Style switch
    {
        TreeStyle.JsonNumber => "a number",
        TreeStyle.JsonBoolean => "a boolean",
        TreeStyle.JsonNull => "null",
        _ => "text",
    };
}
