using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Compose;

/// <summary>What can be wrong with the naming of a Compose project.</summary>
public static class ComposeDiagnostics
{
    public static readonly Descriptor NoFile = new("RB3120", "compose-file", "a Compose file cannot be read", Severity.Error,
        "Name the files in 'files', or keep one of compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml in the project directory. Folders above it are not searched.");

    public static readonly Descriptor NoName = new("RB3121", "compose-project", "the name of the Compose project cannot be told", Severity.Error,
        "The name says which containers are meant; it is never guessed. Give it in 'project', or as 'name:' in the Compose file. It has small letters, digits, '-' and '_', and begins with a letter or a digit.");

    public static readonly Descriptor FilesElsewhere = new("RB3122", "compose-files-in-env", "the env file names other Compose files", Severity.Error,
        "COMPOSE_FILE in the env file says which files make up the project. List them in 'files', so that the plan shows them.");

    public static readonly Descriptor NotAService = new("RB3123", "compose-service", "a text is not the name of a service", Severity.Error,
        "A service has letters, digits, '.', '-' and '_' and does not begin with '-': anything else could be read as an option.");

    public static readonly Descriptor NotAnImage = new("RB3124", "compose-image", "a text is not the name of an image", Severity.Error,
        "Letters, digits and '. _ / : @ -', beginning with a letter or a digit: myapp:v1.2.3, registry.example.org/myapp@sha256:… Compose would compute anything with a '$'.");

    public static readonly Descriptor NotInOne = new("RB3125", "compose-one", "the Compose of this machine cannot do that", Severity.Error,
        "There is no 'docker compose' here, only the program 'docker-compose': most likely Compose 1.29, which has no '--wait', no '--pull' and takes one env file. Install the plugin (docker-compose-plugin, docker-compose-v2), or do without.");

    public static readonly ImmutableArray<Descriptor> All = [NoFile, NoName, FilesElsewhere, NotAService, NotAnImage, NotInOne];
}
