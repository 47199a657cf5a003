namespace Runbooks.Builtin.Databases;

/// <summary>In what the texts of two products differ, as far as it must be known where a statement ends.</summary>
public enum SqlDialect
{
    /// <summary>Dollar quotes, nested comments; a backslash means something in <c>E'…'</c> only.</summary>
    Postgres,

    /// <summary>Backticks, <c>#</c> comments; a backslash means something in every quoted text.</summary>
    MySql,
}
