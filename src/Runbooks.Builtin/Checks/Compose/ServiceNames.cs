using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Builtin.Checks.Compose;

/// <summary>The services that Compose files start by themselves.</summary>
internal static class ServiceNames
{
    /// <summary>Reads them out of the files.</summary>
    /// <returns>In ordinal order; or why they cannot be told for certain.</returns>
    public static (ImmutableArray<string> Names, string? Problem) In(ImmutableArray<string> files, IPlanFiles read)
    {
        var services = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var shown = Path.GetFileName(file);
            var source = SourceText.FromBytes(file, (read.Read(file).Bytes ?? default).Span);
            var tree = YamlReader.Read(source, new DiagnosticBag(source));
            if (tree.IsPartial || tree.Root is not YamlMapping root)
            {
                return ([], $"the services in '{shown}' cannot be told: it is not valid YAML");
            }

            if (root.Find("include") is not null)
            {
                return ([], $"'{shown}' includes other files, whose services are not read");
            }

            if (root.Find("services") is not { } section)
            {
                continue;
            }

            if (section.Value is not YamlMapping mapping || mapping.Find("<<") is not null)
            {
                return ([], $"the services in '{shown}' cannot be told: 'services' is not a plain mapping");
            }

            foreach (var entry in mapping.Entries)
            {
                services[entry.Key.Value] = StartsByItself(entry.Value) && services.GetValueOrDefault(entry.Key.Value, true);
            }
        }

        return services.Values.Any(s => s)
            ? ([.. services.Where(s => s.Value).Select(s => s.Key).Order(StringComparer.Ordinal)], null)
            : ([], "the Compose files hold no service that starts by itself");
    }

    /// <summary>A service with profiles waits until one of them is asked for; one that is scaled to nothing has no container.</summary>
    private static bool StartsByItself(YamlNode service) => service is not YamlMapping body
        || (body.Find("profiles") is not { Value: YamlSequence { Items.IsEmpty: false } } && !IsZero(body, "scale") && !(body.Find("deploy")?.Value is YamlMapping deploy && IsZero(deploy, "replicas")));

    private static bool IsZero(YamlMapping mapping, string key) => mapping.Find(key)?.Value is YamlScalar { Value: "0" };
}
