using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Runbooks.Builtin.Compose;

/// <summary>Everything that says which Compose project is meant, so that nothing is left to the folder or the environment in which a command happens to run.</summary>
/// <param name="Name">As Compose writes it into the label <c>com.docker.compose.project</c>.</param>
/// <param name="Directory">Absolute; relative paths inside the Compose files belong to it.</param>
/// <param name="Files">Absolute, in the order in which they are laid over each other; at least one.</param>
/// <param name="EnvFiles">Absolute; the files whose variables the Compose files use.</param>
public sealed record ComposeProject(string Name, string Directory, ImmutableArray<string> Files, ImmutableArray<string> EnvFiles)
{
    /// <summary>What the machine has; looked up whenever words are needed, and never kept.</summary>
    [JsonIgnore]
    public ComposeProgram Program { get; init; }

    /// <summary>The words before the command: <c>docker compose --project-name …</c></summary>
    public IEnumerable<string> Words =>
    [
        .. Program.Words, "--project-name", Name, "--project-directory", Directory,
        .. Files.SelectMany(f => (string[])["-f", f]),
        .. EnvFiles.SelectMany(f => (string[])["--env-file", f]),
    ];

    /// <summary>The same project, with a Compose file from the standard input laid over the others.</summary>
    [JsonIgnore]
    public ComposeProject Overlaid => this with { Files = Files.Add(Program.StandardInput) };

    /// <summary>The name that Compose makes of any text: small letters, digits, <c>_</c> and <c>-</c>, beginning with a letter or digit; may be empty.</summary>
    public static string Normalise(string name) =>
        new string([.. name.ToLowerInvariant().Where(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-')]).TrimStart('_', '-');
}
