namespace Runbooks.Cli.Tests;

/// <summary>The shop of the releases: an application with a configuration file and a volume, and a worker.</summary>
public sealed class AssessedShop : BrokenShop
{
    internal override Task<ReleaseShop> OpenAsync() => ReleaseShop.OpenAsync();
}
