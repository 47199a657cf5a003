using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Steps.Http;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Http;

/// <summary>One request, and everything that its answer must be.</summary>
public sealed record HttpCheck(RequestSent Request, ImmutableArray<StatusRange> Accepted, TimeSpan Timeout, bool FollowRedirects) : CheckQuestion
{
    /// <summary>Each must be among those of the answer; an empty value is any.</summary>
    public ImmutableArray<EnvironmentAddition> AnswerHeaders { get; init; } = [];

    /// <summary>Each must stand in the body.</summary>
    public ImmutableArray<Rendered> BodyContains { get; init; } = [];

    public Regex? BodyMatches { get; init; }

    /// <summary>Paths into the JSON body with the values that must be there.</summary>
    public ImmutableArray<KeyValuePair<Rendered, Rendered>> Json { get; init; } = [];

    public bool LooksAtBody => !BodyContains.IsEmpty || BodyMatches is not null || !Json.IsEmpty;

    public override bool IsKnown => Request.IsKnown && AnswerHeaders.All(h => h.Value.IsKnown) && BodyContains.All(t => t.IsKnown) && Json.All(p => p.Key.IsKnown && p.Value.IsKnown);

    public override ImmutableArray<PlannedEffect> ByHand => [Request];

    public override string Statement
    {
        get
        {
            string[] parts =
            [
                .. AnswerHeaders.Select(h => h.Value.Parts.IsEmpty ? $"the header {h.Name}" : $"the header {h.Name}: {h.Value.Display}"),
                .. BodyContains.Select(t => $"{Phrases.Quote(t)} in the body"),
                .. BodyMatches is null ? Array.Empty<string>() : [$"a body that matches {BodyMatches}"],
                .. Json.Select(p => $"{p.Key.Display} = {Phrases.Quote(p.Value)} in its JSON"),
            ];
            var answer = $"{Request.Method} {Request.Url.Display} answers {string.Join(" or ", Accepted.Select(a => a.ToString()))}{(FollowRedirects ? " after redirects" : "")}";
            return parts.Length == 0 ? answer : $"{answer} with {Phrases.And(parts)}";
        }
    }

    /// <summary>A plain GET is all in the statement.</summary>
    public override ImmutableArray<PlannedEffect> Effects => Request.Method == "GET" && Request.Headers.IsEmpty ? [] : [Request];
}
