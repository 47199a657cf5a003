using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>Restores an archive into a volume that was not there.</summary>
internal static class VolumeRestoration
{
    public static async Task<ActionOutcome> RunAsync(VolumeTarget target, string from, StepContext context, CancellationToken cancel)
    {
        var archive = context.Ports.Archives.Read(from, cancel);
        if (archive.Problem is not null || !archive.IsEnded)
        {
            return Untouched($"{from} cannot be restored: {archive.Problem ?? "the archive ends too early"}");
        }

        var names = new List<string>();
        var asked = await HeardProgram.RunAsync(target.Question, context, isLogged: false, line: names.Add);
        if (asked.Failure is not null || names.Count > 0)
        {
            return Untouched(asked.Failure is { } problem ? $"whether there is such a volume cannot be found out: {problem}" : $"there is already a volume '{target.Access.Name}': a restore goes into a new one");
        }

        var made = await HeardProgram.RunAsync(target.Making, context, isLogged: false);
        if (made.Failure is not null)
        {
            return ActionOutcome.Failed($"volume '{target.Access.Name}' could not be made: {made.Failure}");
        }

        var (work, obstacle) = await target.Access.WithContainerAsync(target.Copy, context, from);
        var outcome = work?.Outcome ?? new ActionOutcome();
        return (obstacle ?? work?.Failure) is { } failure
            ? outcome with { Failure = $"{failure}; volume '{target.Access.Name}' is there, and what is in it is not all" }
            : outcome with { Observed = $"restored into volume '{target.Access.Name}'", Notes = work?.Note is { } note ? [.. outcome.Notes, note] : outcome.Notes };
    }

    private static ActionOutcome Untouched(string failure) => ActionOutcome.Failed(failure) with { Untouched = true, Changed = false };
}
