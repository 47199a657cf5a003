using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Probes;

/// <summary>The free space where the project is, and where the engine has its images and volumes.</summary>
public sealed class SpaceProbe : IProbe
{
    public string Name => "space";

    public string Source => "df";

    public ImmutableArray<string> Facts => [FactKeys.DiskFull];

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var (readings, problems) = (ImmutableArray.CreateBuilder<Reading>(), ImmutableArray.CreateBuilder<string>());
        void Ask(string path, string what)
        {
            if (sight.Ports.Files.Stat(path) is { Problem: null, Kind: FileKind.Folder } && sight.Ports.Files.Space(path) is { Total: > 0, Free: >= 0 } space && space.Free <= space.Total)
            {
                readings.Add(new SpaceReading($"{Source} {path}", sight.Now, path, what, space.Free, space.Total));
            }
            else
            {
                problems.Add($"the free space of {what} ({path}) cannot be asked");
            }
        }

        Ask(sight.Subject.Directory, "the project");
        var engine = await sight.InTimeAsync(sight.Ports.Docker.EngineAsync(cancel), cancel);
        if (engine is null or { Problem: not null })
        {
            problems.Add($"where the engine keeps its images and volumes: {engine?.Problem ?? "it did not say so in time"}");
        }
        else if (engine.Value?.DataFolder is { Length: > 0 } folder)
        {
            // An engine on another machine has its folder there.
            Ask(folder, "the engine's images and volumes");
        }

        return new ProbeAnswer(readings.ToImmutable(), problems.ToImmutable());
    }
}
