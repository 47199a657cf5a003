using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Language.Projects;

/// <summary>What can be wrong with a project file as a whole.</summary>
public static class ProjectDiagnostics
{
    public static readonly Descriptor NotAProject = new("RB4000", "not-a-project", "the file is not a project file", Severity.Error,
        "A project file is a mapping that begins with 'project: v1' and has 'services:'. 'runbook init' writes one from what it finds.");

    public static readonly Descriptor NotPlain = new("RB4001", "project-expression", "a project file holds an expression", Severity.Error,
        "A project file is plain: it has no variables, so that nothing in it is computed. Write the value itself.");

    public static readonly Descriptor NotAnAddress = new("RB4002", "project-health", "a text is not an address that can be asked", Severity.Error,
        "A health address is absolute and begins with http:// or https://. A name and a password do not belong into it.");

    public static readonly Descriptor Contradiction = new("RB4003", "project-contradiction", "two keys of a project file contradict each other", Severity.Error,
        "The message names the two keys: one of them cannot have an effect.");

    public static readonly Descriptor NoService = new("RB4004", "project-service", "a service is not one of the project", Severity.Error,
        "A service has the name that it has in the Compose files.");

    public static readonly Descriptor NoFile = new("RB4005", "project-file", "a file or folder that the project names is not there", Severity.Error,
        "Paths belong to the project directory. Write the path as it is there, or take the entry out.");

    public static readonly Descriptor NotAVariable = new("RB4006", "project-variable", "a text is not the name of an environment variable", Severity.Error,
        "A secret has only a name in the project file, which is in git: the value is in the environment variable of that name. If it was the secret itself, and it was committed, make a new one.");

    public static readonly ImmutableArray<Descriptor> All = [NotAProject, NotPlain, NotAnAddress, Contradiction, NoService, NoFile, NotAVariable];
}
