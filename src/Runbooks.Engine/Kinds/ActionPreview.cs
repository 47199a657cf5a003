using System.Collections.Immutable;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Kinds;

/// <summary>Exactly what an action will do: what the plan shows, what the run performs and what the journal records, from one value.</summary>
public sealed record ActionPreview(ImmutableArray<PlannedEffect> Effects)
{
    public static ActionPreview Of(params ReadOnlySpan<PlannedEffect> effects) => new([.. effects]);

    /// <summary>Nothing in it waits for the output of a step.</summary>
    public bool IsKnown => Effects.All(e => e.IsKnown);
}

/// <summary>One effect on the world (or one look at it), in the vocabulary of the ports: a program, a file, a request, a wait.</summary>
public abstract record PlannedEffect
{
    public abstract bool IsKnown { get; }
}

/// <summary>A program that will be started.</summary>
/// <param name="Argv">Its words; the first is the program.</param>
/// <param name="WorkingDirectory">Absolute.</param>
/// <param name="Environment">What is added to the engine's own environment, in the order of the names.</param>
public sealed record ProgramStart(ImmutableArray<Rendered> Argv, string WorkingDirectory, ImmutableArray<EnvironmentAddition> Environment) : PlannedEffect
{
    /// <summary>As <see cref="WritesTo"/> and <see cref="ReadsFrom"/>: a file in the folder that the run will have.</summary>
    public const string RunFolder = "the run's own folder";

    /// <summary>What the program reads from its standard input; empty is end-of-file at once.</summary>
    public Rendered StandardInput { get; init; } = Rendered.Empty;

    /// <summary>The file that it reads as its standard input, as people write it; null for none.</summary>
    public Rendered? ReadsFrom { get; init; }

    /// <summary>The file that receives its standard output, as people write it; null when that is its output like any other.</summary>
    public string? WritesTo { get; init; }

    public override bool IsKnown => Argv.All(w => w.IsKnown) && Environment.All(e => e.Value.IsKnown) && StandardInput.IsKnown && ReadsFrom?.IsKnown != false;
}

public readonly record struct EnvironmentAddition(string Name, Rendered Value);

/// <summary>A file whose bytes will change.</summary>
/// <param name="Path">As people write it: relative to the project directory where it lies inside.</param>
/// <param name="BeforeSha256">Of the bytes that must be there when it happens; null when there is no file yet.</param>
/// <param name="AfterSha256">Of the bytes that will be there.</param>
/// <param name="Diff">The lines that change, for people: unified, without headers.</param>
public sealed record FileChange(string Path, string? BeforeSha256, string AfterSha256, string Diff) : PlannedEffect
{
    /// <summary>What people should know of it besides the lines, a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    public override bool IsKnown => true;
}

/// <summary>A request that will be sent.</summary>
public sealed record RequestSent(string Method, Rendered Url, ImmutableArray<EnvironmentAddition> Headers, Rendered Body) : PlannedEffect
{
    public override bool IsKnown => Url.IsKnown && Body.IsKnown && Headers.All(h => h.Value.IsKnown);
}

/// <summary>Files and folders that will be copied into one archive.</summary>
/// <param name="Sources">As people write them.</param>
/// <param name="To">The archive, as people write it; null for a place in the run's own folder.</param>
public sealed record ArchiveMade(ImmutableArray<string> Sources, string? To) : PlannedEffect
{
    public override bool IsKnown => true;
}

/// <summary>Files and folders that will be put back out of an archive.</summary>
/// <param name="From">The archive.</param>
/// <param name="Into">The folder below which they go, as people write it; null for where they came from.</param>
public sealed record ArchiveUnpacked(Rendered From, string? Into) : PlannedEffect
{
    public override bool IsKnown => From.IsKnown;
}

/// <summary>A file that will have the bytes that it had at a revision.</summary>
/// <param name="Path">As people write it.</param>
/// <param name="Revision">As the author names it: the run finds out which commit that is.</param>
/// <param name="To">Where the bytes go, as people write it.</param>
public sealed record FileRestored(string Path, Rendered Revision, string To) : PlannedEffect
{
    public override bool IsKnown => Revision.IsKnown;
}

/// <summary>Time that will pass, or a question that will be asked until it holds.</summary>
/// <param name="Text">For example "for 10s".</param>
public sealed record Waiting(string Text) : PlannedEffect
{
    /// <summary>A question in it depends on the output of a step.</summary>
    public bool NeedsOutput { get; init; }

    public override bool IsKnown => !NeedsOutput;
}
