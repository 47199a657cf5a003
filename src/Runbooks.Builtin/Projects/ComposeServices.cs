using System.Collections.Immutable;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Builtin.Projects;

/// <summary>A service as it is written in Compose files, later ones laid over earlier ones. What is not written is empty.</summary>
public sealed record ServiceEntry(string Name)
{
    public string Image { get; init; } = "";

    public string Command { get; init; } = "";

    /// <summary>Host ports that are written as numbers.</summary>
    public ImmutableArray<int> Ports { get; init; } = [];

    /// <summary>Host paths of bind mounts, as written.</summary>
    public ImmutableArray<string> Mounts { get; init; } = [];
}

/// <summary>Reads the services out of Compose files, without computing anything.</summary>
public static class ComposeServices
{
    /// <summary>In the order of Compose (compose-go, <c>DefaultFileNames</c>).</summary>
    private static readonly ImmutableArray<string> FileNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

    private static readonly ImmutableArray<string> OverrideNames = ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

    /// <summary>The Compose files that Compose itself would take in a folder; empty when there is none.</summary>
    public static ImmutableArray<string> FilesIn(string folder, IFiles files)
    {
        string? First(ImmutableArray<string> names) => names.FirstOrDefault(n => files.Stat(Path.Combine(folder, n)).Kind == FileKind.File);

        return First(FileNames) is not { } file ? [] : First(OverrideNames) is { } over ? [file, over] : [file];
    }

    /// <param name="paths">Absolute.</param>
    /// <returns>The services in the order of the files; or why they cannot be told for certain.</returns>
    public static (ImmutableArray<ServiceEntry> Services, string? Problem) In(IEnumerable<string> paths, IFiles files)
    {
        var (order, services) = (new List<string>(), new Dictionary<string, ServiceEntry>(StringComparer.Ordinal));
        foreach (var path in paths)
        {
            var read = files.Read(path);
            if (read.Bytes is not { } bytes)
            {
                return ([], $"{Path.GetFileName(path)}: {read.Problem}");
            }

            var source = SourceText.FromBytes(path, bytes);
            var tree = YamlReader.Read(source, new DiagnosticBag(source));
            if (tree.IsPartial || tree.Root is not YamlMapping root)
            {
                return ([], $"{Path.GetFileName(path)} is not valid YAML");
            }

            if (root.Find("include") is not null)
            {
                return ([], $"{Path.GetFileName(path)} includes other files, whose services are not read");
            }

            foreach (var entry in (root.Find("services")?.Value as YamlMapping)?.Entries ?? [])
            {
                if (entry.Key.Value != "<<" && !services.ContainsKey(entry.Key.Value))
                {
                    order.Add(entry.Key.Value);
                }

                services[entry.Key.Value] = Laid(services.GetValueOrDefault(entry.Key.Value, new ServiceEntry(entry.Key.Value)), entry.Value as YamlMapping);
            }
        }

        return ([.. order.Select(name => services[name])], null);
    }

    private static ServiceEntry Laid(ServiceEntry under, YamlMapping? body) => body is null ? under : under with
    {
        Image = Text(body, "image") is { Length: > 0 } image ? image : under.Image,
        Command = string.Join(' ', (string[])[.. Texts(body, "entrypoint"), .. Texts(body, "command")]) is { Length: > 0 } command ? command : under.Command,
        Ports = [.. under.Ports.Concat(Items(body, "ports").Select(Port).Where(p => p > 0)).Distinct()],
        Mounts = [.. under.Mounts.Concat(Items(body, "volumes").Select(Mount).Where(m => m.Length > 0)).Distinct(StringComparer.Ordinal)],
    };

    /// <summary>"8080:80", "127.0.0.1:8080:80/tcp", or a mapping with 'published'.</summary>
    private static int Port(YamlNode node)
    {
        var written = node switch
        {
            YamlScalar scalar when scalar.Value.Split('/')[0].Split(':') is [.., var host, _] => host,
            YamlMapping mapping => Text(mapping, "published"),
            _ => "",
        };
        return int.TryParse(written, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) ? port : 0;
    }

    private static string Mount(YamlNode node)
    {
        var source = node switch
        {
            YamlScalar scalar => scalar.Value.Split(':')[0],
            YamlMapping mapping when Text(mapping, "type") == "bind" => Text(mapping, "source"),
            _ => "",
        };
        return source.StartsWith('.') || source.StartsWith('/') ? source : "";
    }

    private static ImmutableArray<YamlNode> Items(YamlMapping body, string key) => (body.Find(key)?.Value as YamlSequence)?.Items ?? [];

    private static string Text(YamlMapping body, string key) => body.Find(key)?.Value is YamlScalar { IsNull: false } scalar ? scalar.Value : "";

    private static IEnumerable<string> Texts(YamlMapping body, string key) => body.Find(key)?.Value switch
    {
        YamlScalar { IsNull: false } scalar => [scalar.Value],
        YamlSequence sequence => sequence.Items.OfType<YamlScalar>().Select(s => s.Value),
        _ => [],
    };
}
