using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Changes;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;
using ChangeKind = Runbooks.Advisor.Situations.ChangeKind;

namespace Runbooks.Advisor.Assessing;

/// <summary>
/// What changed from a recorded release to what is there now, told from both sides: what Compose makes of the files, and what runs. Either alone is not enough: a tag that moved is in no
/// file, and a limit is in no container's variables.
/// </summary>
internal static class DeployedChanges
{
    public static ChangeReport Between(ReleaseState good, ComposeModel? goodModel, RunningReading? running, FilesReading? files, Subject subject)
    {
        var from = StateOf(good.Release, goodModel, good.Release.Id, subject, $"of release {good.Release.Id}");
        var to = files is null
            ? new RevisionState("now", "") { Unknown = [new Gap([ChangeKind.Configuration, ChangeKind.Infrastructure], subject.Directory, "the files of the project could not be read")] }
            : StateOf(files.Files, files.Model, "now", subject, "as they are now");
        var report = ChangeComparison.Between(from, to);
        return running is null
            ? report with { Unknown = report.Unknown.Add(new Gap([.. Enum.GetValues<ChangeKind>()], subject.Name, "what runs is not known")) }
            : new RunningComparison(good.Release, running.Running, report, subject).Report;
    }

    private static RevisionState StateOf(Release release, ComposeModel? model, string name, Subject subject, string which)
    {
        var gaps = ImmutableArray.CreateBuilder<Gap>();
        if (model is null)
        {
            // Images, variables, commands, mounts, networks and ports are seen in what runs.
            gaps.Add(new Gap([ChangeKind.Infrastructure], name, $"what Compose makes of the files {which} is not known: limits, health checks and services without a container are not compared"));
        }

        foreach (var file in release.Files.Where(f => f.Sha256 is null))
        {
            gaps.Add(new Gap([ChangeKind.Configuration], file.Path, $"{file.Path} {which} is not known: {file.Why}"));
        }

        var config = (subject.Project?.Config ?? []).ToImmutableSortedSet(StringComparer.Ordinal);
        return new RevisionState(name, release.Git?.Commit ?? "")
        {
            Model = model,
            Files = release.Files.Where(f => f.Sha256 is not null).ToImmutableSortedDictionary(f => f.Path, f => f.Sha256 ?? "", StringComparer.Ordinal),
            ComposeFiles = [.. release.Files.Select(f => f.Path).Where(p => !config.Contains(p))],
            EnvFiles = release.EnvFiles,
            Config = config,
            Databases = [.. subject.Services.Where(s => s.Kind == ServiceKind.Database).Select(s => s.Name)],
            Flags = [.. subject.Project?.Flags ?? []],
            Unknown = gaps.ToImmutable(),
        };
    }
}
