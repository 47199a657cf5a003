namespace Runbooks.Advisor.Migrations;

/// <summary>What a statement, or a whole way, does to what was there. The worst is the largest.</summary>
public enum MigrationImpact
{
    /// <summary>All that was possible before is possible afterwards: no value, no name and no freedom is taken away.</summary>
    Additive,

    /// <summary>It was not understood. What it does may be any of the others.</summary>
    Unknown,

    /// <summary>It takes something away: values, a name that a query uses, a freedom (a null, a duplicate) that a release uses.</summary>
    Destructive,

    /// <summary>There is no way, or the way refuses to be gone.</summary>
    Irreversible,
}
