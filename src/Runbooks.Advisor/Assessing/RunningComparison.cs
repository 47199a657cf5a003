using System.Collections.Immutable;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;
using ChangeKind = Runbooks.Advisor.Situations.ChangeKind;

namespace Runbooks.Advisor.Assessing;

/// <summary>Adds to what the files say what only the containers show: a tag that moved, a variable that was given by hand.</summary>
internal sealed class RunningComparison
{
    private const int ShownId = 12;

    private readonly List<Change> _changes;
    private readonly Subject _subject;
    private readonly ImmutableSortedSet<string> _known;

    public RunningComparison(Release good, Release running, ChangeReport fromFiles, Subject subject)
    {
        (_changes, _subject) = ([.. fromFiles.Changes], subject);
        var now = running.Services.ToDictionary(s => s.Name, StringComparer.Ordinal);
        var both = good.Services.Where(s => now.ContainsKey(s.Name)).ToImmutableArray();
        _known = [.. both.Where(s => !now[s.Name].IsMixed).Select(s => s.Name)];
        foreach (var was in both)
        {
            Compare(was, now[was.Name]);
        }

        Report = fromFiles with
        {
            Changes = [.. _changes.OrderBy(c => c.Kind)],
            // Which image runs is known by its id, whatever its name says.
            Unknown = [.. fromFiles.Unknown.Where(g => g.Could is not [ChangeKind.Application] || !_known.Contains(g.Subject))],
        };
    }

    public ChangeReport Report { get; }

    private void Compare(ServiceSnapshot was, ServiceSnapshot now)
    {
        var isOther = was.ImageId != now.ImageId;
        if (isOther && !Has("image", was.Name))
        {
            var isData = _subject.KindOf(was.Name) == ServiceKind.Database;
            Add(new Change(isData ? ChangeKind.Infrastructure : ChangeKind.Application, "image", was.Name, "", was.Reference == now.Reference
                ? $"{now.Reference} is another image now: {Short(was.ImageId)} → {Short(now.ImageId)}"
                : $"{was.Reference} → {now.Reference}")
            {
                Image = (was.Reference, now.Reference),
                Infrastructure = isData ? InfrastructureKind.Compose : null,
            });
        }

        if (!isOther && !now.IsMixed && was.ImageId.Length > 0)
        {
            // Another name for the image that was well, as after a rollback to its digest, is no other image. What the files name and nobody has deployed is one.
            _changes.RemoveAll(c => c.Area == "image" && c.Subject == was.Name && c.Image.Now == now.Reference);
        }

        if (isOther)
        {
            // Variables, command and volumes of its own come with an image.
            return;
        }

        foreach (var (name, word) in Differences.OfKeys(was.Environment, now.Environment))
        {
            if (!Has("env", was.Name, name))
            {
                Add(new Change(IsFlag(name) ? ChangeKind.FeatureFlag : ChangeKind.Configuration, "env", was.Name, name, $"{name} {word}, by what runs"));
            }
        }

        if (was.Command != now.Command && !Has("command", was.Name))
        {
            Add(new Change(ChangeKind.Configuration, "command", was.Name, "command", "what is started in it changed, by what runs"));
        }

        Sets("volume", was.Name, InfrastructureKind.Volume, Differences.OfSets(was.Mounts.Select(Shown), now.Mounts.Select(Shown)));
        Sets("network", was.Name, InfrastructureKind.Network, Differences.OfSets(was.Networks, now.Networks));
        if (!now.Ports.IsEmpty)
        {
            // A container that does not run publishes nothing.
            Sets("port", was.Name, InfrastructureKind.Compose, Differences.OfPorts(was.Ports, now.Ports));
        }
    }

    private void Sets(string area, string service, InfrastructureKind kind, IEnumerable<string> texts)
    {
        if (Has(area, service))
        {
            return;
        }

        foreach (var text in texts)
        {
            Add(new Change(ChangeKind.Infrastructure, area, service, "", $"{text}, by what runs") { Infrastructure = kind });
        }
    }

    private bool Has(string area, string service, string item = "") => _changes.Any(c => c.Area == area && c.Subject == service && (item.Length == 0 || c.Item == item));

    private bool IsFlag(string variable) => _subject.Project?.Flags.Contains(variable) == true || FlagNames.IsOne(variable);

    private static string Shown(ReleasedMount mount) => $"{mount.Target} ({mount.Type}{(mount.Source.Length > 0 ? $" {mount.Source}" : "")}{(mount.IsReadOnly ? ", read-only" : "")})";

    private static string Short(string id) => id.StartsWith("sha256:", StringComparison.Ordinal) && id.Length > 7 + ShownId ? id[7..(7 + ShownId)] : id;

    private void Add(Change change) => _changes.Add(change);
}
