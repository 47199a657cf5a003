using System.Collections.Immutable;
using Runbooks.Builtin.Compose;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>What a command can change: the containers of some services of a project.</summary>
/// <param name="Services">Those that are named; empty for all of the project.</param>
/// <param name="Others">Compose may also start or make what these depend on.</param>
public sealed record ComposeReach(ComposeProject Project, ImmutableArray<string> Profiles, ImmutableArray<string> Services, bool Others)
{
    /// <summary>Variables of the Compose files that are not set may be blank.</summary>
    public bool AllowsBlank { get; init; }

    /// <summary>The step pulls: a tag can name another image after it.</summary>
    public bool Pulls { get; init; }

    public string Noun => Services.Length switch
    {
        0 => $"the services of {Project.Name}",
        1 => $"service {Services[0]}",
        _ => $"services {string.Join(", ", Services)}",
    };

    /// <summary>The words before the command: project and profiles.</summary>
    public IEnumerable<string> Words => [.. Project.Words, .. ProfileWords];

    /// <summary>The same, with a Compose file from the standard input laid over the others.</summary>
    public IEnumerable<string> OverlaidWords => [.. Project.Overlaid.Words, .. ProfileWords];

    private IEnumerable<string> ProfileWords => Profiles.SelectMany(p => (string[])["--profile", p]);

    public bool Names(string service) => Services.IsEmpty || Services.Contains(service);
}
