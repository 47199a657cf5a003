using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Builtin.Projects;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;

namespace Runbooks.Builtin.Probes;

/// <summary>Finds out from files what is to be assessed: from the project file, else from the Compose files, else only the folder is known.</summary>
/// <param name="directory">Absolute.</param>
public sealed class SubjectReading(string directory, IFiles files, Planner planner, Func<string, string?> environment, string engineVersion)
{
    /// <summary>Logs are not judged by the project's checks here: how far back they would go does not matter.</summary>
    private static readonly TimeSpan AnyTime = TimeSpan.FromHours(1);

    /// <returns>And the project's checks; null when its files do not make any.</returns>
    public (Subject Subject, ProjectPlaybook? Playbook) Read()
    {
        var remarks = ImmutableArray.CreateBuilder<string>();
        var declared = Declared(remarks);
        var project = declared ?? Guessed(remarks);
        if (project is null)
        {
            return (new Subject(directory) { Remarks = remarks.ToImmutable() }, null);
        }

        var (playbook, problems) = ProjectPlaybook.Make(project, directory, AnyTime, planner, environment, engineVersion);
        remarks.AddRange(problems.Select(p => $"{project.Source.Path}: {p}"));
        return (new Subject(directory)
        {
            Name = playbook?.Compose.Name ?? project.Compose.Project,
            Project = project,
            IsDeclared = declared is not null,
            ComposeFiles = [.. playbook?.Compose.Files.Select(Shown) ?? project.Compose.Files],
            EnvFiles = [.. playbook?.Compose.EnvFiles.Select(Shown) ?? project.Compose.EnvFiles],
            Remarks = remarks.ToImmutable(),
        }, playbook);
    }

    private ProjectFile? Declared(ImmutableArray<string>.Builder remarks)
    {
        foreach (var name in ProjectFile.Names)
        {
            var read = files.Read(Path.Combine(directory, name));
            if (read.Bytes is { } bytes)
            {
                var project = ProjectReader.Read(SourceText.FromBytes(name, bytes));
                if (project is { HasErrors: false, Value: { } value })
                {
                    return value;
                }

                remarks.Add($"{name} is wrong and was left aside: {project.Diagnostics.Select(d => d.Message).FirstOrDefault()} ('runbook release list' shows all of it)");
                return null;
            }

            if (files.Stat(Path.Combine(directory, name)).Kind != FileKind.Missing)
            {
                remarks.Add($"{name} cannot be read: {read.Problem}");
                return null;
            }
        }

        remarks.Add($"there is no {ProjectFile.Names[0]}: which services there are and what they are was guessed, and where they say that they are well is not known; 'runbook init' writes one");
        return null;
    }

    private ProjectFile? Guessed(ImmutableArray<string>.Builder remarks)
    {
        var (guessed, problem) = ProjectGuess.In(directory, files);
        if (guessed is null)
        {
            remarks.Add(problem);
            return null;
        }

        var read = ProjectReader.Read(new SourceText("the Compose files", guessed.Text));
        if (read is { HasErrors: false, Value: { } project })
        {
            return project;
        }

        remarks.Add("what was guessed from the Compose files is no project");
        return null;
    }

    private string Shown(string absolute)
    {
        var relative = Path.GetRelativePath(directory, absolute);
        return relative.StartsWith("..", StringComparison.Ordinal) ? absolute : relative;
    }
}
