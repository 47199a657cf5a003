namespace Runbooks.Builtin.WaysBack;

/// <summary>A playbook that ships, as far as advice has to know it. A test compares it with the file.</summary>
/// <param name="Downtime">What it declares.</param>
internal sealed record ShippedPlaybook(string Name, TimeSpan Downtime)
{
    public static ShippedPlaybook AppRollback => new("app-rollback", TimeSpan.FromSeconds(30));

    public static ShippedPlaybook ComposeRollback => new("compose-rollback", TimeSpan.FromMinutes(1));

    public static ShippedPlaybook ConfigFileRollback => new("config-file-rollback", TimeSpan.FromSeconds(10));

    public static ShippedPlaybook DbAndAppRollback => new("db-and-app-rollback", TimeSpan.FromMinutes(2));

    public static ShippedPlaybook DbManualRollback => new("db-manual-rollback", TimeSpan.FromMinutes(1));

    public static ShippedPlaybook DbMigrationRollback => new("db-migration-rollback", TimeSpan.FromMinutes(1));

    public static ShippedPlaybook DbRestore => new("db-restore", TimeSpan.FromMinutes(5));

    public static ShippedPlaybook EnvRollback => new("env-rollback", TimeSpan.FromSeconds(10));

    public static ShippedPlaybook FeatureFlagRollback => new("feature-flag-rollback", TimeSpan.FromSeconds(10));

    public static ShippedPlaybook NetworkRollback => new("network-rollback", TimeSpan.FromMinutes(2));

    public static ShippedPlaybook SequentialRollback => new("sequential-rollback", TimeSpan.FromMinutes(5));

    public static ShippedPlaybook SwarmServiceRollback => new("swarm-service-rollback", TimeSpan.FromSeconds(30));

    public static ShippedPlaybook VolumeRollback => new("volume-rollback", TimeSpan.FromMinutes(1));

    public CommandDraft For(Advisor.Situations.Situation situation) => new(Name, situation);
}
