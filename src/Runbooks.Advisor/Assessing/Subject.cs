using System.Collections.Immutable;
using Runbooks.Language.Projects;

namespace Runbooks.Advisor.Assessing;

/// <summary>What is assessed, as far as its files say it.</summary>
/// <param name="Directory">Absolute: the project's folder.</param>
public sealed record Subject(string Directory)
{
    /// <summary>The Compose project; empty when nothing says it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the project says of itself, or what was guessed from its Compose files; null when there is neither.</summary>
    public ProjectFile? Project { get; init; }

    /// <summary>A project file says it; else it was guessed.</summary>
    public bool IsDeclared { get; init; }

    /// <summary>As people write them, from the project's folder.</summary>
    public ImmutableArray<string> ComposeFiles { get; init; } = [];

    /// <summary>As people write them, from the project's folder.</summary>
    public ImmutableArray<string> EnvFiles { get; init; } = [];

    /// <summary>What could not be known of it, a sentence each.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    /// <summary>The services that are expected to run.</summary>
    public ImmutableArray<ServiceDeclaration> Services => Project?.Services ?? [];

    public ServiceKind KindOf(string service) => Services.FirstOrDefault(s => s.Name == service)?.Kind ?? ServiceKind.Application;
}
