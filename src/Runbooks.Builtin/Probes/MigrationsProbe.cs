using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Builtin.Probes;

/// <summary>What the files of the migrations say that each of them does, forward and back.</summary>
public sealed class MigrationsProbe : IProbe
{
    public string Name => "migrations";

    public string Source => "the files of the migrations";

    public ImmutableArray<string> Facts => [FactKeys.Migrations, FactKeys.SchemaCompatible];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var (history, problem) = sight.Migrations(cancel);
        return Task.FromResult(
            history is null || sight.Subject.Project?.Migrations is not { } declared ? problem.Length > 0 ? ProbeAnswer.Unknown(problem) : ProbeAnswer.Of()
            : ProbeAnswer.Of(new MigrationFilesReading($"the files in {Sight.MigrationsFolder(declared)}", sight.Now, Sight.MigrationsFolder(declared), history)));
    }
}
