using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Projects;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Editing;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Readiness.Project;

/// <summary>The project says what it is, and that fits what is there.</summary>
public sealed class ProjectItem : IReadyItem
{
    private static readonly ReadyFix Lint = new("see what is wrong", $"runbook lint {ProjectFile.Names[0]}");

    public string Name => "project";

    public string Statement => $"{ProjectFile.Names[0]} says what the project is, and fits what is there";

    public string Why => "What it does not name is in no release, is not asked whether it is well, and does not go back.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var (inputs, path) = (project.Inputs, project.Inputs.Project.Source.Path);
        if (inputs.IsGuessed)
        {
            return ReadyAnswer.NotReady($"there is no {ProjectFile.Names[0]}; what is said below goes by what was guessed from the folder", new ReadyFix("write one from what is there, and read it", "runbook init")) with { Seen = [new Sighting(inputs.Directory, $"it has no {ProjectFile.Names[0]}")] };
        }

        var wrong = ProjectLint.Check(inputs.Project, inputs.Directory, project.Ports.Files).Where(d => d.Severity == Severity.Error).ToImmutableArray();
        if (!wrong.IsEmpty || inputs.Playbook is null)
        {
            return ReadyAnswer.NotReady(wrong.IsEmpty ? inputs.PlaybookProblem : string.Join("; ", wrong.Select(d => d.Message)), Lint) with { Seen = [new Sighting(path, "it does not fit what is there")] };
        }

        var (model, problem) = await project.ModelAsync();
        if (model is null)
        {
            return ReadyAnswer.Unknown($"which services the Compose files have: {problem}", CommonFixes.Compose);
        }

        var containers = await project.ContainersAsync();
        if (containers.Problem is { } noEngine)
        {
            return ReadyAnswer.Unknown($"which services run beside those that it names: {noEngine}", CommonFixes.Engine);
        }

        var running = containers.Value.Where(c => c.Status is "running" or "restarting").Select(c => c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, "")).ToHashSet(StringComparer.Ordinal);
        return ReadyAnswer.Of([.. model.Services.Select(s => Part(s.Key, s.Value.GetValueOrDefault("image", ""), running, project))], $"{path} names every service that runs");
    }

    private static ReadyPart Part(string service, string image, HashSet<string> running, ReadyProject project)
    {
        var path = project.Inputs.Project.Source.Path;
        if (project.Inputs.Project.Services.Any(s => s.Name == service))
        {
            return new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting(path, $"it names {service}")] };
        }

        return running.Contains(service)
            ? new ReadyPart(VerdictKind.DoesNotHold, $"{service} runs, and {path} does not name it")
            {
                Seen = [new Sighting("docker ps", $"{service} runs")],
                Fixes = [Fix(service, image, project)],
            }
            : new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting(path, $"it does not name {service}, which does not run")] };
    }

    /// <summary>Only of what keeps data the image says for certain what it is.</summary>
    private static ReadyFix Fix(string service, string image, ReadyProject project)
    {
        var isDatabase = ProjectGuess.IsDatabase(image);
        var line = $"{(service.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? service : $"\"{service}\"")}: {(isDatabase ? "database" : "application")}";
        var edit = new BlockEdit(["services"], service, [line]);
        var (patch, _) = isDatabase ? ReadyPatches.Find(project, [Path.GetFullPath(Path.GetFileName(project.Inputs.Project.Source.Path), project.Inputs.Directory)], path => new FilePatch(path) { Block = edit }) : (null, "");
        return new ReadyFix(isDatabase ? $"name it below 'services:': by its image it is a database" : "name it below 'services:' with what it is: application, worker, database or proxy") { Patch = patch, Block = patch is null ? $"  {line}\n" : "" };
    }
}
