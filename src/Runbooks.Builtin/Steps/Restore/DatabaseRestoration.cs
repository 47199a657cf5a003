using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>Restores a dump of a database.</summary>
internal static class DatabaseRestoration
{
    public static async Task<ActionOutcome> RunAsync(DatabaseTarget target, string from, StepContext context)
    {
        if (target.Creation is { } creation)
        {
            var created = await HeardProgram.RunAsync(creation, context, isLogged: false);
            if (created.Failure is not null)
            {
                return created.Outcome with { Failure = $"database '{target.Place.Database}' could not be made: {created.Failure}", Untouched = created.Outcome.ExitCode is > 0, Changed = false };
            }
        }

        var restored = await HeardProgram.RunAsync(target.Restoration, context, isLogged: true, from);
        return restored.Failure is not null
            ? restored.Outcome with { Failure = $"{restored.Failure}; {target.AfterFailure}" }
            : restored.Outcome with { Observed = $"restored into database '{target.Place.Database}'" };
    }
}
