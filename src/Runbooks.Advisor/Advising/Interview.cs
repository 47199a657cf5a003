using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Advisor.Advising;

/// <summary>Asks the operator the handbook's questions for what facts leave unknown, and then what would decide.</summary>
/// <param name="adviser">Knows what would decide.</param>
public sealed class Interview(IPrompt prompt, Adviser adviser)
{
    private const string Unknown = "?";

    private static readonly ImmutableArray<(string Word, Answer Value)> Answers = [("yes", Answer.Yes), ("no", Answer.No), ("unknown", Answer.Unknown)];

    private bool _isGone;
    private bool _hasAsked;

    /// <returns>The facts with what was answered. Who does not know, or has gone away, leaves a fact unknown.</returns>
    /// <exception cref="OperationCanceledException">The operator stopped it.</exception>
    public async Task<Facts> AskAsync(Facts facts, CancellationToken cancel)
    {
        var known = facts;
        facts = await HandbookAsync(facts, cancel);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        // Each question is asked once; who does not know the answer does not know it the second time.
        while (!_isGone && adviser.Advise(facts).Way.Probe is { } probe && asked.Add(probe.Fact))
        {
            facts = await DecidingAsync(facts, probe, cancel);
        }

        while (!_isGone && adviser.Advise(facts).Tried is { } tried && asked.Add(tried.Run))
        {
            var isGone = await WordAsync($"run {tried.Run} tried this way already: {tried.What} {tried.Ended}. Is the reason gone why it did not succeed?", Answers, Answer.Unknown, cancel);
            facts = isGone == Answer.Yes ? facts with { Tried = [.. (facts.Tried ?? []).Where(t => t.Run != tried.Run)] } : facts;
        }

        return Attributed(known, facts);
    }

    /// <summary>What somebody has said is no longer called unknown, and it is said that somebody has said it.</summary>
    private static Facts Attributed(Facts before, Facts after)
    {
        ImmutableArray<(string Fact, bool IsAnswered)> all =
        [
            (FactKeys.Changes, before.Changes is null && after.Changes is not null),
            (FactKeys.Migrations, before.Migrations != after.Migrations),
            (FactKeys.FailureTime, before.FailureTime != after.FailureTime),
            (FactKeys.SystemState, before.SystemState != after.SystemState),
            (FactKeys.Traffic, before.Traffic != after.Traffic),
            (FactKeys.CauseInRelease, before.CauseInRelease != after.CauseInRelease),
            (FactKeys.SchemaCompatible, before.SchemaCompatible != after.SchemaCompatible),
            (FactKeys.PreviousReleaseAvailable, before.PreviousReleaseAvailable != after.PreviousReleaseAvailable),
            (FactKeys.Tried, before.Tried != after.Tried),
        ];
        ImmutableArray<string> answered = [.. all.Where(a => a.IsAnswered).Select(a => a.Fact)];
        return answered.IsEmpty ? after : after with
        {
            Evidence = [.. after.Evidence.Where(e => e.Means != "unknown" || !answered.Contains(e.Fact)), .. answered.Select(f => new Evidence(f, "the operator", "", "answered when asked", ""))],
        };
    }

    /// <summary>Fills in what is missing in a command.</summary>
    public async Task<Advice> CompleteAsync(Advice advice, CancellationToken cancel)
    {
        if (advice.Way.Command is not { } command)
        {
            return advice;
        }

        var vars = command.Vars.ToBuilder();
        for (var i = 0; i < vars.Count && !_isGone; i++)
        {
            if (vars[i].Value is null && await LineAsync($"{vars[i].Name}, {vars[i].Meaning}:", cancel) is { Length: > 0 } value)
            {
                vars[i] = vars[i] with { Value = value };
            }
        }

        return advice with { Way = advice.Way with { Command = command with { Vars = vars.ToImmutable() } } };
    }

    private async Task<Facts> HandbookAsync(Facts facts, CancellationToken cancel)
    {
        if (facts.Changes is null)
        {
            facts = facts with { Changes = await WordsAsync("what did the release change?", FactWords.Changes, cancel) };
        }

        if (facts.FailureTime == FailureTime.Unknown)
        {
            facts = facts with { FailureTime = await WordAsync("when did it fail?", FactWords.FailureTimes, FailureTime.Unknown, cancel) };
        }

        if (facts.CauseInRelease == Answer.Unknown)
        {
            facts = facts with { CauseInRelease = await WordAsync("did the trouble begin with the release?", Answers, Answer.Unknown, cancel) };
        }

        if (facts.SystemState == SystemState.Unknown)
        {
            facts = facts with { SystemState = await WordAsync("how is the system now?", FactWords.SystemStates, SystemState.Unknown, cancel) };
        }

        if (facts.Traffic == Traffic.Unknown)
        {
            facts = facts with { Traffic = await WordAsync("whom does it serve?", FactWords.Traffic, Traffic.Unknown, cancel) };
        }

        return facts;
    }

    private async Task<Facts> DecidingAsync(Facts facts, Probe probe, CancellationToken cancel)
    {
        if (probe.Command.Length > 0)
        {
            prompt.Show($"to find out: {probe.Command}\n");
        }

        return probe.Fact switch
        {
            FactKeys.Changes => facts with { Changes = await WordsAsync(probe.Question, FactWords.Changes, cancel) },
            FactKeys.Migrations => facts with { Migrations = await MigrationsAsync(facts.Migrations, cancel) },
            FactKeys.SchemaCompatible => facts with { SchemaCompatible = await WordAsync(probe.Question, Answers, Answer.Unknown, cancel) },
            FactKeys.PreviousReleaseAvailable => facts with { PreviousReleaseAvailable = await WordAsync(probe.Question, Answers, Answer.Unknown, cancel) },
            _ => facts,
        };
    }

    private async Task<ImmutableArray<Migration>?> MigrationsAsync(ImmutableArray<Migration>? known, CancellationToken cancel)
    {
        if (known is not { IsEmpty: false } migrations)
        {
            var ids = await LineAsync("which migrations did the release apply? (their ids, with commas between them)", cancel);
            if (ids.Length == 0)
            {
                return known;
            }

            migrations = [.. ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Select(id => new Migration(id, Answer.Unknown, DataLoss.Unknown))];
        }

        var asked = ImmutableArray.CreateBuilder<Migration>();
        foreach (var migration in migrations)
        {
            asked.Add(migration.Reversible != Answer.Unknown
                ? migration
                : migration with
                {
                    Reversible = await WordAsync($"can {migration.Id} be taken back?", Answers, Answer.Unknown, cancel),
                    DataLoss = migration.DataLoss != DataLoss.Unknown ? migration.DataLoss : await WordAsync($"does taking {migration.Id} back lose data?", FactWords.DataLosses, DataLoss.Unknown, cancel),
                });
        }

        return asked.ToImmutable();
    }

    private async Task<T> WordAsync<T>(string question, ImmutableArray<(string Word, T Value)> words, T unknown, CancellationToken cancel)
    {
        while (true)
        {
            var answer = await LineAsync($"{question} ({string.Join(", ", words.Select(w => w.Word))})", cancel);
            if (answer.Length == 0)
            {
                return unknown;
            }

            if (Find(words, answer) is { } found)
            {
                return found.Value;
            }
        }
    }

    /// <returns>Null when it is not known.</returns>
    private async Task<ImmutableArray<ChangeKind>?> WordsAsync(string question, ImmutableArray<(string Word, ChangeKind Value)> words, CancellationToken cancel)
    {
        while (true)
        {
            var answer = await LineAsync($"{question} ({string.Join(", ", words.Select(w => w.Word))}; several with commas; nothing)", cancel);
            if (answer.Length == 0)
            {
                return null;
            }

            if (answer.Equals("nothing", StringComparison.OrdinalIgnoreCase))
            {
                return [];
            }

            var found = answer.Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(w => Find(words, w)).ToList();
            if (found.TrueForAll(f => f is not null))
            {
                return [.. found.OfType<Choice<ChangeKind>>().Select(f => f.Value)];
            }
        }
    }

    /// <summary>The word itself, or enough of its beginning; says what it could be when it is none.</summary>
    private Choice<T>? Find<T>(ImmutableArray<(string Word, T Value)> words, string answer)
    {
        var near = words.Where(w => w.Word.StartsWith(answer, StringComparison.OrdinalIgnoreCase)).ToList();
        if (near.Count == 1 || near.Exists(w => w.Word.Equals(answer, StringComparison.OrdinalIgnoreCase)))
        {
            return new Choice<T>(near[0].Value);
        }

        prompt.Show($"'{answer}' is none of {string.Join(", ", words.Select(w => w.Word))}{(Suggestion.For(answer, words.Select(w => w.Word)) is { } word ? $"; did you mean '{word}'?" : "")}\n");
        return null;
    }

    /// <returns>Empty when it is not known.</returns>
    private async Task<string> LineAsync(string question, CancellationToken cancel)
    {
        if (!_hasAsked)
        {
            // Who is asked nothing need not know how to answer.
            prompt.Show("what is not known: answer '?', or nothing\n\n");
            _hasAsked = true;
        }

        if (_isGone || await prompt.AskAsync(question, cancel) is not { } answer)
        {
            _isGone = true;
            return "";
        }

        return answer.Trim() is var text && text == Unknown ? "" : text;
    }

    /// <summary>A value that was chosen; none is another thing than the value that says that it is not known.</summary>
    private sealed record Choice<T>(T Value);
}
