using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Runbooks.Advisor.Changes;

/// <summary>
/// The Compose files as Compose resolves them, taken apart so that what means the same is the same: items by path, such as <c>environment.LOG_LEVEL</c> and <c>volumes[/data]</c>,
/// each with a text that can be compared. Values of variables are hashed before they come here.
/// </summary>
public sealed record ComposeModel
{
    public string Name { get; init; } = "";

    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Services { get; init; } = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>Networks, volumes, configs and secrets of the project, by section and name: <c>networks.back</c>.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Resources { get; init; } = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>Values that depend on what is in no file of the revision, by service and the beginning of an item's path, with the reason.</summary>
    public ImmutableArray<UnresolvedValue> Unresolved { get; init; } = [];

    /// <param name="json">As <c>docker compose config --format json</c> writes it.</param>
    /// <param name="project">The name of the project where the model has none, because Compose 1 wrote it; what Compose makes of it is added then. Empty when it is not known.</param>
    /// <returns>Null when it is not such a model.</returns>
    public static ComposeModel? Read(ReadOnlyMemory<byte> json, string project = "")
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("services", out var services) || services.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var resources = ImmutableSortedDictionary.CreateBuilder<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
            foreach (var section in (ReadOnlySpan<string>)["networks", "volumes", "configs", "secrets"])
            {
                foreach (var resource in root.TryGetProperty(section, out var found) && found.ValueKind == JsonValueKind.Object ? found.EnumerateObject() : default)
                {
                    resources[$"{section}.{resource.Name}"] = Items(resource.Value);
                }
            }

            var model = new ComposeModel
            {
                Name = root.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() ?? "" : "",
                Services = services.EnumerateObject().ToImmutableSortedDictionary(s => s.Name, s => Items(s.Value), StringComparer.Ordinal),
                Resources = resources.ToImmutable(),
            };
            return model.Name.Length > 0 || project.Length == 0 ? model : model.Named(project);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>With what Compose 2 writes and Compose 1 only does: the network of services that name none, and the whole names of what belongs to the project.</summary>
    private ComposeModel Named(string project)
    {
        const string network = "networks.default";
        var services = Services.ToImmutableSortedDictionary(s => s.Key, s => s.Value.Keys.Any(k => k.StartsWith("networks.", StringComparison.Ordinal) || k == "network_mode") ? s.Value : s.Value.Add(network, ""), StringComparer.Ordinal);
        var resources = services.Values.Any(s => s.ContainsKey(network)) && !Resources.ContainsKey(network) ? Resources.Add(network, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)) : Resources;
        return this with
        {
            Name = project,
            Services = services,
            Resources = resources.ToImmutableSortedDictionary(r => r.Key, r => r.Value.ContainsKey("name") || r.Value.ContainsKey("external") ? r.Value : r.Value.Add("name", $"{project}_{r.Key[(r.Key.IndexOf('.', StringComparison.Ordinal) + 1)..]}"), StringComparer.Ordinal),
        };
    }

    private static ImmutableSortedDictionary<string, string> Items(JsonElement body)
    {
        var items = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in body.ValueKind == JsonValueKind.Object ? body.EnumerateObject() : default)
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Add(items, member.Name, member.Name, member.Value);
            }
        }

        return items.ToImmutable();
    }

    private static void Add(ImmutableSortedDictionary<string, string>.Builder items, string key, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    var below = $"{path}.{member.Name}";
                    // That a service is in a network, or waits for another, is said by the name alone, in a map and in a list.
                    if (path == key && key is "networks" or "depends_on" && member.Value.ValueKind is JsonValueKind.Null or JsonValueKind.Object)
                    {
                        items[below] = "";
                    }

                    if (!IsUsual(key, member))
                    {
                        Add(items, key, below, member.Value);
                    }
                }

                break;
            case JsonValueKind.Array when key is "command" or "entrypoint" or "dns" or "dns_search" || path is "healthcheck.test":
                items[path] = string.Join('\u001f', value.EnumerateArray().Select(Canonical));
                break;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray())
                {
                    var (name, text) = Element(key, element);
                    items[$"{path}[{name}]"] = text;
                }

                break;
            case JsonValueKind.Null:
                items[path] = "";
                break;
            default:
                items[path] = Text(value);
                break;
        }
    }

    /// <summary>What Compose takes for granted, and writes or does not write after the form in which it was given.</summary>
    private static bool IsUsual(string key, JsonProperty member) => (key, member.Name) switch
    {
        // compose-go, loader: the name that is always taken.
        ("build", "dockerfile") => Text(member.Value) == "Dockerfile",
        ("depends_on", "required") => member.Value.ValueKind == JsonValueKind.True,
        ("depends_on", "restart") => member.Value.ValueKind == JsonValueKind.False,
        ("depends_on", "condition") => Text(member.Value) == "service_started",
        _ => false,
    };

    private static (string Name, string Text) Element(string key, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            var text = Text(element) is { Length: > 0 } plain ? plain : Canonical(element);
            return key switch
            {
                // The short forms, which Compose 1 leaves as they are.
                "ports" => (text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/tcp", ""),
                "volumes" => ShortMount(text),
                _ => (text, ""),
            };
        }

        return key switch
        {
            "ports" => (Port(element), ""),
            "volumes" => (Of(element, "target"), Mount(element)),
            "configs" or "secrets" => (Of(element, "target") is { Length: > 0 } target ? target : Of(element, "source"), Canonical(element)),
            _ => (Canonical(element), ""),
        };
    }

    private static string Port(JsonElement port)
    {
        var (address, published, protocol, mode) = (Of(port, "host_ip"), Of(port, "published"), Of(port, "protocol"), Of(port, "mode"));
        return $"{(address.Length > 0 ? $"{address}:" : "")}{(published.Length > 0 ? $"{published}:" : "")}{Of(port, "target")}/{(protocol.Length > 0 ? protocol : "tcp")}{(mode is "" or "ingress" ? "" : $" ({mode})")}";
    }

    private static string Mount(JsonElement mount)
    {
        var more = string.Join(' ', mount.EnumerateObject().Where(m => m.Name is not ("type" or "source" or "target" or "read_only")).Select(m => (m.Name, Text: Canonical(m.Value)))
            .Where(m => m.Text is not ("" or "{}" or "{create_host_path:True}" or "{create_host_path:False}")).Select(m => $"{m.Name}={m.Text}").Order(StringComparer.Ordinal));
        return $"{Of(mount, "type")} {Of(mount, "source")}{(Of(mount, "read_only") == "True" ? " (read-only)" : "")}{(more.Length > 0 ? $" {more}" : "")}";
    }

    private static (string Target, string Text) ShortMount(string mount)
    {
        var parts = mount.Split(':');
        return parts.Length == 1 ? (mount, "volume ")
            : (parts[1], $"{(parts[0].StartsWith('.') || parts[0].StartsWith('/') ? "bind" : "volume")} {parts[0]}{(parts.Length > 2 && parts[2].Split(',').Contains("ro") ? " (read-only)" : "")}");
    }

    private static string Of(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? Text(value) : "";

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => "",
    };

    /// <summary>One text for what means the same: members in one order, numbers as texts, nothing that is empty.</summary>
    private static string Canonical(JsonElement value)
    {
        var text = new StringBuilder();
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return text.Append('{').AppendJoin(',', value.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null).OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => $"{m.Name}:{Canonical(m.Value)}")).Append('}').ToString();
            case JsonValueKind.Array:
                return text.Append('[').AppendJoin(',', value.EnumerateArray().Select(Canonical)).Append(']').ToString();
            default:
                return Text(value);
        }
    }
}

/// <param name="Item">The beginning of the path of an item: <c>image</c>, <c>environment.TOKEN</c>, <c>environment</c> for all of it.</param>
public sealed record UnresolvedValue(string Service, string Item, string Why);
