using System.Collections.Immutable;
using Runbooks.Builtin.Projects;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;

namespace Runbooks.Builtin.Readiness;

/// <summary>A playbook of the project, read as 'runbook lint' reads it.</summary>
/// <param name="Path">Relative to the project.</param>
/// <param name="Playbook">Null when it could not be read as one.</param>
internal sealed record ProjectPlaybookFile(string Path, Playbook? Playbook, string Sha256, ImmutableArray<Diagnostic> Diagnostics, string Problem)
{
    /// <summary>Below the project's folder: where playbooks are looked for.</summary>
    public const string Folder = "playbooks";

    public bool HasErrors => Problem.Length > 0 || Diagnostics.Any(d => d.Severity == Severity.Error);

    public static ImmutableArray<ProjectPlaybookFile> In(string project, IFiles files)
    {
        var folder = System.IO.Path.Combine(project, Folder);
        return [.. files.List(folder).Where(f => System.IO.Path.GetExtension(f) is ".yml" or ".yaml").Select(f => Read(project, System.IO.Path.Combine(folder, f), $"{Folder}/{f}", files)).OfType<ProjectPlaybookFile>()];
    }

    /// <returns>Null for a file of another kind.</returns>
    private static ProjectPlaybookFile? Read(string project, string path, string shown, IFiles files)
    {
        if (files.Stat(path).Kind == FileKind.Folder)
        {
            return null;
        }

        if (files.Read(path) is not { Bytes: { } bytes } read)
        {
            return new ProjectPlaybookFile(shown, null, "", [], files.Read(path).Problem ?? "it cannot be read");
        }

        var source = SourceText.FromBytes(shown, bytes);
        if (!source.Content.Split('\n').Any(l => l.StartsWith("runbook:", StringComparison.Ordinal)))
        {
            return null;
        }

        var checkedOne = PlaybookReader.Read(source, BuiltinKinds.Catalogue, new PartFiles(files, project, source, path).Open);
        return new ProjectPlaybookFile(shown, checkedOne.Value, Sha256Of(bytes), checkedOne.Diagnostics, "");
    }

    private static string Sha256Of(byte[] bytes) => Engine.Hashing.Sha256.Hex(bytes);
}
