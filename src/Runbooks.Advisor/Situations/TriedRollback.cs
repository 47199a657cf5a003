using System.Collections.Immutable;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Advisor.Situations;

/// <summary>How a rollback ended that did not succeed.</summary>
public enum TriedEnd
{
    /// <summary>What it had changed was left as it was at that moment.</summary>
    Failed,

    /// <summary>What it had changed was put back.</summary>
    Undone,

    /// <summary>It could not be put back completely.</summary>
    UndoFailed,

    /// <summary>It succeeded, and a person took it back afterwards.</summary>
    TakenBack,

    /// <summary>A person stopped it half way.</summary>
    Stopped,

    /// <summary>It has no end on record: it still runs, or it was interrupted.</summary>
    Unfinished,
}

/// <summary>A rollback that was run since the release to go back to was last seen to be well, that changed something and did not end in success.</summary>
/// <param name="Playbook">Its name.</param>
/// <param name="Run">The id of the run.</param>
/// <param name="Target">What it went back to: those of its variables that say it, as they are written on the command line. What is missing is not known.</param>
public sealed record TriedRollback(string Playbook, string Run, TriedEnd End, ImmutableSortedDictionary<string, string> Target)
{
    /// <summary>Why it did not succeed, as the run said it; empty when that is not known.</summary>
    public string Why { get; init; } = "";

    /// <summary>The playbook and what it went back to: "app-rollback to version=v1.2.3".</summary>
    public string What => Target.IsEmpty ? Playbook : $"{Playbook} to {string.Join(", ", Target.Select(t => $"{t.Key}={t.Value}"))}";

    /// <summary>How it ended, after "it".</summary>
    public string Ended => End switch
    {
        TriedEnd.Failed => "failed, and what it had changed was left",
        TriedEnd.Undone => "did not succeed, and what it had changed was put back",
        TriedEnd.UndoFailed => "did not succeed, and could not be put back completely",
        TriedEnd.TakenBack => "succeeded, and was taken back afterwards",
        TriedEnd.Stopped => "was stopped half way",
        _ => "has no end on record: it still runs, or it was interrupted",
    };

    /// <summary>The command would do the same again. A value that only one of them knows is no difference: it may be the same.</summary>
    public bool Is(PlaybookCommand command) => command.Name == Playbook && command.Vars.All(v => v.Value is null || Target.GetValueOrDefault(v.Name, v.Value) == v.Value);
}
