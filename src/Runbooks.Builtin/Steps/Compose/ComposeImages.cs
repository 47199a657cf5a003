using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>The images that a command needs, looked up before it where Compose cannot be told to pull nothing: a rollback must not get another image than the one that was looked at.</summary>
/// <param name="Reach">Whose images.</param>
internal sealed record ComposeImages(ComposeReach Reach)
{
    /// <summary>For the plan.</summary>
    public const string Words = "asks the engine whether the images are on this machine: this Compose would pull them";

    /// <param name="project">As <c>docker-compose config</c> writes it.</param>
    /// <returns>Why the command must not follow; null when it may.</returns>
    public async Task<string?> MissingAsync(string project, StepContext context)
    {
        var source = new SourceText("config", project);
        var tree = YamlReader.Read(source, new DiagnosticBag(source));
        if (tree.IsPartial || (tree.Root as YamlMapping)?.Find("services")?.Value is not YamlMapping services)
        {
            return "which images the services have could not be read from what Compose says of the project";
        }

        foreach (var (service, image) in Needed(services))
        {
            var found = await context.Ports.Docker.ImageAsync(image, context.Stop.Interrupt);
            if (found.Problem is { } problem)
            {
                return $"whether the image of service {service} is on this machine could not be found out: {problem}";
            }

            if (found.Value is null)
            {
                return $"the image of service {service}, {context.Mask(image)}, is not on this machine, and {Reach.Project.Program.Name} would pull it: fetch it before, or write 'pull: missing'";
            }
        }

        return null;
    }

    /// <summary>What is built is not pulled: Compose stops by itself there.</summary>
    private IEnumerable<(string Service, string Image)> Needed(YamlMapping services)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(Reach.Services.IsEmpty ? services.Entries.Select(e => e.Key.Value).Where(s => IsOn(services, s)) : Reach.Services);
        while (open.TryDequeue(out var service))
        {
            if (reached.Add(service) && Reach.Others)
            {
                Others(services, service).ToList().ForEach(open.Enqueue);
            }
        }

        return reached.Where(s => Find(services, s, "build") is null)
            .Select(s => (s, (Find(services, s, "image") as YamlScalar)?.Value))
            .Where(s => s.Value is { Length: > 0 })
            .Select(s => (s.s, s.Value ?? ""));
    }

    private bool IsOn(YamlMapping services, string service)
    {
        var profiles = Texts(Find(services, service, "profiles")).ToList();
        return profiles.Count == 0 || profiles.Any(p => Reach.Profiles.Contains(p));
    }

    /// <summary>Services that Compose starts with it.</summary>
    private static IEnumerable<string> Others(YamlMapping services, string service) =>
    [
        .. Texts(Find(services, service, "depends_on")),
        .. Texts(Find(services, service, "links")).Concat(Texts(Find(services, service, "volumes_from"))).Select(t => t.Split(':')[0]),
        .. ((string[])["network_mode", "ipc", "pid"]).SelectMany(k => Texts(Find(services, service, k))).Where(t => t.StartsWith("service:", StringComparison.Ordinal)).Select(t => t["service:".Length..]),
    ];

    private static YamlNode? Find(YamlMapping services, string service, string key) => (services.Find(service)?.Value as YamlMapping)?.Find(key)?.Value;

    private static IEnumerable<string> Texts(YamlNode? node) => node switch
    {
        YamlScalar text => [text.Value],
        YamlSequence list => list.Items.OfType<YamlScalar>().Select(i => i.Value),
        YamlMapping map => map.Entries.Select(e => e.Key.Value),
        _ => [],
    };
}
