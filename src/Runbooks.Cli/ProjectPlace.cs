using System.CommandLine;

namespace Runbooks.Cli;

/// <summary>Where the project and its trail are: the options that most verbs share.</summary>
public sealed class ProjectPlace
{
    public Option<string?> Directory { get; } = new("--project-directory", "-C") { Description = "the project's folder; relative paths of a playbook belong to it", HelpName = "DIR", Recursive = true };

    public Option<string?> Store { get; } = new("--store") { Description = "where runs are kept (default: .runbook in the project; RUNBOOK_STORE)", HelpName = "DIR", Recursive = true };

    /// <summary>Absolute.</summary>
    public string DirectoryOf(ParseResult parsed, Composition composition) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(Directory) ?? ".", composition.CurrentDirectory));

    /// <summary>Absolute.</summary>
    public string StoreOf(ParseResult parsed, Composition composition)
    {
        var given = parsed.GetValue(Store) ?? composition.Machine.Environment("RUNBOOK_STORE");
        return string.IsNullOrEmpty(given)
            ? Path.Combine(DirectoryOf(parsed, composition), ".runbook")
            : Path.GetFullPath(given, composition.CurrentDirectory);
    }
}
