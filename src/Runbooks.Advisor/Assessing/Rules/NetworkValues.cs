using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Advisor.Changes;
using Runbooks.Engine.Releases;
using Items = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>What has to be said of networks before they can go back: which are made anew, which go, and who must reach whom afterwards.</summary>
internal static partial class NetworkValues
{
    private const string Section = "networks.";
    private const int MostPairs = 10;

    /// <summary>Networks that are there and were others, by their whole names.</summary>
    public static IEnumerable<string> Changed(ChangeReport report) => report is not { From.Model: { } good, To.Model: { } now } ? []
        : Own(now).Where(n => good.Resources.TryGetValue(n.Key, out var was) && Differences.OfKeys(was.Remove("name"), n.Value.Remove("name")).Any()).Select(n => NameOf(n, now));

    /// <summary>Networks that the good release does not have, by their whole names.</summary>
    public static IEnumerable<string> Added(ChangeReport report) => report is not { From.Model: { } good, To.Model: { } now } ? []
        : Own(now).Where(n => !good.Resources.ContainsKey(n.Key)).Select(n => NameOf(n, now));

    /// <summary>Services that depend on one another and were on one network with the good release, as FROM/TO:PORT; only ports that its Compose files name.</summary>
    public static IEnumerable<string> Pairs(ChangeReport report)
    {
        if (report.From.Model is not { } good)
        {
            return [];
        }

        return good.Services.SelectMany(from => Below(from.Value, "depends_on.")
            .Where(to => good.Services.TryGetValue(to, out var other) && Below(from.Value, Section).Intersect(Below(other, Section), StringComparer.Ordinal).Any())
            .SelectMany(to => PortsOf(good.Services[to]).Take(1).Select(port => $"{from.Key}/{to}:{port}"))).Take(MostPairs);
    }

    private static IEnumerable<KeyValuePair<string, Items>> Own(ComposeModel model) => model.Resources.Where(r => r.Key.StartsWith(Section, StringComparison.Ordinal) && r.Value.GetValueOrDefault("external") != "True");

    private static string NameOf(KeyValuePair<string, Items> network, ComposeModel model) => network.Value.GetValueOrDefault("name") is { Length: > 0 } name ? name : $"{model.Name}_{network.Key[Section.Length..]}";

    private static IEnumerable<string> Below(Items items, string prefix) => items.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && k.IndexOf('.', prefix.Length) < 0).Select(k => k[prefix.Length..]);

    private static IEnumerable<string> PortsOf(Items service) => service.Keys.Select(k => Port().Match(k)).Where(m => m.Success).Select(m => m.Groups["port"].Value);

    [GeneratedRegex(@"^(expose\[(?<port>[0-9]+)(/tcp)?\]|ports\[(.*:)?(?<port>[0-9]+)/tcp( .*)?\])$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Port();
}
