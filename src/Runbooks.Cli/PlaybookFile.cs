using System.Collections.Immutable;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;

namespace Runbooks.Cli;

/// <summary>Finds and reads the file that a person named.</summary>
public static class PlaybookFile
{
    private static readonly ImmutableArray<string> Endings = ["", ".yml", ".yaml"];

    /// <summary>In the current folder, else in the project's <c>playbooks/</c>; the ending may be left out.</summary>
    /// <returns>The text, with the path that people should see; or why there is none.</returns>
    public static (SourceText? Source, string Problem) Read(string name, string project, Composition composition)
    {
        var files = composition.Files;
        var folder = Path.Combine(project, "playbooks");
        foreach (var place in (ReadOnlySpan<string>)[composition.CurrentDirectory, folder])
        {
            foreach (var ending in Endings)
            {
                var path = Path.GetFullPath(name + ending, place);
                if (files.Stat(path).Kind == FileKind.File)
                {
                    var read = files.Read(path);
                    return read.Bytes is { } bytes
                        ? (SourceText.FromBytes(Shown(path, composition.CurrentDirectory), bytes), "")
                        : (null, $"{Shown(path, composition.CurrentDirectory)}: {read.Problem}");
                }
            }
        }

        return (null, Missing(name, folder, composition));
    }

    /// <summary>Relative when it lies below the current folder.</summary>
    public static string Shown(string path, string currentDirectory)
    {
        var relative = Path.GetRelativePath(currentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static string Missing(string name, string folder, Composition composition)
    {
        var files = composition.Files;
        if (files.Stat(Path.GetFullPath(name, composition.CurrentDirectory)).Kind == FileKind.Folder)
        {
            return $"'{name}' is a folder: name a playbook in it";
        }

        var known = files.List(folder).Where(f => f.EndsWith(".yml", StringComparison.Ordinal) || f.EndsWith(".yaml", StringComparison.Ordinal)).ToList();
        var hint = Suggestion.For(name, known) is { } near ? $"did you mean '{near}'?"
            : known.Count > 0 ? $"there are: {string.Join(", ", known.Take(20))}"
            : "there is no playbooks/ folder with a playbook in the project (-C names another project)";
        return $"there is no file '{name}' here, nor in {Shown(folder, composition.CurrentDirectory)}; {hint}";
    }
}
