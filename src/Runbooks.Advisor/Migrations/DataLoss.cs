namespace Runbooks.Advisor.Migrations;

/// <summary>Whether values are lost. The worst is the largest; what is not known counts more than what is possible, and less than what is certain.</summary>
public enum DataLoss
{
    None,

    /// <summary>If there are any: how many is in the database only, not in a file.</summary>
    Possible,
    Unknown,

    /// <summary>Rows were counted. Nothing that only reads files says so.</summary>
    Certain,
}
