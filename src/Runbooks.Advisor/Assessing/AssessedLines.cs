using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing;

/// <summary>The handbook's questions, answered in one sentence each from what is known.</summary>
internal static class AssessedLines
{
    private static readonly ImmutableArray<(string Name, ImmutableArray<string> Facts, Func<Draft, string> Answer)> All =
    [
        ("component", [FactKeys.Components, FactKeys.Changes, FactKeys.Configuration, FactKeys.Flags, FactKeys.Infrastructure, FactKeys.GitDirty], Component),
        ("failure time", [FactKeys.FailureTime, FactKeys.CauseInRelease], FailureTimeOf),
        ("system state", [FactKeys.Deployed, FactKeys.OtherFolder, FactKeys.SystemState, FactKeys.ProbeBroken, FactKeys.DiskFull], SystemStateOf),
        ("traffic", [FactKeys.Traffic], TrafficOf),
        ("data changes", [FactKeys.Migrations, FactKeys.SchemaCompatible, FactKeys.VolumeNewerThanEngine, FactKeys.BackupAvailable, FactKeys.DatabaseBusy], DataChanges),
        ("way back", [FactKeys.PreviousReleaseAvailable, FactKeys.TargetImagePresent, FactKeys.TargetImagePullable, FactKeys.Tried], WayBack),
        ("who interferes", [FactKeys.OtherActors, FactKeys.Swarm], Actors),
    ];

    public static ImmutableArray<AssessedLine> Of(Draft draft) =>
        [.. All.Select(l => new AssessedLine(l.Name, l.Answer(draft), [.. l.Facts.SelectMany(f => draft.Findings.Where(x => x.Fact == f)).DistinctBy(f => (f.Source, f.Value, f.IsKnown)).OrderByDescending(f => f.IsKnown)]))];

    private static string Component(Draft draft)
    {
        var ill = draft.Services.Where(s => s.Trouble is not (Trouble.None or Trouble.Starting)).Select(s => s.Name)
            .Concat(draft.Readings.OfType<HttpReading>().Where(a => a.Service.Length > 0 && (a.IsWell == false || a.IsDown)).Select(a => a.Service)).Distinct(StringComparer.Ordinal).ToList();
        var what = draft.Facts.Changes switch
        {
            null => draft.Report is { Kinds.IsEmpty: false } report ? $"what changed is not known completely; at least {string.Join(", ", report.Kinds.Select(FactWords.Of))}" : "what changed is unknown",
            [] => "nothing changed since the last release that was well",
            { } kinds => $"{string.Join(", ", kinds.Select(FactWords.Of))} changed",
        };
        return draft.Services.IsEmpty && ill.Count == 0 ? what : ill.Count == 0 ? $"no service is seen to be ill; {what}" : $"{string.Join(", ", ill)} {(ill.Count == 1 ? "is" : "are")} ill; {what}";
    }

    private static string FailureTimeOf(Draft draft) => draft.Facts.FailureTime switch
    {
        FailureTime.Unknown => "unknown",
        var time => FactWords.Of(FactWords.FailureTimes, time) + draft.Facts.CauseInRelease switch
        {
            Answer.Yes => ", and it began with the release",
            Answer.No => ", and the cause is not in the release",
            _ => "",
        },
    };

    private static string SystemStateOf(Draft draft) => draft.Facts.Deployed == Answer.No ? "nothing is deployed"
        : draft.Facts.SystemState == SystemState.Unknown ? "unknown" : FactWords.Of(FactWords.SystemStates, draft.Facts.SystemState);

    private static string TrafficOf(Draft draft) => FactWords.Of(FactWords.Traffic, draft.Facts.Traffic);

    private static string DataChanges(Draft draft) => draft.Facts.Migrations switch
    {
        null => "unknown",
        [] => "no migration was applied",
        { } migrations => $"{(migrations.Length == 1 ? "1 migration was" : $"{migrations.Length} migrations were")} applied: {string.Join(", ", migrations.Select(m => m.Id))}{(draft.Facts.BackupAvailable == Answer.Yes ? "; a verified backup from before is on record" : "")}",
    };

    private static string WayBack(Draft draft) => draft.Good is { } good
        ? $"release {good.Release.Id}, verified at {Times.Shown(good.VerifiedAt)}; {draft.Facts.TargetImagePresent switch { Answer.Yes => "its images are there", Answer.No => $"an image of it is gone from this machine, {Registry(draft)}", _ => "whether its images are there is unknown" }}{TriedIn(draft)}"
        : draft.Facts.PreviousReleaseAvailable == Answer.No ? "none: no release was well" : "unknown";

    private static string Registry(Draft draft) => draft.Facts.TargetImagePullable switch
    {
        Answer.Yes => "and its registry has it",
        Answer.No => "and its registry does not have it",
        _ => "and whether its registry has it is unknown",
    };

    private static string TriedIn(Draft draft) => string.Concat((draft.Facts.Tried ?? []).Take(1).Select(t => $"; run {t.Run} has tried {t.Playbook}, and it {t.Ended}"));

    private static string Actors(Draft draft) => draft.Facts.OtherActors == Answer.Yes ? "something may bring the failed release back" : draft.Facts.OtherActors == Answer.No ? "nobody" : "unknown";
}
