using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>In which folders the containers of a Compose project were made, by the label that Compose gives them.</summary>
public static class ComposeFolders
{
    /// <summary>With the folder of the project.</summary>
    public const string Label = "com.docker.compose.project.working_dir";

    /// <summary>Whether containers of a project were made in this folder.</summary>
    /// <param name="directory">Absolute.</param>
    /// <returns>The other folder, when they were made in another one that is there. Else whether some were made here: they were not when there are none, or when the other folder is gone, so that nobody can go to it.</returns>
    public static (string? Other, bool IsHere) Of(IEnumerable<ContainerState> containers, string directory, IFiles files)
    {
        var folders = containers.Select(c => c.Labels.GetValueOrDefault(Label, "")).Where(f => f.StartsWith('/')).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        // Made here in part: who deployed from both has to see which files count, and this folder is one of them.
        return folders.Exists(f => files.AreSame(f, directory) == true) ? (null, true) : (folders.Find(f => files.AreSame(f, directory) == false), false);
    }
}
