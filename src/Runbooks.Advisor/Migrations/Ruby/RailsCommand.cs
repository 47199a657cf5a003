using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations.Ruby;

/// <summary>What a command of a Rails migration does.</summary>
/// <param name="There">When it is executed; null when it changes nothing.</param>
/// <param name="Again">What its inverse does, which Rails knows.</param>
/// <param name="Refusal">Why Rails knows no inverse of it; null when it does.</param>
internal readonly record struct RailsCommand(SqlEffect? There, SqlEffect? Again, string? Refusal = null);
