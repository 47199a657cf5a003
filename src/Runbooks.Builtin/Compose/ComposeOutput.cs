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
            Write(json, "services", root);
        }

        return stream.ToArray();
    }

    /// <param name="key">Whose value it is; empty where the texts are somebody's own: values of variables, labels, words.</param>
    private static void Write(Utf8JsonWriter json, string key, YamlNode node)
    {
        switch (node)
        {
            case YamlMapping mapping:
                json.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    json.WritePropertyName(entry.Key.Value);
                    Write(json, key is "environment" or "labels" or "args" or "options" or "driver_opts" ? "" : entry.Key.Value, entry.Value);
                }

                json.WriteEndObject();
                break;
            case YamlSequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    Write(json, key == "extra_hosts" ? key : "", item);
                }

                json.WriteEndArray();
                break;
            case YamlScalar { IsNull: false, AsBoolean: { } answer }:
                json.WriteBooleanValue(answer);
                break;
            case YamlScalar { IsNull: false } scalar when ComposeOneForm.Words(key, scalar.Value) is { } words:
                json.WriteStartArray();
                foreach (var word in words)
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
                break;
            case YamlScalar { IsNull: false } scalar:
                json.WriteStringValue(ComposeOneForm.Text(key, scalar.Value));
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
