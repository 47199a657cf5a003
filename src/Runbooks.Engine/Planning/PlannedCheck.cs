using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Planning;

/// <summary>A check as the plan holds it.</summary>
/// <param name="Name">The author's line for people; the statement when there is none.</param>
/// <param name="Statement">What holds or does not.</param>
/// <param name="Question">Null when it depends on outputs that only the run will have.</param>
public sealed record PlannedCheck(string Name, string Statement, CheckQuestion? Question)
{
    public required CheckSyntax Syntax { get; init; }

    public required ICheckKind Kind { get; init; }

    /// <summary>Id of the part of the plan to which it belongs; empty for the playbook that is run.</summary>
    public string Part { get; init; } = "";

    /// <summary>How long to keep asking for it to hold.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>Time between two questions.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it must keep holding once it does.</summary>
    public TimeSpan For { get; init; }
}
