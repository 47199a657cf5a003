using System.Collections.Immutable;

namespace Runbooks.Engine.Releases;

/// <summary>One thing in which two releases differ.</summary>
/// <param name="Area">image, env, command, mounts, networks, ports, containers, config, model, database, version, git or service.</param>
/// <param name="Subject">The service, file or database.</param>
/// <param name="Text">What differs; never a value of a variable.</param>
public sealed record ReleaseDifference(string Area, string Subject, string Text);

/// <summary>What differs between two releases.</summary>
public static class ReleaseDiff
{
    private const int ShownHash = 12;

    /// <summary>From the one to the other. What a git commit says is not a difference of what is deployed, and comes last.</summary>
    public static ImmutableArray<ReleaseDifference> Of(Release from, Release to)
    {
        var all = new List<ReleaseDifference>();
        var (before, after) = (from.Services.ToDictionary(s => s.Name, StringComparer.Ordinal), to.Services.ToDictionary(s => s.Name, StringComparer.Ordinal));
        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            switch (before.GetValueOrDefault(name), after.GetValueOrDefault(name))
            {
                case ({ } a, { } b):
                    Compare(a, b, all);
                    break;
                case (null, { } b):
                    all.Add(new("service", name, $"added, with image {b.Reference}"));
                    break;
                default:
                    all.Add(new("service", name, "removed"));
                    break;
            }
        }

        Compare(from.Files, to.Files, all);
        CompareEnvFiles(from, to, all);
        Compare(from.Schema, to.Schema, all);
        return [.. all];
    }

    /// <summary>What differs in the history of the sources.</summary>
    public static ImmutableArray<ReleaseDifference> OfSources(Release from, Release to) => from.Git == to.Git
        ? []
        : [new("git", "commit", $"{Shown(from.Git)} → {Shown(to.Git)}")];

    private static void Compare(ServiceSnapshot a, ServiceSnapshot b, List<ReleaseDifference> all)
    {
        void Add(string area, string text) => all.Add(new(area, a.Name, text));

        if (a.ImageId != b.ImageId)
        {
            Add("image", a.Reference == b.Reference
                ? $"{a.Reference} is another image now: {Short(a.ImageId)} → {Short(b.ImageId)}"
                : $"{a.Reference} ({Short(a.ImageId)}) → {b.Reference} ({Short(b.ImageId)})");
        }
        else if (a.Reference != b.Reference)
        {
            Add("image", $"{a.Reference} → {b.Reference}: the same image under another name");
        }

        foreach (var text in Keys(a.Environment, b.Environment))
        {
            Add("env", text);
        }

        if (a.Command != b.Command)
        {
            Add("command", "what is started in it changed");
        }

        foreach (var (area, texts) in (ReadOnlySpan<(string, IEnumerable<string>)>)
            [
                ("mounts", Differences.OfSets(a.Mounts.Select(Shown), b.Mounts.Select(Shown))),
                ("networks", Differences.OfSets(a.Networks, b.Networks)),
                ("ports", Differences.OfPorts(a.Ports, b.Ports)),
            ])
        {
            foreach (var text in texts)
            {
                Add(area, text);
            }
        }

        if (a.Containers != b.Containers)
        {
            Add("containers", $"{a.Containers} → {b.Containers}");
        }

        if (a.Version != b.Version)
        {
            Add("version", $"{Or(a.Version)} → {Or(b.Version)}");
        }
    }

    private static void Compare(ImmutableArray<ReleasedFile> from, ImmutableArray<ReleasedFile> to, List<ReleaseDifference> all)
    {
        foreach (var path in from.Concat(to).Select(f => f.Path).Distinct(StringComparer.Ordinal))
        {
            var (a, b) = (from.FirstOrDefault(f => f.Path == path), to.FirstOrDefault(f => f.Path == path));
            if (a?.Sha256 != b?.Sha256 || a is null != b is null)
            {
                all.Add(new("config", path, (a, b) switch
                {
                    (null, _) => "added",
                    (_, null) => "no longer part of it",
                    ({ Sha256: null }, _) or (_, { Sha256: null }) => "cannot be compared: it could not be read",
                    _ => $"its bytes changed: {a.Sha256[..ShownHash]} → {b.Sha256[..ShownHash]}",
                }));
            }
        }
    }

    private static void CompareEnvFiles(Release from, Release to, List<ReleaseDifference> all)
    {
        foreach (var path in from.EnvFiles.Concat(to.EnvFiles).Select(f => f.Path).Distinct(StringComparer.Ordinal))
        {
            var (a, b) = (from.EnvFiles.FirstOrDefault(f => f.Path == path)?.Values, to.EnvFiles.FirstOrDefault(f => f.Path == path)?.Values);
            var empty = ImmutableSortedDictionary<string, string>.Empty;
            all.AddRange(Keys(a ?? empty, b ?? empty).Select(text => new ReleaseDifference("env", path, text)));
        }
    }

    private static void Compare(ReleasedSchema? from, ReleasedSchema? to, List<ReleaseDifference> all)
    {
        if (from is null && to is null)
        {
            return;
        }

        var (a, b) = (Shown(from), Shown(to));
        if (a != b)
        {
            all.Add(new("database", to?.Database ?? from?.Database ?? "", $"{a} → {b}"));
        }

        if (from?.Server != to?.Server)
        {
            all.Add(new("version", to?.Database ?? from?.Database ?? "", $"{Or(from?.Server ?? "")} → {Or(to?.Server ?? "")}"));
        }
    }

    private static IEnumerable<string> Keys(ImmutableSortedDictionary<string, string> from, ImmutableSortedDictionary<string, string> to) =>
        Differences.OfKeys(from, to).Select(d => $"{d.Name} {d.Word}");

    private static string Shown(ReleasedMount mount) => $"{mount.Type} {mount.Source} at {mount.Target}{(mount.IsReadOnly ? " (read-only)" : "")}";

    private static string Shown(ReleasedSchema? schema) => schema is null ? "unknown"
        : $"{(schema.Heads.IsEmpty ? "no migration" : string.Join(" and ", schema.Heads))}{(schema.Unfinished.IsEmpty ? "" : $" ({string.Join("; ", schema.Unfinished)})")}";

    private static string Shown(GitState? git) => git is null ? "unknown" : $"{git.Commit[..Math.Min(ShownHash, git.Commit.Length)]}{(git.IsDirty == true ? " with changes that are in no commit" : "")}";

    private static string Short(string imageId) => imageId.StartsWith("sha256:", StringComparison.Ordinal) && imageId.Length > 7 + ShownHash ? imageId[7..(7 + ShownHash)] : imageId;

    private static string Or(string text) => text.Length > 0 ? text : "unknown";
}
