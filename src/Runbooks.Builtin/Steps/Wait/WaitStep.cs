using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Steps.Wait;

/// <summary>Time to pass, or checks to hold; one of the two.</summary>
public sealed record WaitStep(TimeSpan? For, ImmutableArray<PlannedCheck> Until) : StepAction
{
    public override ActionPreview Preview => new(For is { } duration
        ? [new Waiting($"for {Durations.Format(duration)}")]
        : [.. Until.Select(PlannedEffect (c) => new Waiting(Describe(c)) { NeedsOutput = c.Question is not { IsKnown: true } })]);

    public override bool IsRepeatable => true;

    private static string Describe(PlannedCheck check)
    {
        var holding = check.For > TimeSpan.Zero ? $", for {Durations.Format(check.For)}" : "";
        return $"until {check.Statement}, within {Durations.Format(check.Within)}{holding}, asked every {Durations.Format(check.Every)}";
    }
}
