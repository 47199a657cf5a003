using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Checks.Http;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Ports;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Probes;

/// <summary>What the addresses answer where the services say that they are well; of those that name none, their published ports.</summary>
public sealed class HttpProbe : IProbe
{
    private const int LongestLine = 200;
    private const int MostAddresses = 20;
    private const string Unpublished = "which ports the containers publish was not known in time: only the addresses that the project names were asked";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => "http";

    public string Source => "GET the addresses of the services";

    public ImmutableArray<string> Facts => [FactKeys.Traffic, FactKeys.SystemState];

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        // The containers need not be known to ask what the project names.
        var declared = await Task.WhenAll([.. Declared(sight).Take(MostAddresses).Select(a => AskAsync(a.Service, a.Check.Request.Url.Reveal(), a.Check, sight, cancel))]);
        if (await sight.InTimeAsync(PublishedAsync(sight, cancel), cancel) is not { } containers)
        {
            return new ProbeAnswer([.. declared], [Unpublished]);
        }

        var published = containers.Where(c => declared.All(d => d.Service != c.Service)).Take(MostAddresses - declared.Length);
        var answers = await Task.WhenAll([.. published.Select(p => AskAsync(p.Service, $"http://127.0.0.1:{p.Port}/", null, sight, cancel))]);
        return declared.Length + answers.Length == 0
            ? ProbeAnswer.Unknown("the project names no 'health' address, and none of its services publishes a port that could be asked")
            : ProbeAnswer.Of([.. declared, .. answers]);
    }

    private static IEnumerable<(string Service, HttpCheck Check)> Declared(Sight sight) => (sight.Playbook?.Plan.Validations ?? []).Select(v => v.Question).OfType<HttpCheck>()
        .DistinctBy(c => c.Request.Url.Reveal())
        .Select(c => (sight.Subject.Services.FirstOrDefault(s => s.Health == c.Request.Url.Reveal())?.Name ?? "", c));

    private static async Task<IEnumerable<(string Service, int Port)>> PublishedAsync(Sight sight, CancellationToken cancel)
    {
        var answer = await sight.ContainersAsync(cancel);
        return answer.Problem is not null ? []
            : answer.Value.Select(c => (Service: c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, c.Name), c.PublishedPorts))
                .Where(c => !c.PublishedPorts.IsEmpty && sight.Subject.KindOf(c.Service) is ServiceKind.Application or ServiceKind.Proxy)
                .Select(c => (c.Service, c.PublishedPorts[0])).Distinct();
    }

    private static async Task<HttpReading> AskAsync(string service, string url, HttpCheck? check, Sight sight, CancellationToken cancel)
    {
        var answer = await sight.Ports.Network.SendAsync(new HttpSpec("GET", url) { Timeout = Patience, FollowRedirects = check?.FollowRedirects == true }, cancel);
        var at = sight.Now;
        // What has to be hidden is known with the containers, and has to be hidden before a line is cut.
        await sight.InTimeAsync(sight.ContainersAsync(cancel), cancel);
        var first = sight.Mask(Encoding.UTF8.GetString(answer.Body.Span)).Split('\n').FirstOrDefault(l => l.Trim().Length > 0) ?? "";
        var isClosed = answer.Status == 503 && sight.Subject.KindOf(service) == ServiceKind.Proxy && answer.Headers.Any(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase));
        return new HttpReading($"GET {url}", at, service, url, check is not null)
        {
            Status = answer.Status is >= 100 and < 600 ? answer.Status : null,
            IsClosed = isClosed,
            IsWell = isClosed ? null : answer.Status is { } status ? check is null ? status >= 500 ? false : null : check.Accepted.Any(a => a.Contains(status)) : null,
            FirstLine = Phrases.Line(first, LongestLine),
            Elapsed = answer.Elapsed,
            Problem = answer.Status is null ? answer.Problem ?? "the request could not be sent" : answer.Status is < 100 or >= 600 ? $"the answer is no HTTP: status {answer.Status}" : "",
            IsDown = answer.IsDown,
        };
    }
}
