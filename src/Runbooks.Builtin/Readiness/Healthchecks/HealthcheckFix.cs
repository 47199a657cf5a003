using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Containers;
using Runbooks.Language.Editing;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Readiness.Healthchecks;

/// <summary>What would give a service a health check: a patch where the address is known and the image has a program that can ask it, else what to choose.</summary>
internal static class HealthcheckFix
{
    private static readonly ImmutableArray<string> Folders = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>In the order in which they are taken; each with its words for an address.</summary>
    private static readonly ImmutableArray<(string Program, Func<string, string[]> Words)> Probes =
    [
        ("curl", url => ["curl", "-fsS", "-o", "/dev/null", url]),
        ("wget", url => ["wget", "-q", "-O", "/dev/null", url]),
        ("python3", url => ["python3", "-c", $"import urllib.request; urllib.request.urlopen('{url}', timeout=4)"]),
        ("node", url => ["node", "-e", $"fetch('{url}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]),
    ];

    public static async Task<ReadyFix> OfAsync(ServiceDeclaration service, ImmutableSortedDictionary<string, string> items, ReadyProject project, CancellationToken cancel)
    {
        var name = service.Name;
        if (service.Kind == ServiceKind.Database)
        {
            return new ReadyFix($"write a health check for {name} into the Compose file") { Block = Text(name, Lines(OfDatabase(items.GetValueOrDefault("image", "")))) };
        }

        if (service.Health.Length == 0)
        {
            return new ReadyFix($"say below {name} in {project.Inputs.Project.Source.Path} under which address it answers ('health: http://127.0.0.1:8080/health'); 'runbook ready --fix' makes a health check of it");
        }

        var (url, noUrl) = Inside(service.Health, items);
        if (url is null)
        {
            return new ReadyFix($"write a health check for {name} into the Compose file; none is made here: {noUrl}") { Block = Text(name, Lines(["PROGRAM", "http://127.0.0.1:PORT/PATH"])) };
        }

        var (words, noProbe) = await ProbeAsync(name, url, project, cancel);
        if (words is null)
        {
            return new ReadyFix($"write a health check for {name} into the Compose file, with a program that its image has: {noProbe}") { Block = Text(name, Lines(["PROGRAM", url])) };
        }

        var edit = new BlockEdit(["services", name], "healthcheck", Lines(words)) { Behind = "image" };
        var (patch, problem) = ReadyPatches.Find(project, project.Inputs.Playbook?.Compose.Files ?? [], path => new FilePatch(path) { Block = edit });
        return new ReadyFix($"give {name} a health check that asks {url} with {words[0]}, which its image has{(patch is null ? $"; paste it, because where it goes is not certain ({problem})" : "")}")
        {
            Patch = patch,
            Block = patch is null ? Text(name, edit.Lines) : "",
        };
    }

    /// <summary>The address as the container itself sees it.</summary>
    private static (string? Url, string Problem) Inside(string health, ImmutableSortedDictionary<string, string> items)
    {
        if (!Uri.TryCreate(health, UriKind.Absolute, out var address) || address.Scheme != "http")
        {
            return (null, $"{health} is not answered over http by the service itself");
        }

        if (!address.IsLoopback)
        {
            return (null, $"{health} is not an address of this machine, so that it may be another service that answers");
        }

        foreach (var port in items.Keys.Where(k => k.StartsWith("ports[", StringComparison.Ordinal) && k.EndsWith("/tcp]", StringComparison.Ordinal)))
        {
            // "127.0.0.1:8080:80/tcp"
            if (port[6..^5].Split(':') is [.., var published, var target] && published == address.Port.ToString(CultureInfo.InvariantCulture))
            {
                return ($"http://127.0.0.1:{target}{address.PathAndQuery}", "");
            }
        }

        return (null, $"the service publishes no port {address.Port}, so that it is another one that answers");
    }

    /// <summary>Looks into a container of the service, without starting anything in it.</summary>
    private static async Task<(string[]? Words, string Problem)> ProbeAsync(string service, string url, ReadyProject project, CancellationToken cancel)
    {
        var containers = await project.ContainersAsync();
        if (containers.Problem is { } problem || containers.Value.FirstOrDefault(c => c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel) == service) is not { } container)
        {
            return (null, $"it could not be looked into, because {containers.Problem ?? "it has no container"}");
        }

        // What is quoted into a program's text must not end it.
        foreach (var (program, words) in Probes.Where(p => p.Program is "curl" or "wget" || !url.Contains('\'')))
        {
            foreach (var folder in Folders)
            {
                var answer = await project.Ports.Docker.HasPathAsync(container.Id, $"{folder}/{program}", cancel);
                if (answer.Problem is { } unknown)
                {
                    return (null, unknown);
                }

                if (answer.Value == true)
                {
                    return (words(url), "");
                }
            }
        }

        return (null, $"it has none of {string.Join(", ", Probes.Select(p => p.Program))}");
    }

    private static ImmutableArray<string> OfDatabase(string image) =>
        image.Contains("postgres", StringComparison.Ordinal) || image.Contains("postgis", StringComparison.Ordinal) ? ["pg_isready", "-q"]
        : image.Contains("redis", StringComparison.Ordinal) ? ["redis-cli", "ping"]
        : image.Contains("valkey", StringComparison.Ordinal) ? ["valkey-cli", "ping"]
        : image.Contains("mariadb", StringComparison.Ordinal) ? ["mariadb-admin", "ping", "--silent"]
        : image.Contains("mysql", StringComparison.Ordinal) ? ["mysqladmin", "ping", "--silent"]
        : ["PROGRAM", "THAT_ASKS_IT"];

    /// <summary>Compose replaces a single dollar.</summary>
    private static ImmutableArray<string> Lines(IEnumerable<string> words) =>
    [
        "healthcheck:",
        $"  test: [\"CMD\", {string.Join(", ", words.Select(w => $"\"{JsonEncodedText.Encode(w.Replace("$", "$$", StringComparison.Ordinal), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""))}]",
        "  interval: 10s",
        "  timeout: 5s",
        "  retries: 3",
        "  start_period: 30s",
    ];

    private static string Text(string service, IEnumerable<string> lines) => $"services:\n  {service}:\n{string.Concat(lines.Select(l => $"    {l}\n"))}";
}
