using System.CommandLine;

namespace Runbooks.Cli;

/// <summary>Where the project and its trail are: the options that most verbs share.</summary>
public sealed class ProjectPlace
{
    public Option<string?> Directory { get; } = new("--project-directory", "-C") { Description = "the project's folder; relative paths of a playbook belong to it", HelpName = "DIR", Recursive = true };

    public Option<string?> Store { get; } = new("--store") { Description = "where runs are kept (default: .runbook in the project; RUNBOOK_STORE)", HelpName = "DIR", Recursive = true };

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Directory) is not null;

    /// <summary>Absolute.</summary>
    public string DirectoryOf(ParseResult parsed, Composition composition) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(Directory) ?? ".", composition.CurrentDirectory));

    /// <summary>Absolute.</summary>
    public string StoreOf(ParseResult parsed, Composition composition) => StoreOf(parsed, composition, DirectoryOf(parsed, composition));

    /// <summary>Absolute.</summary>
    /// <param name="project">The project's folder, when it is not the command line that says it.</param>
    public string StoreOf(ParseResult parsed, Composition composition, string project)
    {
        var given = parsed.GetValue(Store) ?? composition.Machine.Environment("RUNBOOK_STORE");
        return string.IsNullOrEmpty(given)
            ? Path.Combine(project, ".runbook")
            : Path.GetFullPath(given, composition.CurrentDirectory);
    }
}
