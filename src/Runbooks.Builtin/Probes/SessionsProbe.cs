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
                [.. SessionsCheck.Seen(rows, sight.Mask).Select(s => new SessionSight(s.What, WayOf(check.Place, s.Waits, s.Holders)))],
                SessionsCheck.HiddenOf(rows)));
    }

    private static string WayOf(DatabasePlace place, bool waits, ImmutableArray<int> holders) => (waits, holders) switch
    {
        (true, []) => "it waits for a transaction that was prepared and not ended: see pg_prepared_xacts",
        (_, []) => "a migration would wait for it, and everybody else behind that: let it end",
        (true, _) => $"see what {(holders.Length == 1 ? "that session does, and end it when it" : "those sessions do, and end them when they")} may be ended: {Ending(place, holders)}",
        _ => $"it holds its locks until somebody ends it: {Ending(place, holders)}",
    };

    private static string Ending(DatabasePlace place, ImmutableArray<int> sessions)
    {
        var ends = string.Join(", ", sessions.Select(s => string.Create(CultureInfo.InvariantCulture, $"pg_terminate_backend({s})")));
        string[] words = [.. place.Entry, place.Client, .. place.Options, $"--dbname={place.Database}", $"--command=SELECT {ends}"];
        return string.Join(' ', words.Select(CommandLine.Quote));
    }
}
