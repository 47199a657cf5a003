using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Running;

namespace Runbooks.Engine.Gates;

/// <summary>Asks the operator before each step whether to run it (<c>exec --interactive</c>).</summary>
internal static class StepChoice
{
    /// <returns>run, skip or stop, with the operator's reason.</returns>
    /// <exception cref="OperationCanceledException">The run is stopped.</exception>
    public static async Task<StepChosen> AskAsync(RunScope run, PlannedStep step, Ports.IPrompt prompt, CancellationToken cancel)
    {
        prompt.Show(run.Mask.Text(GateText.OfStep(StepNow.Of(run, step), run.Plan)));
        while (true)
        {
            var answer = await prompt.AskAsync($"{step.Id}? run, skip or stop, then your reason:", cancel);
            var (word, reason) = answer is null ? ("stop", "the terminal is gone") : Gate.Words(answer);
            switch (word)
            {
                case "run" or "stop":
                    return new StepChosen(step.Id, word, run.Mask.Text(reason));
                case "skip" when reason.Length > 0:
                    return new StepChosen(step.Id, word, run.Mask.Text(reason));
                case "skip":
                    prompt.Show("a step is skipped for a reason: write it after 'skip'\n");
                    break;
                default:
                    prompt.Show("write 'run', 'skip' with a reason, or 'stop'\n");
                    break;
            }
        }
    }
}
