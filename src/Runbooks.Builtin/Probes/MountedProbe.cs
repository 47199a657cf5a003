using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Probes;

/// <summary>Whether configuration files that were written after a container was started have reached it. The mount of a single file is that of its inode: who replaces the file changes nothing inside.</summary>
/// <remarks>Only such a file is read inside its container, which starts a program there: a container that is newer than the file has the file as it is.</remarks>
public sealed class MountedProbe : IProbe
{
    private const int MostFiles = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => "mounted";

    public string Source => "docker exec cat";

    public ImmutableArray<string> Facts => [FactKeys.Configuration];

    public TimeSpan Limit => TimeSpan.FromSeconds(12);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Subject.Project?.Config is not { IsEmpty: false } files)
        {
            return ProbeAnswer.Of();
        }

        var containers = await sight.ContainersAsync(cancel);
        if (containers.Problem is { } problem)
        {
            return ProbeAnswer.Unknown(problem);
        }

        var places = files.SelectMany(f => containers.Value.Where(c => c.Status == "running").SelectMany(c => PlacesOf(f, c, sight))).Take(MostFiles);
        var answers = await Task.WhenAll([.. places.Select(p => AskAsync(p, sight, cancel))]);
        return new ProbeAnswer([.. answers.Select(a => a.Reading).OfType<Reading>()], [.. answers.Select(a => a.Problem).OfType<string>()]);
    }

    private static IEnumerable<Place> PlacesOf(string file, ContainerState container, Sight sight)
    {
        var path = Path.GetFullPath(file, sight.Subject.Directory);
        if (sight.Ports.Files.Stat(path) is not { Problem: null, Kind: FileKind.File } stat || container.StartedAt is not { } started || stat.Modified <= started)
        {
            yield break;
        }

        foreach (var mount in container.Mounts.Where(m => m.Type == "bind" && (m.Source == path || path.StartsWith($"{m.Source.TrimEnd('/')}/", StringComparison.Ordinal))))
        {
            yield return new Place(file, path, container, mount.Target + path[mount.Source.TrimEnd('/').Length..]);
        }
    }

    private async Task<(Reading? Reading, string? Problem)> AskAsync(Place place, Sight sight, CancellationToken cancel)
    {
        var (service, started) = (place.Container.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, place.Container.Name), place.Container.Id);
        var what = $"whether {place.Inside} in the container of {service} is {place.File} as it is now";
        var start = new ProgramStart([.. ((string[])["docker", "exec", started, "cat", place.Inside]).Select(Rendered.Literal)], sight.Subject.Directory, []);
        var answer = await ProgramQuestions.AskAsync(start, Patience, sight.Context, cancel);
        return answer.Exit is not { ExitCode: 0, CaptureExceeded: false }
            ? (null, $"{what}: {answer.Exit.StartError ?? (answer.Exit.Stopped ? "it was not read in time" : answer.Exit.CaptureExceeded ? "it is too long" : sight.Mask(answer.LastLines.LastOrDefault() ?? "it could not be read"))}")
            : sight.Ports.Files.Read(place.Path).Bytes is not { } bytes ? (null, $"{what}: the file could not be read")
            : (new MountedReading($"{Source} {place.Inside}", sight.Now, service, place.File, place.Inside, answer.Output == Encoding.UTF8.GetString(bytes)), null);
    }

    /// <param name="File">As the project names it.</param>
    /// <param name="Inside">Where the container has it.</param>
    private sealed record Place(string File, string Path, ContainerState Container, string Inside);
}
