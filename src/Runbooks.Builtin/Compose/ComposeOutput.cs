using System.Text;
using System.Text.Json;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Builtin.Compose;

/// <summary>What <c>config</c> of either Compose writes, as JSON: Compose 1 has only YAML.</summary>
internal static class ComposeOutput
{
    /// <returns>Null when it is neither a JSON object nor a mapping in YAML. What begins as JSON is not looked into.</returns>
    public static byte[]? AsJson(ReadOnlyMemory<byte> written)
    {
        var text = Encoding.UTF8.GetString(written.Span);
        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            return written.ToArray();
        }

        var source = new SourceText("compose", text);
        var tree = YamlReader.Read(source, new DiagnosticBag(source));
        return tree.IsPartial || tree.Root is not YamlMapping root ? null : ToJson(root);
    }

    private static byte[] ToJson(YamlNode root)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            Write(json, root);
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMapping mapping:
                json.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    json.WritePropertyName(entry.Key.Value);
                    Write(json, entry.Value);
                }

                json.WriteEndObject();
                break;
            case YamlSequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case YamlScalar { IsNull: false, AsBoolean: { } answer }:
                json.WriteBooleanValue(answer);
                break;
            case YamlScalar { IsNull: false } scalar:
                json.WriteStringValue(scalar.Value);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
