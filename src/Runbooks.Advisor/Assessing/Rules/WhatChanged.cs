using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>What is another thing than it was with the good release.</summary>
internal static class WhatChanged
{
    public static void Apply(Draft draft)
    {
        if (draft.Good is not { } good)
        {
            if (draft.Get<ReleasesReading>() is { } record)
            {
                draft.TellUnknown(FactKeys.Changes, record.Source, record.At, "there is no release that was verified to be well, with which what runs could be compared");
            }

            return;
        }

        var model = draft.Get<ReleasesReading>()?.Models.GetValueOrDefault(good.Release.Id);
        var (running, files) = (draft.Get<RunningReading>(), draft.Get<FilesReading>());
        var report = SchemaChanges.AddTo(Mounted(draft, DeployedChanges.Between(good, model, running, files, draft.Subject)), draft);
        draft.Report = report;
        draft.Facts = draft.Facts with
        {
            Changes = report.AreKindsComplete ? report.Kinds : null,
            Migrations = draft.Facts.Migrations is { } known ? [.. known, .. ChangeFacts.NewServers(report)] : null,
            Infrastructure = ChangeFacts.Infrastructure(report),
            Components = ChangeFacts.Components(report),
            Configuration = ChangeFacts.Configuration(report),
            Flags = ChangeFacts.Flags(report),
        };
        Tell(draft, good, report, [.. new Reading?[] { running, files }.OfType<Reading>()]);
    }

    /// <summary>A file that was put back does not take back what a container still has of it.</summary>
    private static ChangeReport Mounted(Draft draft, ChangeReport report)
    {
        foreach (var mounted in draft.Readings.OfType<MountedReading>().Where(m => !m.IsSame))
        {
            var isChanged = report.Changes.Any(c => c.Area == "config" && (c.Item == mounted.File || c.Subject == mounted.File));
            draft.Tell(FactKeys.Configuration, mounted, $"{mounted.File}: the container of {mounted.Service} has another one than the file is now", "the file was replaced after the container was started: only a new container gets it");
            if (!isChanged)
            {
                var change = new Change(ChangeKind.Configuration, "config", mounted.Service, mounted.File, $"the container of {mounted.Service} has another {mounted.File} than the file is now") { Inside = mounted.Inside };
                report = report with { Changes = [.. report.Changes.Append(change).OrderBy(c => c.Kind)] };
            }
        }

        return report;
    }

    private static void Tell(Draft draft, ReleaseState good, ChangeReport report, ImmutableArray<Reading> readings)
    {
        var at = readings.IsEmpty ? draft.Outcomes.Max(o => o.At) : readings.Max(r => r.At);
        var source = $"what is there, compared with release {good.Release.Id}";
        foreach (var change in report.Changes.Where(c => c.Area != "migration"))
        {
            draft.Tell(FactKeys.Changes, source, at, $"{change.Area} {change.Subject}: {change.Text}", FactWords.Of(change.Kind));
        }

        foreach (var file in report.Files)
        {
            draft.Tell(FactKeys.Changes, source, at, $"{file.Path} {file.Text}", file.Role == "env" ? "a file with variables" : $"a {file.Role} file");
        }

        foreach (var gap in report.Unknown)
        {
            draft.TellUnknown(gap.Could is [ChangeKind.Database] ? FactKeys.Migrations : FactKeys.Changes, source, at, $"{gap.Why} (could be {string.Join(", ", gap.Could.Select(FactWords.Of))})");
        }

        if (report.Changes.IsEmpty && report.Unknown.IsEmpty)
        {
            draft.Tell(FactKeys.Changes, source, at, "images, variables, mounts, networks, ports and files are the same",
                "nothing changed since it was verified; when this release is to blame all the same: 'runbook release bad current --reason …', and assess again");
        }
    }
}
