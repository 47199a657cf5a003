using System.Text;
using Runbooks.Advisor.Changes;

namespace Runbooks.Advisor.Assessing;

/// <summary>What Compose made of the files of a release, as it was kept with it.</summary>
public static class RecordedModel
{
    /// <param name="json">With keyed hashes in the place of values.</param>
    /// <param name="directory">Absolute: the project's folder, which is written as '.' so that the paths of files can be found in it.</param>
    /// <param name="project">Its name for Compose, which Compose 1 does not write.</param>
    /// <returns>Null when it is no such model.</returns>
    public static ComposeModel? Read(ReadOnlySpan<byte> json, string directory, string project)
    {
        var text = Encoding.UTF8.GetString(json).Replace($"\"{directory}/", "\"./", StringComparison.Ordinal).Replace($"\"{directory}\"", "\".\"", StringComparison.Ordinal);
        return ComposeModel.Read(Encoding.UTF8.GetBytes(text), project);
    }
}
