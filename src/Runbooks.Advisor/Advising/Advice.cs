using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Language.Templates;

namespace Runbooks.Advisor.Advising;

/// <summary>The one recommendation, with what speaks for and against it.</summary>
/// <param name="Strategy">Its name; <c>none</c> for not rolling back, <c>inconclusive</c> when something must be found out first.</param>
/// <param name="Alternatives">Why not the others.</param>
/// <param name="Evidence">What was observed, as the facts hold it.</param>
public sealed record Advice(string Strategy, Way Way, ImmutableArray<Alternative> Alternatives, ImmutableArray<Evidence> Evidence)
{
    /// <summary>As a line for a POSIX shell, with placeholders for what is not known; null when there is nothing to run.</summary>
    public string? CommandLine => Way.Command is { } command ? string.Join(' ', Place.Of(Words(command)).Select(Engine.Planning.CommandLine.Quote)) : null;

    public AdvicePlace Place { get; private init; } = AdvicePlace.Here;

    /// <summary>What stands in the way of the commands as they are, a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The run because of which nothing is recommended that would do the same again; null when there is none.</summary>
    public TriedRollback? Tried { get; init; }

    /// <summary>The playbooks that the command and the steps name, each once, from the project's folder.</summary>
    public IEnumerable<string> Playbooks => (Way.Command is { } command ? (string[])[command.Playbook] : []).Concat(AdvicePlace.PlaybooksIn(Way.Order)).Distinct(StringComparer.Ordinal);

    /// <summary>The same, with commands that find the project from elsewhere. Once.</summary>
    public Advice At(AdvicePlace place) => this with { Place = place, Way = Way with { Order = [.. Way.Order.Select(place.In)], WouldChange = [.. Way.WouldChange.Select(place.In)] } };

    /// <summary>The same, with a placeholder for each value of the command that would be printed with a mask in it: pasted, the mask would be taken for the value.</summary>
    /// <param name="mask">Takes secrets out of a text.</param>
    public Advice Without(Func<string, string> mask) => Way.Command is not { } command ? this : this with
    {
        Way = Way with
        {
            Command = command with { Vars = [.. command.Vars.Select(v => v.Value is { } value && mask(value).Contains(Rendered.Mask, StringComparison.Ordinal) ? v with { Value = null, Meaning = $"{v.Meaning} (not shown: it looks like a secret)" } : v)] },
        },
    };

    /// <summary>The variables that have to be filled in before it can be run.</summary>
    public ImmutableArray<CommandVar> Missing => [.. (Way.Command?.Vars ?? []).Where(v => v.Value is null)];

    public bool IsInconclusive => Way.Probe is not null;

    /// <summary>The reasons, each with what was observed of it; of several that come from the same fact the first has it.</summary>
    public IEnumerable<(string Text, ImmutableArray<Evidence> Evidence)> Reasons =>
        Way.Because.Select((r, i) => (r.Text, (ImmutableArray<Evidence>)[.. Way.Because.Take(i).Any(b => b.Fact == r.Fact) ? [] : Evidence.Where(e => e.Fact == r.Fact)]));

    /// <summary>The arguments of the program.</summary>
    public static IEnumerable<string> Words(PlaybookCommand command) =>
        ["runbook", "exec", command.Playbook, .. command.Vars.SelectMany(v => (string[])["--var", $"{v.Name}={v.Value ?? v.Placeholder}"])];
}

/// <summary>A strategy that is not recommended.</summary>
public sealed record Alternative(string Strategy, string WhyNot);
