using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;

namespace Runbooks.Cli;

/// <summary>Finds and reads the project file of a folder.</summary>
internal static class ProjectFiles
{
    /// <returns>Null when there is none or it is wrong: what is wrong was printed.</returns>
    public static ProjectFile? Read(string folder, Composition composition)
    {
        var terminal = composition.Terminal;
        if (Find(folder, composition) is not { } path)
        {
            terminal.Error.WriteLine($"error: there is no {ProjectFile.Names[0]} in {folder}: 'runbook init' writes one from what it finds there");
            return null;
        }

        var shown = PlaybookFile.Shown(path, composition.CurrentDirectory);
        var bytes = composition.Files.Read(path);
        if (bytes.Bytes is null)
        {
            terminal.Error.WriteLine($"error: {shown}: {bytes.Problem}");
            return null;
        }

        var read = ProjectReader.Read(SourceText.FromBytes(shown, bytes.Bytes));
        terminal.Error.Write(DiagnosticRenderer.Human(read.Diagnostics, terminal.Colour));
        return read.HasErrors ? null : read.Value;
    }

    /// <summary>Absolute path of the project file; null when there is none.</summary>
    public static string? Find(string folder, Composition composition) =>
        ProjectFile.Names.Select(n => Path.Combine(folder, n)).FirstOrDefault(p => composition.Files.Stat(p).Kind != FileKind.Missing);
}
