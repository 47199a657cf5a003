using System.Collections.Immutable;
using Runbooks.Language.Fields;

namespace Runbooks.Language.Playbooks;

/// <summary>What a step does to the world.</summary>
public enum Effect
{
    /// <summary>Looks only.</summary>
    Read,

    /// <summary>Changes something that can be changed back.</summary>
    Change,

    /// <summary>Can lose data.</summary>
    Destroy,
}

/// <summary>What the language has to know of a kind of step or check: its key, its fields, its page.</summary>
/// <param name="name">The key in the playbook.</param>
/// <param name="summary">One line: what it does, or what it asks.</param>
/// <param name="fields">Makes the fields of its body, when a playbook that uses the kind is read: a start costs no more for kinds that it does not use.</param>
public sealed class KindDeclaration(string name, string summary, Func<FieldSet> fields)
{
    private readonly Lazy<FieldSet> _fields = new(fields, LazyThreadSafetyMode.PublicationOnly);

    public string Name { get; } = name;

    public string Summary { get; } = summary;

    /// <summary>The fields of its body.</summary>
    public FieldSet Fields => _fields.Value;

    /// <summary>The step starts a program of the author's: <c>env</c>, <c>cwd</c> and <c>capture</c> mean something beside it.</summary>
    public bool StartsProgram { get; init; }

    /// <summary>What a step of this kind does unless it says otherwise; checks only read.</summary>
    public Effect Effect { get; init; } = Effect.Change;

    /// <summary>The author may state the effect, because the kind cannot know it.</summary>
    public bool EffectIsDeclared { get; init; }

    /// <summary>A step of it stands for the steps of another playbook; its fields are <see cref="PartFields"/>.</summary>
    public bool HoldsPlaybook { get; init; }

    /// <summary>A step of it holds steps that are run side by side; its fields are <see cref="ParallelFields"/>.</summary>
    public bool HoldsSteps { get; init; }

    /// <summary>The step leaves a verified backup, on which steps that destroy can rely; what it captures is the path of it.</summary>
    public bool MakesBackups { get; init; }
}

/// <summary>The kinds that exist, for the reader of playbooks.</summary>
public sealed record KindCatalogue(ImmutableSortedDictionary<string, KindDeclaration> Steps, ImmutableSortedDictionary<string, KindDeclaration> Checks)
{
    public static KindCatalogue Of(IEnumerable<KindDeclaration> steps, IEnumerable<KindDeclaration> checks) => new(
        steps.ToImmutableSortedDictionary(k => k.Name, k => k, StringComparer.Ordinal),
        checks.ToImmutableSortedDictionary(k => k.Name, k => k, StringComparer.Ordinal));
}
