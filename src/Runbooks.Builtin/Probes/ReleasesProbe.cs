using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Probes;

/// <summary>Which releases are on record, and which of them were verified to be well.</summary>
public sealed class ReleasesProbe : IProbe
{
    public string Name => "releases";

    public string Source => "runbook release list";

    public ImmutableArray<string> Facts => [FactKeys.PreviousReleaseAvailable, FactKeys.Changes];

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.History.History is not { } history)
        {
            return Task.FromResult(ProbeAnswer.Unknown(sight.History.Problem));
        }

        var (models, problems) = (ImmutableSortedDictionary.CreateBuilder<string, ComposeModel>(StringComparer.Ordinal), ImmutableArray.CreateBuilder<string>());
        foreach (var release in sight.Candidates.Select(r => r.Release))
        {
            if (release.Model is not { } kept)
            {
                continue;
            }

            cancel.ThrowIfCancellationRequested();
            var (bytes, problem) = ReleaseFiles.Kept(sight.Store, kept.Sha256, sight.Ports.Files);
            if (bytes is not null && RecordedModel.Read(bytes, sight.Subject.Directory, release.Project) is { } model)
            {
                models[release.Id] = model;
            }
            else
            {
                problems.Add($"what Compose made of the files of release {release.Id}: {(problem.Length > 0 ? problem : "what was kept is no model of Compose")}");
            }
        }

        return Task.FromResult(new ProbeAnswer([new ReleasesReading(Source, sight.Now, history) { Models = models.ToImmutable() }], problems.ToImmutable()));
    }
}
