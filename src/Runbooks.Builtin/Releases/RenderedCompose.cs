using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Builtin.Compose;
using Runbooks.Engine.Hashing;

namespace Runbooks.Builtin.Releases;

/// <summary>What Compose makes of its files, in a form that can be kept: sorted, with a keyed hash in the place of everything that can hold the value of a variable.</summary>
internal static class RenderedCompose
{
    /// <summary>Below a service: values of variables, or words in which they are often put.</summary>
    private static readonly ImmutableArray<string> Hidden = ["environment", "args", "command", "entrypoint", "labels", "healthcheck", "content", "options", "driver_opts", "annotations", "extra_hosts"];

    /// <param name="written">As <c>config</c> of Compose prints it, in JSON or YAML.</param>
    /// <returns>The bytes to keep, as JSON; or why it is not such a model.</returns>
    public static (byte[]? Bytes, string Problem) Redact(ReadOnlyMemory<byte> written, KeyedHash key, SecretValues secrets)
    {
        if (ComposeOutput.AsJson(written) is not { } json)
        {
            return (null, "what Compose wrote is neither JSON nor YAML");
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            {
                Write(writer, document.RootElement, isHidden: false, key, secrets);
            }

            return (stream.ToArray(), "");
        }
        catch (JsonException)
        {
            return (null, "what Compose wrote is no JSON");
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element, bool isHidden, KeyedHash key, SecretValues secrets)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, isHidden || Hidden.Contains(member.Name), key, secrets);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item, isHidden, key, secrets);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when element.GetString() is { } text && (isHidden || secrets.FoundIn(System.Text.Encoding.UTF8.GetBytes(text)) is not null):
                writer.WriteStringValue($"hmac:{key.Of(text)}");
                break;
            case JsonValueKind.Number when isHidden:
                writer.WriteStringValue($"hmac:{key.Of(element.GetRawText())}");
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
