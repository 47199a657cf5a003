using Runbooks.Language.Text;

namespace Runbooks.Language.Editing;

/// <summary>What differs between the formats.</summary>
internal static class EditTrees
{
    public static EditTree? Read(EditFormat format, string text, out EditRefusal? refusal)
    {
        var source = new SourceText("", text);
        return format switch
        {
            EditFormat.Yaml => YamlEditReader.Read(source, out refusal),
            EditFormat.Json => JsonEditReader.Read(source, out refusal),
            _ => DotEnvReader.Read(source, out refusal),
        };
    }

    public static IEnumerable<string> Renderings(EditFormat format, TreeScalar old, string value, bool isLiteral) => format switch
    {
        EditFormat.Yaml => YamlText.Renderings(old, value),
        EditFormat.Json => JsonText.Renderings(old, value),
        _ => DotEnvText.Renderings(old, value, isLiteral),
    };

    /// <summary>Nothing is not a text: setting it to what it looks like is a change.</summary>
    public static bool IsNull(TreeScalar scalar) => scalar.Style == TreeStyle.JsonNull || (scalar.Style == TreeStyle.Plain && YamlText.TypeOf(scalar).Core == ScalarType.Null);

    /// <summary>In a <c>.env</c> file a path is one name, dots and all.</summary>
    public static ScalarPath Normalize(ScalarPath path, EditFormat format) => format == EditFormat.DotEnv && path.Steps.All(s => s.Key is not null)
        ? path with { Steps = [new PathStep(string.Join('.', path.Steps.Select(s => s.Key)), 0)] }
        : path;
}
