using System.Collections.Immutable;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Compose;

/// <summary>The fields by which a step or a check says which Compose project it means; <see cref="ComposeProjects"/> reads them.</summary>
public static class ComposeFields
{
    public const string Files = "files";
    public const string Directory = "directory";
    public const string Project = "project";
    public const string EnvFile = "env_file";

    public static readonly ImmutableArray<Field> All =
    [
        new Field(Files, FieldShape.TextList, "the Compose files, each laid over the one before") { Otherwise = "compose.yaml, compose.yml, docker-compose.yml or docker-compose.yaml, with its override file", IsShown = true },
        new Field(Directory, FieldShape.Path, "the folder to which relative paths in the Compose files belong") { Otherwise = "the folder of the first Compose file" },
        new Field(Project, FieldShape.Text, "the name of the Compose project") { Otherwise = "COMPOSE_PROJECT_NAME of the env file, 'name:' of the Compose file, or the name of its folder; also when it is empty", IsShown = true },
        new Field(EnvFile, FieldShape.TextList, "the files with the variables of the Compose files") { Otherwise = ".env in the folder, when it is there", IsShown = true },
    ];
}
