namespace Runbooks.Advisor.Situations;

/// <summary>What is known of a yes-or-no fact.</summary>
public enum Answer
{
    /// <summary>Nobody could find out. Never the better of the two.</summary>
    Unknown,
    No,
    Yes,
}

/// <summary>What kind of thing a release changed.</summary>
public enum ChangeKind
{
    Application,
    Configuration,
    FeatureFlag,
    Infrastructure,
    Database,
}

/// <summary>What of the infrastructure a release changed.</summary>
public enum InfrastructureKind
{
    Network,
    Volume,

    /// <summary>Ports, limits, services that were added, removed or renamed, the structure of the Compose files.</summary>
    Compose,
}

/// <summary>When it failed.</summary>
public enum FailureTime
{
    Unknown,
    DuringDeployment,
    PostDeployment,

    /// <summary>It became worse over time.</summary>
    Gradual,
}

/// <summary>How the system is now.</summary>
public enum SystemState
{
    Unknown,
    PartiallyDeployed,
    FullyDeployed,
    Crashed,

    /// <summary>It serves, and badly.</summary>
    Degraded,
}

/// <summary>Whom the system serves now.</summary>
public enum Traffic
{
    Unknown,
    Production,
    Maintenance,
    Offline,
}
