using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>A backup that was written and read back, or why it was not.</summary>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Verified">How it was verified, and what is in it.</param>
/// <param name="Failure">Null when it is whole.</param>
internal sealed record WrittenBackup(long Length, string Sha256, string Verified, string? Failure)
{
    /// <summary>How the program ended that wrote it; null when none did.</summary>
    public ActionOutcome? Program { get; init; }

    public static WrittenBackup Failed(string failure) => new(0, "", "", failure);
}
