using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Kinds;

/// <summary>A kind of check: a read-only question with three answers.</summary>
public interface ICheckKind : IKind
{
    /// <summary>Turns computed fields into a question. Pure, like <see cref="IStepKind.Plan"/>.</summary>
    CheckQuestion? Plan(Inputs inputs, PlanContext context);

    /// <summary>Asks once. Whatever goes wrong on the way is <see cref="Verdict.Unknown"/>, never an exception and never a pass.</summary>
    Task<Verdict> AskAsync(CheckQuestion question, CheckContext context, CancellationToken cancel);
}

/// <summary>A question as a value.</summary>
public abstract record CheckQuestion
{
    /// <summary>The statement that holds or does not, for people, secrets masked: "image myapp:v1.2.3 is on this machine".</summary>
    public abstract string Statement { get; }

    /// <summary>The question can be asked: every text in it is known.</summary>
    public virtual bool IsKnown => true;

    /// <summary>How long one answer can take at most; then it is given up, and unknown. Only a question that watches for a while needs more than this.</summary>
    public virtual TimeSpan Longest => TimeSpan.FromMinutes(2);

    /// <summary>Programs it starts, for the plan; empty for most.</summary>
    public virtual ImmutableArray<PlannedEffect> Effects => [];

    /// <summary>How a person looks where the tool must not: programs and requests that show what the question is about, not always judge it. Empty when there are none.</summary>
    public virtual ImmutableArray<PlannedEffect> ByHand => Effects;
}

/// <summary>Saves each kind the cast.</summary>
public abstract class CheckKind<TQuestion> : ICheckKind
    where TQuestion : CheckQuestion
{
    public abstract KindDeclaration Declaration { get; }

    public virtual ImmutableArray<Descriptor> Descriptors => [];

    CheckQuestion? ICheckKind.Plan(Inputs inputs, PlanContext context) => Plan(inputs, context);

    Task<Verdict> ICheckKind.AskAsync(CheckQuestion question, CheckContext context, CancellationToken cancel) => AskAsync((TQuestion)question, context, cancel);

    public abstract TQuestion? Plan(Inputs inputs, PlanContext context);

    public abstract Task<Verdict> AskAsync(TQuestion question, CheckContext context, CancellationToken cancel);
}

/// <summary>The three answers of a check.</summary>
public enum VerdictKind
{
    Holds,
    DoesNotHold,

    /// <summary>Could not be found out. Never a pass.</summary>
    Unknown,
}

/// <summary>The answer of a check and what was observed.</summary>
/// <param name="Observed">One line, secrets masked by whoever prints: "status 200 in 12ms", "exited (1) 3 seconds ago", why it is unknown.</param>
public sealed record Verdict(VerdictKind Kind, string Observed)
{
    /// <summary>Longer evidence, line by line: the last log lines, the body of an answer. At most some dozens of lines.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];

    public static Verdict Holds(string observed) => new(VerdictKind.Holds, observed);

    public static Verdict DoesNotHold(string observed) => new(VerdictKind.DoesNotHold, observed);

    public static Verdict Unknown(string why) => new(VerdictKind.Unknown, why);
}
