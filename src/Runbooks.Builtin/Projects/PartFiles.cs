using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;

namespace Runbooks.Builtin.Projects;

/// <summary>Finds the playbooks that a playbook is made of: beside the one in which they are named, else in the project's <c>playbooks/</c>.</summary>
/// <param name="root">The playbook that is run.</param>
/// <param name="path">Where that is, absolute.</param>
public sealed class PartFiles(IFiles files, string project, SourceText root, string path)
{
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal) { [root.Path] = path };

    public (SourceText? Source, string Problem) Open(string file, SourceText from, string part)
    {
        var beside = Path.GetDirectoryName(_places.GetValueOrDefault(from.Path, path)) ?? project;
        var common = Path.Combine(project, "playbooks");
        foreach (var folder in (ReadOnlySpan<string>)[beside, common])
        {
            var place = Path.GetFullPath(file, folder);
            if (files.Stat(place).Kind != FileKind.File)
            {
                continue;
            }

            // Named as its neighbour is: the name does not depend on where the operator is.
            var shown = Path.Combine(Path.GetDirectoryName(from.Path) ?? "", Path.GetRelativePath(beside, place));
            var read = files.Read(place);
            if (read.Bytes is not { } bytes)
            {
                return (null, $"{shown}: {read.Problem}");
            }

            _places[shown] = place;
            return (SourceText.FromBytes(shown, bytes), "");
        }

        var known = files.List(beside).Concat(files.List(common)).Where(f => f.EndsWith(".yml", StringComparison.Ordinal) || f.EndsWith(".yaml", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        return (null, $"there is no file '{file}' beside {from.Path}, nor in the project's playbooks/{(Suggestion.For(file, known) is { } near ? $"; did you mean '{near}'?" : "")}");
    }
}
