using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Releases;

namespace Runbooks.Builtin.Probes;

/// <summary>At which migration the database is, by its own table.</summary>
public sealed class SchemaProbe : IProbe
{
    public string Name => "schema";

    public string Source => "the migration table of the database";

    public ImmutableArray<string> Facts => [FactKeys.Migrations, FactKeys.SchemaCompatible];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Subject.Project?.Migrations is not { } declared)
        {
            return ProbeAnswer.Of();
        }

        if (sight.Playbook is not { } playbook)
        {
            return ProbeAnswer.Unknown("how the database is reached is not known");
        }

        var observer = new SchemaObserver(declared, playbook);
        return await observer.ObserveAsync(sight.Context, cancel) is { } schema
            ? new ProbeAnswer([new SchemaReading($"{Source} '{declared.Database}'", sight.Now, schema)], [.. observer.Unknown])
            : new ProbeAnswer([], [.. observer.Unknown]);
    }
}
