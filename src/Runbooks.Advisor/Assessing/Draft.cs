using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;

namespace Runbooks.Advisor.Assessing;

/// <summary>An assessment while it is made: what was seen, and what follows from it so far.</summary>
internal sealed class Draft
{
    private const string ServiceLabel = "com.docker.compose.service";

    private readonly List<Finding> _findings = [];
    private readonly List<string> _contradictions = [];

    private readonly Func<string, string> _mask;

    public Draft(Subject subject, ImmutableArray<ProbeOutcome> outcomes, Func<string, string> mask)
    {
        _mask = mask;
        (Subject, Outcomes) = (subject, outcomes);
        Readings = [.. outcomes.SelectMany(o => o.Readings)];
        Services = [.. SightsOf(subject, Get<ContainersReading>())];
    }

    public Subject Subject { get; }

    public ImmutableArray<ProbeOutcome> Outcomes { get; }

    public ImmutableArray<Reading> Readings { get; }

    /// <summary>The services that count: those that are expected, and those that were found. Empty when the engine said nothing.</summary>
    public ImmutableArray<ServiceSight> Services { get; }

    public Facts Facts { get; set; } = Facts.None;

    /// <summary>The release to which it could be gone back, and with which all is compared; null when there is none, or it cannot be told.</summary>
    public ReleaseState? Good { get; set; }

    /// <summary>Null when there is nothing to compare with.</summary>
    public ChangeReport? Report { get; set; }

    /// <summary>When the trouble was first seen; null when that is not known.</summary>
    public DateTimeOffset? TroubleSince { get; set; }

    /// <summary>The dump from before the migrations, as people write its path; empty when none is known.</summary>
    public string Dump { get; set; } = "";

    /// <summary>The image to go back to that is not on this machine, by its digest; empty when none is missing, several are, or no digest is known.</summary>
    public string Fetch { get; set; } = "";

    public IReadOnlyList<Finding> Findings => _findings;

    public IReadOnlyList<string> Contradictions => _contradictions;

    /// <summary>The first reading of its kind.</summary>
    public T? Get<T>()
        where T : Reading => Readings.OfType<T>().FirstOrDefault();

    /// <summary>It was looked in the right place, and no container is left of what is on record as deployed.</summary>
    public bool IsTakenDown => Get<ContainersReading>() is { Containers.IsEmpty: true, Elsewhere.IsEmpty: true, Project.Length: > 0 } && Get<ReleasesReading>() is { History.Current: not null };

    /// <summary>Why a probe saw nothing; empty when it was not asked, or saw something.</summary>
    public string WhyNot(string probe) => Outcomes.FirstOrDefault(o => o.Probe == probe) is { Problems: [var first, ..] } ? first : "";

    public void Tell(string fact, Reading reading, string value, string means = "") => Tell(fact, reading.Source, reading.At, value, means);

    public void Tell(string fact, string source, DateTimeOffset at, string value, string means = "") => _findings.Add(new Finding(fact, _mask(source), at, _mask(value), _mask(means)));

    public void TellUnknown(string fact, string source, DateTimeOffset at, string why)
    {
        if (!_findings.Exists(f => f.Fact == fact && f.Value == _mask(why)))
        {
            _findings.Add(new Finding(fact, _mask(source), at, _mask(why), "unknown") { IsKnown = false });
        }
    }

    /// <summary>A text holds something that may be shown nowhere.</summary>
    public bool Hides(string text) => _mask(text) != text;

    /// <summary>A text without what may be shown nowhere.</summary>
    public string Shown(string text) => _mask(text);

    /// <summary>Two kinds of evidence that do not go together.</summary>
    public void Contradict(string what) => _contradictions.Add(_mask(what));

    /// <summary>The services of the application: what people use, and what works for it.</summary>
    public IEnumerable<ServiceSight> Applications => Services.Where(s => s.Kind != ServiceKind.Database);

    /// <summary>The services that people are served by; where there is none, those of the application.</summary>
    public IEnumerable<ServiceSight> Served => Services.Any(s => s.Kind is ServiceKind.Application or ServiceKind.Proxy) ? Services.Where(s => s.Kind is ServiceKind.Application or ServiceKind.Proxy) : Applications;

    /// <summary>The services that the release changed.</summary>
    public ImmutableHashSet<string> Changed => [.. (Report?.Changes ?? []).Where(c => c.Area != "migration").Select(c => c.Subject)];

    private static IEnumerable<ServiceSight> SightsOf(Subject subject, ContainersReading? seen)
    {
        if (seen is null)
        {
            return [];
        }

        var groups = seen.Containers.ToLookup(c => c.Labels.GetValueOrDefault(ServiceLabel, c.Name), StringComparer.Ordinal);
        var named = subject.Services.Select(s => s.Name).ToImmutableArray();
        return
        [
            .. named.Select(n => new ServiceSight(n, subject.KindOf(n), [.. groups[n]], seen.At)),
            // What the project does not name may end by itself.
            .. groups.Where(g => !named.Contains(g.Key)).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new ServiceSight(g.Key, subject.KindOf(g.Key), [.. g], seen.At)).Where(s => s.Trouble != Trouble.Ended),
        ];
    }
}
