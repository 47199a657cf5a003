using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>Looks for everything that the steps of a plan need, before the first of them is begun.</summary>
internal static class Preflight
{
    /// <summary>What is missing, with the steps that need it; empty when all is there.</summary>
    /// <param name="runFolder">Where backups go that have no place of their own.</param>
    public static async Task<ImmutableArray<string>> ProblemsAsync(Plan plan, EnginePorts ports, string runFolder, CancellationToken cancel)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var seen = new Dictionary<Requirement, string?>();
        foreach (var (step, what) in plan.Steps.SelectMany(s => new[] { (s, "needs"), (s.Undo ?? s, "needs for its undo") }))
        {
            foreach (var requirement in step.Action?.Requirements ?? [])
            {
                if (!seen.TryGetValue(requirement, out var problem))
                {
                    seen[requirement] = problem = await ProblemAsync(requirement, ports, runFolder, cancel);
                    if (problem is not null)
                    {
                        problems.Add($"step '{step.Id}' {what} {problem}");
                    }
                }
            }
        }

        return problems.ToImmutable();
    }

    private static async Task<string?> ProblemAsync(Requirement requirement, EnginePorts ports, string runFolder, CancellationToken cancel) => requirement switch
    {
        ProgramRequirement program => ports.Processes.Find(program.Program, program.WorkingDirectory, program.Environment) is null
            ? $"the program '{program.Program}', which {WhyNot(program, ports.Files)}"
            : null,
        DirectoryRequirement folder => ports.Files.Stat(folder.Path).Kind == FileKind.Folder ? null : $"the folder {folder.Path}, which is not there",
        WritableFileRequirement file => ports.Files.CanWrite(file.Path) ? null : $"to write {file.Path}, which is not allowed or not there",
        VariableRequirement variable => ports.Machine.Environment(variable.Name) is { } set && set != variable.Value
            ? $"the variable {variable.Name} to be left to {variable.File}: the environment in which runbook was started sets it to something else, which counts more ('unset {variable.Name}', or start without it)"
            : null,
        RoomRequirement room => RoomProblem(room, ports, runFolder, cancel),
        ProjectFolderRequirement project => await FolderProblemAsync(project, ports, cancel),
        DockerEngineRequirement => (await ports.Docker.VersionAsync(cancel)).Problem is { } problem ? $"a Docker Engine: {problem}" : null,
        _ => $"{requirement.GetType().Name}, which this version cannot look for",
    };

    /// <summary>That the engine does not answer says its own requirement.</summary>
    private static async Task<string?> FolderProblemAsync(ProjectFolderRequirement wanted, EnginePorts ports, CancellationToken cancel)
    {
        var containers = await ports.Docker.ContainersAsync(new ContainerFilter { Project = wanted.Project }, cancel);
        return containers.Problem is null && ComposeFolders.Of(containers.Value, wanted.Directory, ports.Files).Other is { } other
            ? $"the folder in which project {wanted.Project} was deployed: its containers were made in {other}, and this is {wanted.Directory}, with other variables, mounts and files; run it there ('-C {other}'), or take that folder away when it is not used any more"
            : null;
    }

    /// <summary>A stop while it is found out is no problem of its own: the caller sees it.</summary>
    private static string? RoomProblem(RoomRequirement room, EnginePorts ports, string runFolder, CancellationToken cancel)
    {
        try
        {
            var folder = room.Folder ?? runFolder;
            var size = room.Copies.IsEmpty ? default : ports.Archives.Measure(room.Copies, [RunBackups.StoreOf(runFolder)], cancel);
            var needed = Math.Max(size.Bytes, room.AtLeast);
            return size.Problem is { } problem ? $"to copy {problem}"
                : ports.Files.Space(folder) is not { } space ? $"room in {folder}, and how much there is cannot be found out"
                : space.Free < needed ? string.Create(CultureInfo.InvariantCulture, $"{needed:N0} bytes of room in {folder}, and {space.Free:N0} are free")
                : null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string WhyNot(ProgramRequirement program, IFiles files) => program.Program.Contains('/')
        ? files.Stat(System.IO.Path.GetFullPath(program.Program, program.WorkingDirectory)).Kind switch
        {
            FileKind.Missing => "is not there",
            FileKind.Folder => "is a folder",
            _ => "is not executable",
        }
        : "is not on PATH";
}
