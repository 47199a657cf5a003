using System.Collections.Immutable;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Planning;

/// <summary>From where the playbooks that a playbook is made of get what no step gives them.</summary>
public sealed record PartInputs
{
    public static PartInputs None { get; } = new();

    /// <summary>Values on record, as of <see cref="Language.Playbooks.VarInputs.Recorded"/>, each by the id of its part and its name: <c>database/host</c>.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>?> Recorded { get; init; } = ImmutableDictionary<string, ImmutableArray<string>?>.Empty;

    /// <summary>The value of an environment variable; null when it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>Adds the outputs on record of the steps of a part, by its id, to its names.</summary>
    public Func<string, TemplateScope, TemplateScope> Outputs { get; init; } = (_, scope) => scope;

    /// <summary>A variable as the plan that is made anew had it: see <see cref="Saved.SavedPlan.Keep"/>.</summary>
    public Func<PlannedVar, PlannedVar> Keep { get; init; } = variable => variable;

    /// <summary>As <see cref="Language.Playbooks.VarInputs.Placeholders"/>.</summary>
    public bool Placeholders { get; init; }

    internal ImmutableDictionary<string, ImmutableArray<string>?> RecordedOf(string part) => Recorded
        .Where(v => v.Key.Length > part.Length && v.Key.StartsWith(part, StringComparison.Ordinal) && v.Key[part.Length] == '/' && v.Key.IndexOf('/', part.Length + 1) < 0)
        .ToImmutableDictionary(v => v.Key[(part.Length + 1)..], v => v.Value, StringComparer.Ordinal);
}
