using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;
using Items = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Runbooks.Advisor.Changes;

/// <summary>Compares what Compose made of the files of two revisions.</summary>
internal sealed class ServiceComparison(RevisionState from, RevisionState to, List<Change> changes, List<Gap> gaps)
{
    private readonly ImmutableSortedSet<string> _flags = from.Flags.Union(to.Flags);
    private readonly ImmutableSortedSet<string> _databases = from.Databases.Union(to.Databases);

    public void Compare(ComposeModel a, ComposeModel b)
    {
        if (a.Name != b.Name)
        {
            Add(new Change(ChangeKind.Infrastructure, "service", b.Name, "", $"the Compose project is called {b.Name} and not {a.Name} any more: its containers, networks and volumes are others") { Infrastructure = InfrastructureKind.Compose });
        }

        foreach (var name in a.Services.Keys.Union(b.Services.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            switch (a.Services.GetValueOrDefault(name), b.Services.GetValueOrDefault(name))
            {
                case ({ } was, { } now):
                    Compare(name, was, now, [.. a.Unresolved.Concat(b.Unresolved).Where(u => u.Service == name)]);
                    break;
                case (null, { } now):
                    Add(new Change(ChangeKind.Infrastructure, "service", name, "", $"added{(now.TryGetValue("image", out var image) ? $", with image {Shown(image)}" : "")}") { Infrastructure = InfrastructureKind.Compose });
                    break;
                default:
                    Add(new Change(ChangeKind.Infrastructure, "service", name, "", "removed") { Infrastructure = InfrastructureKind.Compose });
                    break;
            }
        }

        Resources(a, b);
    }

    private void Compare(string service, Items was, Items now, ImmutableArray<UnresolvedValue> unresolved)
    {
        bool IsOpen(string item) => unresolved.Any(u => item == u.Item || item.StartsWith($"{u.Item}.", StringComparison.Ordinal) || item.StartsWith($"{u.Item}[", StringComparison.Ordinal));

        foreach (var open in unresolved)
        {
            gaps.Add(new Gap([.. KindsOf(open.Item)], service, $"{Named(open.Item)} of {service}: {open.Why}"));
        }

        var (left, right) = (was.RemoveRange(was.Keys.Where(IsOpen)), now.RemoveRange(now.Keys.Where(IsOpen)));
        Image(service, left, right);
        foreach (var (item, word) in Differences.OfKeys(left.Remove("image"), right.Remove("image")))
        {
            Add(Difference(service, item, word, left.GetValueOrDefault(item, ""), right.GetValueOrDefault(item, "")));
        }
    }

    private void Image(string service, Items was, Items now)
    {
        var (a, b) = (was.GetValueOrDefault("image", ""), now.GetValueOrDefault("image", ""));
        if (a != b)
        {
            var isData = _databases.Contains(service);
            var isMajor = isData && !ImageReference.IsSameMajor(a, b);
            var text = (a, b) switch
            {
                ("", _) => $"{Shown(b)} instead of one that is only built",
                (_, "") => $"only built, instead of {Shown(a)}",
                _ => $"{Shown(a)} → {Shown(b)}{(isMajor ? ": another major version of what keeps data, whose files the older one may not read" : "")}",
            };
            var kind = isMajor ? ChangeKind.Database : isData ? ChangeKind.Infrastructure : ChangeKind.Application;
            Add(new Change(kind, "image", service, "", text) { Image = (Shown(a), Shown(b)), Infrastructure = isData && !isMajor ? InfrastructureKind.Compose : null });
        }
        else if (a.Length > 0 && ImageReference.IsMoving(a) && !now.Keys.Any(k => k.StartsWith("build", StringComparison.Ordinal)))
        {
            gaps.Add(new Gap([ChangeKind.Application], service, $"image of {service}: {Shown(a)} names another image at another time, so that the files do not say whether it changed"));
        }
    }

    private Change Difference(string service, string item, string word, string was, string now)
    {
        var (key, rest) = Split(item);
        var kind = KindsOf(item)[0];
        return key switch
        {
            "environment" => new Change(kind, "env", service, rest, $"{rest} {word}"),
            "build" => new Change(kind, "build", service, rest, rest.StartsWith("args.", StringComparison.Ordinal) ? $"build argument {rest[5..]} {word}" : $"{rest} {word}{Values(was, now)}"),
            "command" or "entrypoint" => new Change(kind, "command", service, key, $"{key} {word}"),
            "configs" or "secrets" => new Change(kind, "config", service, rest, $"{key[..^1]} {rest} {word}"),
            "volumes" => new Change(kind, "volume", service, rest, $"mount at {rest} {word}{Values(was, now)}") { Infrastructure = kind == ChangeKind.Infrastructure ? InfrastructureKind.Volume : null },
            "ports" => new Change(kind, "port", service, rest, $"{rest} {word}") { Infrastructure = InfrastructureKind.Compose },
            "networks" or "network_mode" => new Change(kind, "network", service, rest, $"{(rest.Length > 0 ? rest : key)} {word}{Values(was, now)}") { Infrastructure = InfrastructureKind.Network },
            _ => new Change(kind, IsLimit(item) ? "limit" : kind == ChangeKind.Application ? "image" : "service", service, item, $"{item} {word}{Values(was, now)}") { Infrastructure = kind == ChangeKind.Infrastructure ? InfrastructureKind.Compose : null },
        };
    }

    private void Resources(ComposeModel a, ComposeModel b)
    {
        foreach (var name in a.Resources.Keys.Union(b.Resources.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (was, now) = (a.Resources.GetValueOrDefault(name), b.Resources.GetValueOrDefault(name));
            var (section, subject) = Split(name);
            var (kind, infrastructure) = section switch
            {
                "networks" => (ChangeKind.Infrastructure, InfrastructureKind.Network),
                "volumes" => (ChangeKind.Infrastructure, InfrastructureKind.Volume),
                _ => (ChangeKind.Configuration, (InfrastructureKind?)null),
            };
            var text = (was, now) switch
            {
                (null, _) => $"{section[..^1]} added",
                (_, null) => $"{section[..^1]} removed",
                _ => string.Join(", ", Differences.OfKeys(was, now).Where(d => d.Name != "name" || a.Name == b.Name).Select(d => $"{d.Name} {d.Word}{Values(was.GetValueOrDefault(d.Name, ""), now.GetValueOrDefault(d.Name, ""))}")),
            };
            if (text.Length > 0)
            {
                Add(new Change(kind, section is "networks" ? "network" : section is "volumes" ? "volume" : "config", subject, "", text) { Infrastructure = infrastructure });
            }
        }
    }

    /// <summary>What a difference of an item is, or could be.</summary>
    private ImmutableArray<ChangeKind> KindsOf(string item)
    {
        var (key, rest) = Split(item);
        return key switch
        {
            "image" or "build" or "platform" or "pull_policy" => [ChangeKind.Application],
            "environment" when rest.Length == 0 => [ChangeKind.Configuration, ChangeKind.FeatureFlag],
            "environment" => [IsFlag(rest) ? ChangeKind.FeatureFlag : ChangeKind.Configuration],
            "command" or "entrypoint" or "configs" or "secrets" => [ChangeKind.Configuration],
            "*" => Gap.OfCompose,
            _ => [ChangeKind.Infrastructure],
        };
    }

    private bool IsFlag(string variable) => _flags.Contains(variable) || FlagNames.IsOne(variable);

    private static bool IsLimit(string item) => item.StartsWith("deploy.resources", StringComparison.Ordinal) || item.StartsWith("ulimits", StringComparison.Ordinal)
        || item.StartsWith("cpu", StringComparison.Ordinal) || item.StartsWith("mem", StringComparison.Ordinal) || item is "pids_limit" or "shm_size";

    private static (string Key, string Below) Split(string item)
    {
        var at = item.AsSpan().IndexOfAny('.', '[');
        return at < 0 ? (item, "") : (item[..at], item[at] == '[' && item[^1] == ']' ? item[(at + 1)..^1] : item[(at + 1)..]);
    }

    private static string Named(string item) => Split(item) switch
    {
        ("environment", { Length: > 0 } name) => $"variable {name}",
        ("*", _) => "everything",
        var (key, rest) => rest.Length > 0 ? $"{key} {rest}" : key,
    };

    private static string Values(string was, string now) => IsShown(was) && IsShown(now) && was.Length + now.Length > 0 ? $": {Or(was)} → {Or(now)}" : "";

    /// <summary>Nothing in which a value of a variable can be, and nothing long.</summary>
    private static bool IsShown(string text) => text.Length < 120 && !text.Contains("hmac:", StringComparison.Ordinal);

    private static string Shown(string image) => IsShown(image) || !image.Contains("hmac:", StringComparison.Ordinal) ? image : "an image whose name holds a secret";

    private static string Or(string text) => text.Length > 0 ? text : "none";

    private void Add(Change change) => changes.Add(change);
}
