using System.Collections.Immutable;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;

namespace Runbooks.Builtin.Projects;

/// <summary>Compares a project file with the folder that it is about: files that are not there, services that no Compose file has.</summary>
public static class ProjectLint
{
    /// <param name="folder">Absolute: the project's folder.</param>
    public static ImmutableArray<Diagnostic> Check(ProjectFile project, string folder, IFiles files)
    {
        var bag = new DiagnosticBag(project.Source);
        foreach (var (path, span) in Paths(project))
        {
            var seen = files.Stat(Path.GetFullPath(path, folder));
            if (seen.Kind == FileKind.Missing || seen.Problem is not null)
            {
                bag.Add(ProjectDiagnostics.NoFile, span, $"'{path}' is not there{(seen.Problem is { } problem ? $": {problem}" : "")}", "paths belong to the project's folder");
            }
        }

        if (!bag.HasErrors)
        {
            ReportServices(project, folder, files, bag);
        }

        return bag.ToSorted();
    }

    private static void ReportServices(ProjectFile project, string folder, IFiles files, DiagnosticBag bag)
    {
        var names = project.Compose.Files.IsEmpty ? ComposeServices.FilesIn(folder, files) : project.Compose.Files;
        var (services, problem) = ComposeServices.In(names.Select(n => Path.GetFullPath(n, folder)), files);
        if (names.IsEmpty || problem is not null)
        {
            // Compose itself will say what is wrong with them; which services there are cannot be told.
            return;
        }

        foreach (var service in project.Services.Where(s => services.All(w => w.Name != s.Name)))
        {
            bag.Add(ProjectDiagnostics.NoService, service.Span, $"'{service.Name}' is not a service of {string.Join(", ", names)}", Suggestion.Hint(service.Name, [.. services.Select(w => w.Name)]));
        }
    }

    private static IEnumerable<(string Path, TextSpan Span)> Paths(ProjectFile project)
    {
        var fields = project.Fields;
        var compose = fields.Find<BoundObject>("compose")?.Fields;
        foreach (var list in (BoundList?[])[compose?.Find<BoundList>("files"), compose?.Find<BoundList>("env_file"), fields.Find<BoundList>("config")])
        {
            foreach (var item in list?.Items ?? [])
            {
                yield return (item.Source, item.Span);
            }
        }

        foreach (var text in (BoundText?[])[fields.Find<BoundObject>("migrations")?.Fields.Find<BoundText>("folder"), fields.Find<BoundObject>("logs")?.Fields.Find<BoundText>("baseline")])
        {
            if (text is not null)
            {
                yield return (text.Template.Source, text.Span);
            }
        }
    }
}
