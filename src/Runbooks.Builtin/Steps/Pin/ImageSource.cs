using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Editing;

namespace Runbooks.Builtin.Steps.Pin;

/// <summary>Where the image of a service is written.</summary>
/// <param name="File">Absolute.</param>
internal sealed record ImagePlace(string File, SeenScalar Image);

/// <summary>What the files of a Compose project say of images: each file laid over the one before, aliases, merge keys and variables followed.</summary>
internal sealed class ImageSource
{
    private const string Services = "services";

    private readonly ImmutableArray<(string File, ScalarView View)> _files;
    private readonly ImmutableArray<(string File, ScalarView View)> _envFiles;

    private ImageSource(ImmutableArray<(string, ScalarView)> files, ImmutableArray<(string, ScalarView)> envFiles) => (_files, _envFiles) = (files, envFiles);

    /// <returns>Null, with the file and why, when one cannot be read for certain.</returns>
    public static ImageSource? Read(ComposeProject project, PlanContext context, out string problem)
    {
        var why = "";
        var (files, envFiles) = (Views(project.Files, EditFormat.Yaml), Views(project.EnvFiles, EditFormat.DotEnv));
        problem = why;
        return why.Length > 0 ? null : new ImageSource(files, envFiles);

        ImmutableArray<(string, ScalarView)> Views(ImmutableArray<string> paths, EditFormat format)
        {
            var views = ImmutableArray.CreateBuilder<(string, ScalarView)>();
            foreach (var path in paths)
            {
                if (ScalarView.Read((context.Files.Read(path).Bytes ?? default).Span, format, out var unread) is { } view)
                {
                    views.Add((path, view));
                }
                else
                {
                    why = $"{context.Show(path)}: {unread}";
                }
            }

            return views.ToImmutable();
        }
    }

    public IEnumerable<string> ServiceNames => _files.SelectMany(f => f.View.Keys(Services)).Distinct(StringComparer.Ordinal);

    /// <summary>The last file that gives it an image decides; null when none does.</summary>
    public ImagePlace? PlaceOf(string service)
    {
        foreach (var (file, view) in _files.Reverse())
        {
            if (view.Find(Services, service, "image") is { } image)
            {
                return new ImagePlace(file, image);
            }
        }

        return null;
    }

    /// <summary>Services that take a variable for anything in any of the files.</summary>
    public IEnumerable<string> UsersOf(string variable) =>
        ServiceNames.Where(s => _files.Any(f => f.View.Below(Services, s).Any(v => v.Variables.Contains(variable))));

    /// <summary>The last env file that sets a variable decides; null when none does, or it takes its value from elsewhere.</summary>
    public (string File, SeenScalar Value)? Setting(string variable)
    {
        foreach (var (file, view) in _envFiles.Reverse())
        {
            if (view.Find(variable) is { } value)
            {
                return (file, value);
            }
        }

        return null;
    }

    /// <summary>The variables that a text takes, with what the env files set them to; one that takes variables itself is left out.</summary>
    public IReadOnlyDictionary<string, string> ValuesFor(SeenScalar text) =>
        text.Variables.Select(name => (name, Setting(name)))
            .Where(s => s.Item2 is { Value.Variables.IsEmpty: true })
            .ToDictionary(s => s.name, s => s.Item2?.Value.Value ?? "", StringComparer.Ordinal);
}
