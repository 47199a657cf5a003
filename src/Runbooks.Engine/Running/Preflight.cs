using System.Collections.Immutable;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>Looks for everything that the steps of a plan need, before the first of them is begun.</summary>
internal static class Preflight
{
    /// <summary>What is missing, with the steps that need it; empty when all is there.</summary>
    public static async Task<ImmutableArray<string>> ProblemsAsync(Plan plan, EnginePorts ports, CancellationToken cancel)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var seen = new Dictionary<Requirement, string?>();
        foreach (var (step, what) in plan.Steps.SelectMany(s => new[] { (s, "needs"), (s.Undo ?? s, "needs for its undo") }))
        {
            foreach (var requirement in step.Action?.Requirements ?? [])
            {
                if (!seen.TryGetValue(requirement, out var problem))
                {
                    seen[requirement] = problem = await ProblemAsync(requirement, ports, cancel);
                    if (problem is not null)
                    {
                        problems.Add($"step '{step.Id}' {what} {problem}");
                    }
                }
            }
        }

        return problems.ToImmutable();
    }

    private static async Task<string?> ProblemAsync(Requirement requirement, EnginePorts ports, CancellationToken cancel) => requirement switch
    {
        ProgramRequirement program => ports.Processes.Find(program.Program, program.WorkingDirectory, program.Environment) is null
            ? $"the program '{program.Program}', which {WhyNot(program, ports.Files)}"
            : null,
        DirectoryRequirement folder => ports.Files.Stat(folder.Path).Kind == FileKind.Folder ? null : $"the folder {folder.Path}, which is not there",
        WritableFileRequirement file => ports.Files.CanWrite(file.Path) ? null : $"to write {file.Path}, which is not allowed or not there",
        // Asked with the run in hand, which knows who can be asked.
        ApprovalRequirement => null,
        DockerEngineRequirement => (await ports.Docker.VersionAsync(cancel)).Problem is { } problem ? $"a Docker Engine: {problem}" : null,
        _ => $"{requirement.GetType().Name}, which this version cannot look for",
    };

    private static string WhyNot(ProgramRequirement program, IFiles files) => program.Program.Contains('/')
        ? files.Stat(System.IO.Path.GetFullPath(program.Program, program.WorkingDirectory)).Kind switch
        {
            FileKind.Missing => "is not there",
            FileKind.Folder => "is a folder",
            _ => "is not executable",
        }
        : "is not on PATH";
}
