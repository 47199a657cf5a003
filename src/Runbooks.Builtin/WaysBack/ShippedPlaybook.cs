using System.Collections.Immutable;

namespace Runbooks.Builtin.WaysBack;

/// <summary>A playbook that ships, as far as advice has to know it. A test compares it with the file.</summary>
/// <param name="Downtime">What it declares.</param>
/// <param name="Aims">Its variables that say what it goes back to, and of what: two runs with the same values of them do the same.</param>
internal sealed record ShippedPlaybook(string Name, TimeSpan Downtime, params ImmutableArray<string> Aims)
{
    /// <summary>The step by which a playbook brings the image: whatever becomes of it, the system is as it was.</summary>
    public const string Fetch = "fetch";

    public static ShippedPlaybook AppRollback => new("app-rollback", TimeSpan.FromSeconds(30), "service", "image", "version");

    public static ShippedPlaybook ComposeRollback => new("compose-rollback", TimeSpan.FromMinutes(1), "revision", "files", "image");

    public static ShippedPlaybook ConfigFileRollback => new("config-file-rollback", TimeSpan.FromSeconds(10), "service", "file", "revision");

    public static ShippedPlaybook DbAndAppRollback => new("db-and-app-rollback", TimeSpan.FromMinutes(2), "services", "image", "version", "database", "head");

    public static ShippedPlaybook DbManualRollback => new("db-manual-rollback", TimeSpan.FromMinutes(1), "database", "file");

    public static ShippedPlaybook DbMigrationRollback => new("db-migration-rollback", TimeSpan.FromMinutes(1), "database", "app", "head");

    public static ShippedPlaybook DbRestore => new("db-restore", TimeSpan.FromMinutes(5), "database", "dump");

    public static ShippedPlaybook EnvRollback => new("env-rollback", TimeSpan.FromSeconds(10), "service", "name", "file", "value");

    public static ShippedPlaybook FeatureFlagRollback => new("feature-flag-rollback", TimeSpan.FromSeconds(10), "service", "where", "flag", "file", "value");

    public static ShippedPlaybook NetworkRollback => new("network-rollback", TimeSpan.FromMinutes(2), "revision", "files", "networks", "gone");

    public static ShippedPlaybook SequentialRollback => new("sequential-rollback", TimeSpan.FromMinutes(5), "with_database", "with_application", "with_infrastructure", "service", "workers", "image", "version", "database", "head", "dump", "revision");

    public static ShippedPlaybook SwarmServiceRollback => new("swarm-service-rollback", TimeSpan.FromSeconds(30), "service", "to");

    public static ShippedPlaybook VolumeRollback => new("volume-rollback", TimeSpan.FromMinutes(1), "services", "revision", "files");

    public static ImmutableArray<ShippedPlaybook> All =>
    [
        AppRollback, ComposeRollback, ConfigFileRollback, DbAndAppRollback, DbManualRollback, DbMigrationRollback, DbRestore,
        EnvRollback, FeatureFlagRollback, NetworkRollback, SequentialRollback, SwarmServiceRollback, VolumeRollback,
    ];

    public CommandDraft For(Advisor.Situations.Situation situation) => new(Name, situation);
}
