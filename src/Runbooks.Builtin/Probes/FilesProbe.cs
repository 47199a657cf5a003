using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Probes;

/// <summary>What the Compose files, the files with variables and the configuration files say now.</summary>
public sealed class FilesProbe : IProbe
{
    public string Name => "files";

    public string Source => "docker compose config, and the files of the project";

    public ImmutableArray<string> Facts => [FactKeys.Changes, FactKeys.Configuration];

    public TimeSpan Limit => TimeSpan.FromSeconds(20);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Playbook is not { } playbook)
        {
            return ProbeAnswer.Unknown(sight.Subject.Remarks is [.., var why] ? why : "which files belong to the project is not known");
        }

        var observer = new FileObserver(sight.Ports, sight.Subject.Project?.Config ?? [], playbook, sight.Key, sight.Secrets);
        var envFiles = observer.EnvFiles();
        // An engine that hangs does not keep the digests of the files from being known. The same values have to be hidden as when a release was recorded, or the same files would differ.
        var areKnown = await sight.InTimeAsync(sight.ContainersAsync(cancel), cancel) is { Problem: null };
        var model = areKnown ? await observer.ModelAsync(sight.Context, cancel) : null;
        var release = new Release { Id = "now", Project = playbook.Compose.Name, Services = [], Model = model, Files = observer.Files(), EnvFiles = envFiles };
        var read = model is not null && observer.Kept.TryGetValue(model.Sha256, out var bytes) ? RecordedModel.Read(bytes, sight.Subject.Directory, playbook.Compose.Name) : null;
        return new ProbeAnswer([new FilesReading(Source, sight.Now, release, read)], [.. observer.Unknown, .. areKnown ? Array.Empty<string>() : ["what Compose makes of its files: which values have to be hidden in it is not known without the containers"]]);
    }
}
