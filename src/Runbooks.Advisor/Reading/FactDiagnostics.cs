using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Advisor.Reading;

/// <summary>What can be wrong with a facts file.</summary>
public static class FactDiagnostics
{
    public static readonly Descriptor BadFile = new("RB4050", "bad-facts-file", "the facts file is not a mapping of facts", Severity.Error,
        "A facts file is one YAML or JSON mapping: 'changes: [application]'. What is not known is left out, or is null. What 'runbook assess --format json' prints is one.");

    public static readonly Descriptor UnknownFact = new("RB4051", "unknown-fact", "a key is no fact that is known", Severity.Error,
        "A fact that nobody reads would be ignored in silence, and the advice would be about another situation. Check its spelling.");

    public static readonly Descriptor WrongValue = new("RB4052", "wrong-fact-value", "a fact has a value that it cannot have", Severity.Error,
        "A yes-or-no fact is true, false or null (not known); others are one of the words that the message names.");

    public static readonly Descriptor WrongShape = new("RB4053", "wrong-fact-shape", "a fact has the wrong form", Severity.Error,
        "The fact needs another form: a list, a mapping, or a single value.");

    public static readonly Descriptor MissingKey = new("RB4054", "missing-fact-key", "an item of a fact lacks a key", Severity.Error,
        "Without the key that the message names the item says nothing: a migration needs its id, a component its name and its change.");

    public static readonly Descriptor Contradiction = new("RB4055", "contradicting-facts", "two facts contradict each other", Severity.Error,
        "The same thing is said twice, and differently. Advice from contradicting facts would be a guess: find out which of them is right, or say that it is not known.");

    public static readonly ImmutableArray<Descriptor> All = [BadFile, UnknownFact, WrongValue, WrongShape, MissingKey, Contradiction];
}
