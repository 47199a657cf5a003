using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Checks.Postgres;
using Runbooks.Builtin.Databases;
using Runbooks.Engine.Planning;

namespace Runbooks.Builtin.Probes;

/// <summary>Who does something in the database that taking a migration back would have to wait for. It perishes: a transaction that is open now may be gone in a minute.</summary>
public sealed class SessionsProbe : IProbe
{
    public string Name => "sessions";

    public string Source => "pg_stat_activity";

    public ImmutableArray<string> Facts => [FactKeys.DatabaseBusy];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Subject.Project?.Migrations is null || sight.Playbook is not { Sessions: { } check })
        {
            // Why the database cannot be asked says who looks for its migration.
            return ProbeAnswer.Of();
        }

        var (rows, problem) = await DatabaseChecks.RowsAsync(check, sight.Context, cancel);
        problem ??= SessionsCheck.IsAnswer(rows) ? null : "the database answered something else";
        return problem is not null
            ? ProbeAnswer.Unknown($"who is in the way of a migration: {sight.Mask(problem)}")
            : ProbeAnswer.Of(new SessionsReading(
                $"{Source} of '{check.Place.Database}'",
                sight.Now,
                check.Place.Database,
                [.. SessionsCheck.Seen(rows, sight.Mask).Select(s => new SessionSight(s.What, WayOf(check.Place, s.Ended)))],
                SessionsCheck.HiddenOf(rows)));
    }

    private static string WayOf(DatabasePlace place, int? ended) => ended is { } session
        ? $"it holds its locks until somebody ends it: {Ending(place, session)}"
        : "a migration would wait for it, and everybody else behind that: let it end first";

    private static string Ending(DatabasePlace place, int session)
    {
        string[] words = [.. place.Entry, place.Client, .. place.Options, $"--dbname={place.Database}", string.Create(CultureInfo.InvariantCulture, $"--command=SELECT pg_terminate_backend({session})")];
        return string.Join(' ', words.Select(CommandLine.Quote));
    }
}
