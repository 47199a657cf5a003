using System.Collections.Immutable;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Language.Playbooks;

/// <summary>What happens after a failed step.</summary>
public enum OnFailure
{
    Stop,
    Undo,
}

/// <summary>A playbook that was read and checked: every field has the right form and every name is defined.</summary>
public sealed record Playbook
{
    public required SourceText Source { get; init; }

    public required string Name { get; init; }

    /// <summary>The playbook's own SemVer; empty when it has none.</summary>
    public string Version { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>application, configuration, infrastructure, database or sequential; empty when not said.</summary>
    public string Strategy { get; init; } = "";

    /// <summary>low, medium or high; empty when not said.</summary>
    public string Risk { get; init; } = "";

    /// <summary>How long the service is expected to be away.</summary>
    public TimeSpan? Downtime { get; init; }

    public ImmutableArray<VarDeclaration> Vars { get; init; } = [];

    /// <summary>One run at a time may hold what this names; null for the default, the playbook's name.</summary>
    public Template? Lock { get; init; }

    public ImmutableArray<CheckSyntax> Guards { get; init; } = [];

    public ImmutableArray<StepSyntax> Steps { get; init; } = [];

    /// <summary>The steps, each that holds steps followed by those.</summary>
    public IEnumerable<StepSyntax> AllSteps => WithMembers(Steps);

    /// <summary>Each step followed by those that it holds.</summary>
    internal static IEnumerable<StepSyntax> WithMembers(ImmutableArray<StepSyntax> steps)
    {
        // Walked several times over playbooks of a thousand steps: a query would leave more garbage than the steps themselves.
        foreach (var step in steps)
        {
            yield return step;
            foreach (var member in step.Members)
            {
                yield return member;
            }
        }
    }

    /// <summary>The playbooks for which steps stand, and those in them, by the ids of the parts that they become: also when a condition leaves them out.</summary>
    public IEnumerable<(string Id, Playbook Playbook)> AllParts => Steps.Where(s => s.Part is not null).SelectMany(s => s.Part is { } part ? part.AllParts.Select(p => ($"{s.Id}/{p.Id}", p.Playbook)).Prepend((s.Id, part)) : []);

    public ImmutableArray<CheckSyntax> Validations { get; init; } = [];

    public BoundFields? Defaults { get; init; }

    public OnFailure OnFailure { get; init; } = OnFailure.Stop;
}

/// <summary>A step as written.</summary>
/// <param name="Id">Given, or <c>step_N</c> with its position from 1.</param>
/// <param name="Kind">Which action it has.</param>
/// <param name="Body">The fields of the action.</param>
/// <param name="Common">The fields that all steps have.</param>
/// <param name="Span">Its first key: where messages about the step point.</param>
public sealed record StepSyntax(string Id, KindDeclaration Kind, BoundFields Body, BoundFields Common, TextSpan Span)
{
    public bool Captures => Common.Literal(StepFields.Capture) == "true";

    /// <summary>What happens after it failed; null for what the playbook says.</summary>
    public OnFailure? OnFailure => Common.Literal(StepFields.OnFailure) switch
    {
        "undo" => Playbooks.OnFailure.Undo,
        "stop" => Playbooks.OnFailure.Stop,
        _ => null,
    };

    /// <summary>rerun, verify or ask; null when not said.</summary>
    public string? OnResume => Common.Literal(StepFields.OnResume);

    /// <summary>What the author says that it does, else what its kind does.</summary>
    public Effect Effect => Common.Literal(StepFields.Effect) switch
    {
        "read" => Effect.Read,
        "destroy" => Effect.Destroy,
        "change" => Effect.Change,
        _ => Kind.Effect,
    };

    /// <summary>Ids of the steps whose backups must be there before it begins.</summary>
    public ImmutableArray<string> RequiresBackup => Common.Find<BoundList>(StepFields.RequiresBackup) is { } list ? [.. list.Items.Select(i => i.Source)] : [];

    /// <summary>Why it may destroy without a backup; null when nobody says so.</summary>
    public string? Acknowledged => Common.Literal(StepFields.Acknowledge);

    /// <summary>The declared inverse; null when there is none.</summary>
    public StepSyntax? Undo { get; init; }

    /// <summary>The playbook for whose steps it stands; null for any other step.</summary>
    public Playbook? Part { get; init; }

    /// <summary>The steps that it holds, which are run side by side; empty for any other step.</summary>
    public ImmutableArray<StepSyntax> Members => Kind.HoldsSteps ? Body.Find<BoundSteps>(ParallelFields.Steps)?.Steps ?? [] : [];
}

/// <summary>A check as written.</summary>
/// <param name="Common">Its name, <c>within</c>, <c>every</c>, <c>for</c>.</param>
public sealed record CheckSyntax(KindDeclaration Kind, BoundFields Body, BoundFields Common, TextSpan Span);
