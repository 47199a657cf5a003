using System.Collections.Immutable;
using Runbooks.Builtin.Probes;

namespace Runbooks.Builtin;

/// <summary>The probes of an assessment, in the order in which they are begun: what perishes first comes first. A test compares the list with the folder.</summary>
public static class BuiltinProbes
{
    public static ImmutableArray<IProbe> All =>
    [
        new EventsProbe(),
        new ContainersProbe(),
        new LogsProbe(),
        new SessionsProbe(),
        new HttpProbe(),
        new UsageProbe(),
        new SpaceProbe(),
        new RunningProbe(),
        new ReleasesProbe(),
        new ImagesProbe(),
        new RegistryProbe(),
        new FilesProbe(),
        new MountedProbe(),
        new DriftProbe(),
        new ActorsProbe(),
        new SchemaProbe(),
        new MigrationsProbe(),
        new GitProbe(),
        new BackupsProbe(),
        new RunsProbe(),
        new SourceProbe(),
        new LossProbe(),
        new SettingsProbe(),
    ];
}
