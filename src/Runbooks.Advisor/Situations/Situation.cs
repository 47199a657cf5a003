using System.Collections.Immutable;
using Runbooks.Advisor.Strategies;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Advisor.Situations;

/// <summary>What can go back of a release, in the order in which it goes back.</summary>
public enum Part
{
    Database,
    Application,
    Configuration,
    Infrastructure,
}

/// <summary>What becomes of the schema.</summary>
public enum SchemaWay
{
    /// <summary>The release did not change it.</summary>
    Untouched,

    /// <summary>It stays as it is: the code of the previous release works with it.</summary>
    Stays,

    /// <summary>Every migration is taken back.</summary>
    Reversed,

    /// <summary>A backup from before the migrations is restored.</summary>
    Restored,

    /// <summary>There is no way back.</summary>
    Stuck,

    /// <summary>What is not known would decide.</summary>
    Undecided,
}

/// <summary>What follows from facts, before any strategy is considered. Nothing in it depends on the order of lists.</summary>
public sealed record Situation
{
    private Situation(Facts facts)
    {
        Facts = facts;
        var kinds = new SortedSet<ChangeKind>(facts.Changes ?? []);
        if (facts.Changes is not null)
        {
            kinds.UnionWith(facts.Components.Select(c => c.Change));
            if (facts.Migrations is { IsEmpty: false })
            {
                kinds.Add(ChangeKind.Database);
            }
        }

        Kinds = [.. kinds];
        Schema = Kinds.Contains(ChangeKind.Database) ? WayOf(facts, Kinds) : SchemaWay.Untouched;
        Parts = [.. PartsOf(Kinds, Schema).Distinct().Order()];
        IsFetched = facts.TargetImagePresent == Answer.No && facts.TargetImagePullable == Answer.Yes && facts.Swarm != Answer.Yes && Parts is [Part.Application] && ApplicationServices.Length < 2;
        Target = TargetOf(facts, IsFetched);
        Blockers = [.. Constraints.Of(this)];
        Doubts = [.. Probes.Of(this)];
    }

    public Facts Facts { get; }

    /// <summary>What changed, each once; empty also when it is not known.</summary>
    public ImmutableArray<ChangeKind> Kinds { get; }

    public SchemaWay Schema { get; }

    /// <summary>What has to go back.</summary>
    public ImmutableArray<Part> Parts { get; }

    /// <summary>Whether what the application would go back to is there.</summary>
    public Answer Target { get; }

    /// <summary>What the application goes back to is not on this machine, and comes from its registry before anything is stopped. Only where one service goes back by itself: nothing else that ships fetches an image.</summary>
    public bool IsFetched { get; }

    /// <summary>Why nothing may be rolled back; the first is the one that counts most.</summary>
    public ImmutableArray<Constraint> Blockers { get; private init; }

    /// <summary>What has to be found out before anything can be recommended; the first decides most.</summary>
    public ImmutableArray<Probe> Doubts { get; }

    /// <summary>Names of services whose image changed, in the order of the alphabet.</summary>
    public ImmutableArray<string> ApplicationServices =>
        [.. Facts.Components.Where(c => c.Change == ChangeKind.Application).Select(c => c.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The migrations, by their ids.</summary>
    public IEnumerable<Migration> Migrations => (Facts.Migrations ?? []).Distinct().OrderBy(m => m.Id, StringComparer.Ordinal);

    /// <summary>Nobody is served, so that nobody is hurt by a stop.</summary>
    public bool IsClosed => Facts.Traffic is Traffic.Maintenance or Traffic.Offline;

    public static Situation Of(Facts facts) => new(facts);

    /// <summary>The longest that it took; null when it was never measured.</summary>
    public Measurement? Measured(string what) => Facts.Measured.Where(m => m.What == what).OrderByDescending(m => m.Took).ThenBy(m => m.From, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The last run that did the same as the command would, and did not succeed; null when there is none.</summary>
    public TriedRollback? Tried(PlaybookCommand command) => (Facts.Tried ?? []).Where(t => t.Is(command)).MaxBy(t => t.Run, StringComparer.Ordinal);

    /// <summary>The same, with a way back closed that was tried already.</summary>
    public Situation Without(TriedRollback tried) =>
        this with { Blockers = Blockers.Add(Constraints.Of(tried, Facts.Evidence.Any(e => e.Fact == FactKeys.Tried && e.Value.Contains(tried.Why, StringComparison.Ordinal)))) };

    public bool Has(Part part) => Parts.Contains(part);

    private static SchemaWay WayOf(Facts facts, ImmutableArray<ChangeKind> kinds)
    {
        var goesBackWithoutIt = kinds.Length > 1;
        if (facts.SchemaCompatible == Answer.Yes && goesBackWithoutIt)
        {
            return SchemaWay.Stays;
        }

        var migrations = facts.Migrations ?? [];
        if (migrations.Any(m => m.Reversible == Answer.No))
        {
            if (facts.BackupAvailable == Answer.Yes)
            {
                return SchemaWay.Restored;
            }

            // A backup that nobody knows of is none. Whether the schema can stay is worth asking, unless it is plain that it cannot.
            var mayStay = goesBackWithoutIt && facts.SchemaCompatible == Answer.Unknown && !migrations.Any(m => m.DataLoss == DataLoss.Certain);
            return mayStay ? SchemaWay.Undecided : SchemaWay.Stuck;
        }

        return migrations.IsEmpty || migrations.Any(m => m.Reversible == Answer.Unknown) ? SchemaWay.Undecided : SchemaWay.Reversed;
    }

    private static IEnumerable<Part> PartsOf(ImmutableArray<ChangeKind> kinds, SchemaWay schema)
    {
        foreach (var kind in kinds)
        {
            switch (kind)
            {
                case ChangeKind.Database when schema != SchemaWay.Stays:
                    yield return Part.Database;
                    break;
                case ChangeKind.Application:
                    yield return Part.Application;
                    break;
                case ChangeKind.Configuration or ChangeKind.FeatureFlag:
                    yield return Part.Configuration;
                    break;
                case ChangeKind.Infrastructure:
                    yield return Part.Infrastructure;
                    break;
            }
        }
    }

    /// <summary>An image alone is not enough: somebody has to know that it was well.</summary>
    private static Answer TargetOf(Facts facts, bool isFetched) => (facts.PreviousReleaseAvailable, facts.TargetImagePresent) switch
    {
        (Answer.No, _) => Answer.No,
        (_, Answer.No) when !isFetched => Answer.No,
        (Answer.Yes, _) => Answer.Yes,
        _ => Answer.Unknown,
    };
}
