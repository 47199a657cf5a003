using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Advisor.Tests;

/// <summary>Every combination of what facts can say, as far as it decides.</summary>
internal static class FactSpace
{
    public static readonly ImmutableArray<Answer> Answers = [Answer.Unknown, Answer.No, Answer.Yes];

    /// <summary>Whether the image to go back to is here, and where it is not, whether its registry has it.</summary>
    public static readonly ImmutableArray<(Answer Present, Answer Pullable)> Images =
    [
        (Answer.Unknown, Answer.Unknown), (Answer.Yes, Answer.Unknown), (Answer.No, Answer.Unknown), (Answer.No, Answer.No), (Answer.No, Answer.Yes),
    ];

    /// <summary>Every set of changes, and not knowing them.</summary>
    public static readonly ImmutableArray<ImmutableArray<ChangeKind>?> Changes =
    [
        null,
        .. Enumerable.Range(0, 1 << 5).Select(bits => (ImmutableArray<ChangeKind>?)[.. Enum.GetValues<ChangeKind>().Where(k => (bits & (1 << (int)k)) != 0)]),
    ];

    public static readonly ImmutableArray<ImmutableArray<Migration>?> Migrations =
    [
        null,
        ImmutableArray<Migration>.Empty,
        [new("0001", Answer.Yes, DataLoss.None)],
        [new("0001", Answer.Yes, DataLoss.Certain)],
        [new("0001", Answer.Yes, DataLoss.None), new("0002", Answer.No, DataLoss.None)],
        [new("0001", Answer.No, DataLoss.Certain)],
        [new("0001", Answer.Unknown, DataLoss.Unknown), new("0002", Answer.Yes, DataLoss.Possible)],
    ];

    /// <summary>Reasons to leave the release alone: none of them, each of them, and not knowing.</summary>
    public static readonly ImmutableArray<Func<Facts, Facts>> Outside =
    [
        f => f,
        f => f with { Deployed = Answer.Yes, CauseInRelease = Answer.Yes, DiskFull = Answer.No, ProbeBroken = Answer.No },
        f => f with { Deployed = Answer.No },
        f => f with { OtherFolder = Answer.Yes },
        f => f with { CauseInRelease = Answer.No },
        f => f with { DiskFull = Answer.Yes },
        f => f with { ProbeBroken = Answer.Yes },
    ];

    /// <summary>What decides; more than half a million.</summary>
    public static IEnumerable<Facts> Deciding() =>
        from changes in Changes
        from migrations in Migrations
        from previous in Answers
        from image in Images
        from schema in Answers
        from volume in Answers
        from backup in Answers
        from outside in Outside
        select outside(new Facts
        {
            Changes = changes,
            Migrations = migrations,
            PreviousReleaseAvailable = previous,
            TargetImagePresent = image.Present,
            TargetImagePullable = image.Pullable,
            SchemaCompatible = schema,
            VolumeNewerThanEngine = volume,
            BackupAvailable = backup,
        });

    /// <summary>What is said of the moment, of what stands around, and in detail.</summary>
    public static IEnumerable<Facts> Circumstances() =>
        from changes in Changes
        from migrations in (ImmutableArray<ImmutableArray<Migration>?>)[null, Migrations[2]]
        from when in Enum.GetValues<FailureTime>()
        from state in Enum.GetValues<SystemState>()
        from traffic in Enum.GetValues<Traffic>()
        from actors in Answers
        from swarm in (ImmutableArray<Answer>)[Answer.No, Answer.Yes]
        from image in (ImmutableArray<(Answer Present, Answer Pullable)>)[Images[0], Images[4]]
        select new Facts
        {
            Changes = changes,
            Migrations = migrations,
            PreviousReleaseAvailable = Answer.Yes,
            TargetImagePresent = image.Present,
            TargetImagePullable = image.Pullable,
            FailureTime = when,
            SystemState = state,
            Traffic = traffic,
            OtherActors = actors,
            DatabaseBusy = actors,
            GitDirty = actors,
            Swarm = swarm,
        };

    /// <summary>The playbooks that ship as ways back.</summary>
    public static readonly ImmutableArray<string> Playbooks =
    [
        "app-rollback", "compose-rollback", "config-file-rollback", "db-and-app-rollback", "db-manual-rollback", "db-migration-rollback", "db-restore",
        "env-rollback", "feature-flag-rollback", "network-rollback", "sequential-rollback", "swarm-service-rollback", "volume-rollback",
    ];

    /// <summary>What was tried already: not known, nothing, each way back to no known target, to the very one and to another.</summary>
    public static readonly ImmutableArray<ImmutableArray<TriedRollback>?> TriedBefore =
    [
        null,
        ImmutableArray<TriedRollback>.Empty,
        .. from playbook in Playbooks
           from target in (string[])["", "v1", "v0"]
           select (ImmutableArray<TriedRollback>?)[Tried(playbook, target)],
    ];

    public static TriedRollback Tried(string playbook, string version, TriedEnd end = TriedEnd.Undone) =>
        new(playbook, "run-7", end, version.Length > 0 ? ImmutableSortedDictionary<string, string>.Empty.Add("version", version) : ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>What was run before, in every situation that has a way back.</summary>
    public static IEnumerable<Facts> Repeated() =>
        from changes in Changes
        from migrations in Migrations
        from schema in Answers
        from backup in Answers
        from swarm in (ImmutableArray<Answer>)[Answer.No, Answer.Yes]
        from tried in TriedBefore
        select new Facts
        {
            Changes = changes,
            Migrations = migrations,
            PreviousReleaseAvailable = Answer.Yes,
            SchemaCompatible = schema,
            BackupAvailable = backup,
            Swarm = swarm,
            Vars = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("version", ["v1"]).Add("image", ["myapp"]),
            Tried = tried,
        };

    /// <summary>The facts with one of them not known, once for each that is known.</summary>
    public static IEnumerable<(string Fact, Facts Facts)> WithoutOne(Facts facts)
    {
        (string, Facts)[] all =
        [
            (FactKeys.Changes, facts with { Changes = null }),
            (FactKeys.Migrations, facts with { Migrations = null }),
            (FactKeys.FailureTime, facts with { FailureTime = FailureTime.Unknown }),
            (FactKeys.SystemState, facts with { SystemState = SystemState.Unknown }),
            (FactKeys.Traffic, facts with { Traffic = Traffic.Unknown }),
            (FactKeys.PreviousReleaseAvailable, facts with { PreviousReleaseAvailable = Answer.Unknown }),
            (FactKeys.TargetImagePresent, facts with { TargetImagePresent = Answer.Unknown }),
            (FactKeys.TargetImagePullable, facts with { TargetImagePullable = Answer.Unknown }),
            (FactKeys.SchemaCompatible, facts with { SchemaCompatible = Answer.Unknown }),
            (FactKeys.VolumeNewerThanEngine, facts with { VolumeNewerThanEngine = Answer.Unknown }),
            (FactKeys.Deployed, facts with { Deployed = Answer.Unknown }),
            (FactKeys.OtherFolder, facts with { OtherFolder = Answer.Unknown }),
            (FactKeys.CauseInRelease, facts with { CauseInRelease = Answer.Unknown }),
            (FactKeys.DiskFull, facts with { DiskFull = Answer.Unknown }),
            (FactKeys.ProbeBroken, facts with { ProbeBroken = Answer.Unknown }),
            (FactKeys.BackupAvailable, facts with { BackupAvailable = Answer.Unknown }),
            (FactKeys.DatabaseBusy, facts with { DatabaseBusy = Answer.Unknown }),
            (FactKeys.OtherActors, facts with { OtherActors = Answer.Unknown }),
            (FactKeys.GitDirty, facts with { GitDirty = Answer.Unknown }),
            (FactKeys.Swarm, facts with { Swarm = Answer.Unknown }),
            (FactKeys.Tried, facts with { Tried = null }),
        ];
        return all.Where(a => a.Item2 != facts);
    }
}
