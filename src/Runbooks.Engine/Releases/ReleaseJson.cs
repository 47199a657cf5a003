using System.Text.Json;
using System.Text.Json.Serialization;

namespace Runbooks.Engine.Releases;

/// <summary>Events of releases as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(ReleaseRecorded))]
[JsonSerializable(typeof(ReleaseVerified))]
[JsonSerializable(typeof(ReleaseCondemned))]
[JsonSerializable(typeof(ReleaseAnchored))]
internal sealed partial class ReleaseJson : JsonSerializerContext
{
    internal static void Write(Utf8JsonWriter writer, ReleaseEvent entry)
    {
        switch (entry)
        {
            case ReleaseRecorded e:
                JsonSerializer.Serialize(writer, e, Default.ReleaseRecorded);
                break;
            case ReleaseVerified e:
                JsonSerializer.Serialize(writer, e, Default.ReleaseVerified);
                break;
            case ReleaseCondemned e:
                JsonSerializer.Serialize(writer, e, Default.ReleaseCondemned);
                break;
            case ReleaseAnchored e:
                JsonSerializer.Serialize(writer, e, Default.ReleaseAnchored);
                break;
            default:
                throw new ArgumentException($"events of type '{entry.Type}' cannot be written", nameof(entry));
        }
    }

    internal static ReleaseEvent? Read(string type, JsonElement element) => type switch
    {
        "release.recorded" => element.Deserialize(Default.ReleaseRecorded),
        "release.verified" => element.Deserialize(Default.ReleaseVerified),
        "release.bad" => element.Deserialize(Default.ReleaseCondemned),
        "release.anchored" => element.Deserialize(Default.ReleaseAnchored),
        _ => null,
    };
}
