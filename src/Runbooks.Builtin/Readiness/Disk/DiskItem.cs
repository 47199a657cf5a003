using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Readiness.Disk;

/// <summary>There is room for what a rollback writes: backups, the record, new containers.</summary>
public sealed class DiskItem : IReadyItem
{
    /// <summary>Bytes.</summary>
    private const long Least = 1L << 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "disk";

    public string Statement => "there is room for a backup like the last one, twice, and for a gibibyte at least";

    public string Why => "A disk that fills up in the middle stops the rollback, and what is cleaned away to make room is the image that it needs.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var newest = (await project.RunsAsync()).Runs.SelectMany(r => r.Backups).OrderByDescending(b => b.At).Select(b => b.Made).FirstOrDefault();
        var wanted = Math.Max(Least, 2 * (newest?.Length ?? 0));
        var parts = new List<ReadyPart>
        {
            Part("the project", project.Inputs.Directory, wanted, project.Ports.Files),
            Part("the record", Existing(project.Inputs.Store, project.Ports.Files), wanted, project.Ports.Files),
        };
        if (newest is not null && Path.GetDirectoryName(newest.Path) is { } place)
        {
            parts.Add(Part("backups", Existing(place, project.Ports.Files), wanted, project.Ports.Files));
        }

        var (root, noRoot) = await EngineRootAsync(project, cancel);
        parts.Add(root.Length > 0 ? Part("the engine", root, Least, project.Ports.Files) : new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting("docker info", $"the disk of the engine was not looked at: {noRoot}")] });
        return ReadyAnswer.Of(parts, $"more than the {ByteSizes.Format(wanted)} that are wanted is free everywhere");
    }

    private static ReadyPart Part(string what, string path, long wanted, IFiles files)
    {
        if (files.Space(path) is not { Total: > 0 } space)
        {
            return new ReadyPart(VerdictKind.Unknown, $"how much room there is for {what} at {path} cannot be asked") { Fixes = [new ReadyFix("see what the system says of it", $"df -h {path}")] };
        }

        ImmutableArray<Sighting> seen = [new($"df {path}", $"{ByteSizes.Format(space.Free)} of {ByteSizes.Format(space.Total)} free, for {what}")];
        return space.Free >= wanted ? new ReadyPart(VerdictKind.Holds, "") { Seen = seen }
            : new ReadyPart(VerdictKind.DoesNotHold, $"{ByteSizes.Format(space.Free)} are free for {what} at {path}, and {ByteSizes.Format(wanted)} are wanted")
            {
                Seen = seen,
                Fixes = [new ReadyFix("see what takes the room; never prune all images: that takes the ones to go back to", what == "the engine" ? "docker system df" : $"du -xh -d 2 '{path}' | sort -h | tail")],
            };
    }

    /// <summary>The nearest folder above that is there: the store is made by the first run.</summary>
    private static string Existing(string path, IFiles files)
    {
        while (files.Stat(path).Kind == FileKind.Missing && Path.GetDirectoryName(path) is { } above)
        {
            path = above;
        }

        return path;
    }

    /// <summary>Where the engine keeps its images, when that is a folder of this machine.</summary>
    private static async Task<(string Path, string Why)> EngineRootAsync(ReadyProject project, CancellationToken cancel)
    {
        if (project.Ports.Machine.Environment("DOCKER_HOST") is { Length: > 0 } host && !host.StartsWith("unix:", StringComparison.Ordinal))
        {
            return ("", "it is on another machine");
        }

        var start = new ProgramStart([.. ((string[])["docker", "info", "--format", "{{.DockerRootDir}}"]).Select(Rendered.Literal)], project.Inputs.Directory, []);
        var answer = await ProgramQuestions.AskAsync(start, Patience, project.Context, cancel);
        var path = answer.Output.Trim();
        return answer.Exit.ExitCode != 0 || !path.StartsWith('/') ? ("", "it did not say where it keeps its images")
            : project.Ports.Files.Stat(path) is { Kind: FileKind.Folder, Problem: null } ? (path, "")
            : ("", $"{path} cannot be seen from here");
    }
}
