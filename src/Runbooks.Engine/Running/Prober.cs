using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>Asks the guards of a plan once, without a run: what <c>--probe</c> adds to a preview.</summary>
public static class Prober
{
    public static async Task<ImmutableArray<ProbeAnswer>> AskGuardsAsync(Plan plan, EnginePorts ports, SecretMask mask, CancellationToken cancel)
    {
        var answers = ImmutableArray.CreateBuilder<ProbeAnswer>(plan.Guards.Length);
        var context = new CheckContext
        {
            Ports = ports,
            ProjectDirectory = plan.ProjectDirectory,
            RunStarted = ports.Time.GetUtcNow(),
            Marks = ImmutableSortedDictionary<string, string>.Empty,
            Mask = mask.Text,
        };
        foreach (var guard in plan.Guards)
        {
            var verdict = guard.Question is { IsKnown: true } question
                ? await Questions.AskOnceAsync(guard.Kind, question, context, cancel)
                : Verdict.Unknown("it depends on the output of a step");
            answers.Add(new ProbeAnswer(guard, verdict with { Observed = mask.Text(verdict.Observed), Evidence = [.. verdict.Evidence.Select(mask.Text)] }));
        }

        return answers.MoveToImmutable();
    }
}

public sealed record ProbeAnswer(PlannedCheck Check, Verdict Verdict);
