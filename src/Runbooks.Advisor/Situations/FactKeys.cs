namespace Runbooks.Advisor.Situations;

/// <summary>The keys of a facts file.</summary>
public static class FactKeys
{
    public const string Changes = "changes";
    public const string Migrations = "migrations";
    public const string FailureTime = "failure_time";
    public const string SystemState = "system_state";
    public const string Traffic = "traffic";
    public const string PreviousReleaseAvailable = "previous_release_available";
    public const string TargetImagePresent = "target_image_present";
    public const string TargetImagePullable = "target_image_pullable";
    public const string SchemaCompatible = "schema_compatible";
    public const string VolumeNewerThanEngine = "volume_newer_than_engine";
    public const string Deployed = "deployed";
    public const string OtherFolder = "other_folder";
    public const string CauseInRelease = "cause_in_release";
    public const string DiskFull = "disk_full";
    public const string ProbeBroken = "probe_broken";
    public const string BackupAvailable = "backup_available";
    public const string DatabaseBusy = "database_busy";
    public const string OtherActors = "other_actors";
    public const string GitDirty = "git_dirty";
    public const string Swarm = "swarm";
    public const string Infrastructure = "infrastructure";
    public const string Components = "components";
    public const string Configuration = "configuration";
    public const string Flags = "flags";
    public const string Vars = "vars";
    public const string Measured = "measured";
    public const string Tried = "tried";
    public const string Evidence = "evidence";

    /// <summary>The version of the form; 1.</summary>
    public const string Format = "format";

    /// <summary>What an assessment says to people; not read.</summary>
    public const string Assessment = "assessment";
}
