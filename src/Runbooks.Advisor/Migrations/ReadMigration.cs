using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations;

/// <summary>What the files say of one migration.</summary>
/// <param name="Id">As the tool writes it into its table.</param>
/// <param name="File">The file that brings it.</param>
public sealed record ReadMigration(string Id, string File, MigrationWay Forward, MigrationWay Back)
{
    /// <summary>Of Django: the app whose migration it is; empty with other tools.</summary>
    public string App { get; init; } = "";

    /// <summary>The migrations that must be there before it, by their <see cref="Key"/>.</summary>
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>Where it stands could not be read.</summary>
    public string? OrderProblem { get; init; }

    /// <summary>Its name among all that were read together: <c>orders.0002_amount</c> with Django, else the id.</summary>
    public string Key => App.Length == 0 ? Id : $"{App}.{Id}";

    /// <summary>Its tool can take it back: null when that could not be read.</summary>
    public bool? Reversible => Back.Kind == MigrationImpact.Irreversible ? false : Back.Statements.Any(s => s is { Kind: MigrationImpact.Unknown, IsDeclaredWay: false }) ? null : true;

    /// <summary>
    /// What is lost when it is taken back: what its way back takes away, and what its way forward took away and no way back brings again.
    /// Nothing is said of a migration that cannot be taken back.
    /// </summary>
    public DataLoss Loss => Reversible == false ? DataLoss.Unknown : (DataLoss)Math.Max((int)Back.Loss, (int)Forward.Loss);

    /// <summary>The statement that makes <see cref="Reversible"/> what it is; null when nothing speaks against it.</summary>
    public MigrationStatement? ReversibleBecause => Reversible switch
    {
        false => Back.First(MigrationImpact.Irreversible),
        null => Back.First(MigrationImpact.Unknown),
        _ => null,
    };

    /// <summary>The statement that makes <see cref="Loss"/> what it is; null when nothing is lost.</summary>
    public MigrationStatement? LossBecause => Reversible == false ? ReversibleBecause : Back.Loss >= Forward.Loss ? Back.LossBecause : Forward.LossBecause;
}
