using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Builtin.Compose;

/// <summary>Finds out which Compose project a step means, as Compose would in that folder, so that the plan can say all of it.</summary>
/// <remarks>
/// Three differences, each on purpose: folders above the project directory are not searched, the operator's own COMPOSE_FILE and COMPOSE_PROJECT_NAME have no
/// say (a plan must not depend on who looks at it), and what cannot be told for certain is an error.
/// </remarks>
public static class ComposeProjects
{
    /// <summary>In the order of Compose (compose-go, <c>DefaultFileNames</c>).</summary>
    private static readonly ImmutableArray<string> FileNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

    private static readonly ImmutableArray<string> OverrideNames = ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

    /// <summary>Reads the <see cref="ComposeFields"/>.</summary>
    /// <returns>Null when something is wrong or not known: the context was told what.</returns>
    public static ComposeProject? Read(Inputs inputs, PlanContext context)
    {
        var (given, givenEnv) = (KnownTexts(inputs, ComposeFields.Files, context), KnownTexts(inputs, ComposeFields.EnvFile, context));
        if (given is not { } names || givenEnv is not { } envNames)
        {
            return null;
        }

        var named = names.Select(context.Resolve).ToImmutableArray();
        var directory = inputs.OptionalPath(ComposeFields.Directory) is { } path ? context.Resolve(path)
            : named.IsEmpty ? context.ProjectDirectory
            : Path.GetDirectoryName(named[0]) ?? context.ProjectDirectory;
        var place = new Place(directory, inputs, context);
        var env = EnvFiles(envNames, place);
        if (env is not { } envFiles || (named.IsEmpty ? Discover(envFiles, place) : Readable(named, ComposeFields.Files, place)) is not { } files)
        {
            return null;
        }

        return Name(files, envFiles, place) is { } name ? new ComposeProject(name, directory, files, envFiles) { Program = ComposeProgram.Of(context) } : null;
    }

    /// <summary>The same for words that are given to Compose: all of it must be something that the Compose of this machine takes.</summary>
    public static ComposeProject? ReadForCommand(Inputs inputs, PlanContext context)
    {
        var project = Read(inputs, context);
        if (project is not { Program.IsStandalone: true, EnvFiles.Length: > 1 })
        {
            return project;
        }

        context.Report(ComposeDiagnostics.NotInOne, inputs.SpanOf(ComposeFields.EnvFile, 1), $"{project.Program.Name} takes one env file, these are {project.EnvFiles.Length}", "write them into one, or install the plugin 'docker compose'");
        return null;
    }

    /// <summary>The texts of a list that become words of a command; null when one is not known.</summary>
    public static ImmutableArray<string>? KnownTexts(Inputs inputs, string field, PlanContext context)
    {
        var texts = inputs.Texts(field);
        for (var i = 0; i < texts.Length; i++)
        {
            if (!IsKnown(texts[i], field, inputs.SpanOf(field, i), context))
            {
                return null;
            }
        }

        return [.. texts.Select(t => t.Reveal())];
    }

    private static bool IsKnown(Rendered text, string field, TextSpan span, PlanContext context)
    {
        if (!text.IsKnown)
        {
            context.Report(TemplateDiagnostics.NotKnown, span, $"'{field}' must be known when the plan is made, {text.Display} is not");
            return false;
        }

        return true;
    }

    private static ImmutableArray<string>? EnvFiles(ImmutableArray<string> names, Place place)
    {
        if (!names.IsEmpty)
        {
            return Readable([.. names.Select(place.Context.Resolve)], ComposeFields.EnvFile, place);
        }

        var usual = Path.Join(place.Directory, ".env");
        return place.Context.Files.Read(usual).IsMissing ? [] : Readable([usual], ComposeFields.EnvFile, place);
    }

    private static ImmutableArray<string>? Readable(ImmutableArray<string> paths, string field, Place place)
    {
        var isComplete = true;
        for (var i = 0; i < paths.Length; i++)
        {
            if (place.Context.Files.Read(paths[i]).Problem is { } problem)
            {
                place.Context.Report(ComposeDiagnostics.NoFile, place.Inputs.SpanOf(field, i), $"'{place.Context.Show(paths[i])}' cannot be read: {problem}");
                isComplete = false;
            }
        }

        return isComplete ? paths : null;
    }

    private static ImmutableArray<string>? Discover(ImmutableArray<string> envFiles, Place place)
    {
        if (Variable("COMPOSE_FILE", envFiles, place) is { } elsewhere)
        {
            place.Context.Report(ComposeDiagnostics.FilesElsewhere, place.Inputs.Span, $"COMPOSE_FILE in '{place.Context.Show(elsewhere.File)}' names the Compose files", $"list them in 'files': {elsewhere.Value}");
            return null;
        }

        if (First(FileNames, place) is not { } file)
        {
            place.Context.Report(ComposeDiagnostics.NoFile, place.Inputs.Span, $"there is no Compose file in {place.Directory}", $"looked for {string.Join(", ", FileNames)}; or name it in 'files'");
            return null;
        }

        return Readable(First(OverrideNames, place) is { } over ? [file, over] : [file], ComposeFields.Files, place);
    }

    private static string? First(ImmutableArray<string> names, Place place) =>
        names.Select(n => Path.Join(place.Directory, n)).FirstOrDefault(p => !place.Context.Files.Read(p).IsMissing);

    private static string? Name(ImmutableArray<string> files, ImmutableArray<string> envFiles, Place place)
    {
        var (name, origin) = GivenName(files, envFiles, place);
        if (name is null)
        {
            return null;
        }

        var normal = ComposeProject.Normalise(name);
        var isExact = origin is not (NameOrigin.Field or NameOrigin.EnvFile) || normal == name;
        if (normal.Length > 0 && isExact && !name.Contains('$'))
        {
            return normal;
        }

        var (message, hint) = origin switch
        {
            _ when name.Contains('$') => ($"the name '{name}' takes a variable", "give the name in 'project'"),
            NameOrigin.Folder => ($"the name of the folder, '{name}', gives no name of a project", "give it in 'project'"),
            _ => ($"'{name}' is not the name of a Compose project", normal.Length > 0 ? $"did you mean '{normal}'?" : null),
        };
        place.Context.Report(ComposeDiagnostics.NoName, place.Inputs.SpanOf(ComposeFields.Project), message, hint);
        return null;
    }

    /// <summary>In the order of Compose: the flag, the variable, the last file with a name, the folder.</summary>
    private static (string? Name, NameOrigin Origin) GivenName(ImmutableArray<string> files, ImmutableArray<string> envFiles, Place place)
    {
        if (place.Inputs.OptionalText(ComposeFields.Project) is { Parts.IsEmpty: false } field)
        {
            return (IsKnown(field, ComposeFields.Project, place.Inputs.SpanOf(ComposeFields.Project), place.Context) ? field.Reveal() : null, NameOrigin.Field);
        }

        if (Variable("COMPOSE_PROJECT_NAME", envFiles, place) is { } variable)
        {
            return (variable.Value, NameOrigin.EnvFile);
        }

        string? written = null;
        foreach (var file in files)
        {
            var (name, isCertain) = NameIn(file, place);
            if (!isCertain)
            {
                place.Context.Report(ComposeDiagnostics.NoName, place.Inputs.SpanOf(ComposeFields.Project), $"'{place.Context.Show(file)}' is not valid YAML, so whether it names the project cannot be told", "mend it, or give the name in 'project'");
                return (null, NameOrigin.File);
            }

            written = name ?? written;
        }

        return written is not null ? (written, NameOrigin.File) : (Path.GetFileName(Path.TrimEndingDirectorySeparator(place.Directory)), NameOrigin.Folder);
    }

    private static (string? Name, bool IsCertain) NameIn(string file, Place place)
    {
        var source = SourceText.FromBytes(file, Bytes(file, place).Span);
        var tree = YamlReader.Read(source, new DiagnosticBag(source));
        return tree.Root is YamlMapping root && !tree.IsPartial
            ? (root.Find("name")?.Value is YamlScalar { IsNull: false } name && name.Value.Length > 0 ? name.Value : null, true)
            : (null, false);
    }

    /// <summary>A variable of the env files; the last one that sets it counts.</summary>
    private static (string Value, string File)? Variable(string name, ImmutableArray<string> envFiles, Place place)
    {
        (string, string)? found = null;
        foreach (var file in envFiles)
        {
            foreach (var line in SourceText.FromBytes(file, Bytes(file, place).Span).Content.Split('\n'))
            {
                var text = line.AsSpan().Trim();
                text = text.StartsWith("export ") ? text[7..].TrimStart() : text;
                var equals = text.IndexOf('=');
                if (equals > 0 && text[..equals].TrimEnd().SequenceEqual(name) && Unquote(text[(equals + 1)..]) is { Length: > 0 } value)
                {
                    found = (value, file);
                }
            }
        }

        return found;
    }

    private static string Unquote(ReadOnlySpan<char> text)
    {
        var value = text.Trim();
        if (value.Length > 0 && value[0] is '"' or '\'' && value[1..].IndexOf(value[0]) is >= 0 and var close)
        {
            return value[1..(close + 1)].ToString();
        }

        var comment = value.IndexOf(" #");
        return (comment < 0 ? value : value[..comment].TrimEnd()).ToString();
    }

    private static ReadOnlyMemory<byte> Bytes(string file, Place place) => place.Context.Files.Read(file).Bytes ?? default;

    private enum NameOrigin
    {
        Field,
        EnvFile,
        File,
        Folder,
    }

    private readonly record struct Place(string Directory, Inputs Inputs, PlanContext Context);
}
