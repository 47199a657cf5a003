namespace Runbooks.Builtin.Checks.Stable;

/// <summary>Why a sample counts neither for nor against the containers.</summary>
/// <param name="Left">So long it goes on being open, at least.</param>
internal sealed record StableOpen(string Why, TimeSpan Left);
