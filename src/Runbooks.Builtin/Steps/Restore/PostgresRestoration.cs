using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>Restores a dump in one transaction.</summary>
internal static class PostgresRestoration
{
    public static async Task<ActionOutcome> RunAsync(PostgresTarget target, string from, StepContext context)
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
        var left = target.Creation is null ? "it is one transaction, so the database should be as it was" : $"database '{target.Place.Database}' is there, and empty";
        return restored.Failure is not null
            ? restored.Outcome with { Failure = $"{restored.Failure}; {left}" }
            : restored.Outcome with { Observed = $"restored into database '{target.Place.Database}'" };
    }
}
