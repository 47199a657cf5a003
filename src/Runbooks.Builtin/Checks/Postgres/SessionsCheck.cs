using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Checks.Postgres;

/// <summary>That no session of a database does what a change of its schema would have to wait for.</summary>
/// <param name="NoDump">Nobody dumps it.</param>
/// <param name="IdleLimit">No transaction in which nothing is done is older than this; null when that is not asked.</param>
/// <param name="NoLockWait">Nobody waits for a lock.</param>
public sealed record SessionsCheck(DatabasePlace Place, DatabaseQuery Query, ProgramStart Start, bool NoDump, TimeSpan? IdleLimit, bool NoLockWait) : DatabaseCheck(Place, Query, Start)
{
    private const int MostSessions = 20;
    private const int LongestSession = 200;

    /// <summary>The first field of a row about sessions of which the role may not see what they do.</summary>
    private const string Hidden = "hidden";

    private const string Session = "session";
    private const string Waits = "waits for a lock of session ";

    public override string Statement => Phrases.And(((string?[])
    [
        NoDump ? $"nobody dumps database '{Place.Database}'" : null,
        IdleLimit is { } limit ? $"no transaction of database '{Place.Database}' in which nothing is done is older than {Durations.Format(limit)}" : null,
        NoLockWait ? $"no session of database '{Place.Database}' waits for a lock" : null,
    ]).OfType<string>());

    internal static SessionsCheck Of(DatabasePlace place, PlanContext context, (bool NoDump, TimeSpan? IdleLimit, bool NoLockWait) asked, TimeSpan timeout)
    {
        var query = new DatabaseQuery(TextOf(asked.NoDump, asked.IdleLimit, asked.NoLockWait), timeout) { Rows = MostSessions };
        return new SessionsCheck(place, query, place.Asking(context, query), asked.NoDump, asked.IdleLimit, asked.NoLockWait);
    }

    public override Verdict Judge(ImmutableArray<DatabaseRow> rows, Func<string, string> mask)
    {
        var sessions = Seen(rows, mask).Select(s => s.What).ToImmutableArray();
        if (!sessions.IsEmpty)
        {
            return Verdict.DoesNotHold($"{sessions[0]}{(sessions.Length > 1 ? $", and {(rows.Length == MostSessions ? "at least " : "")}{sessions.Length - 1} more" : "")}") with { Evidence = sessions };
        }

        return HiddenOf(rows) is > 0 and var hidden
            ? Verdict.Unknown(string.Create(CultureInfo.InvariantCulture, $"what {(hidden == 1 ? "1 session does" : $"{hidden} sessions do")} cannot be seen by this role: ask as one that has pg_read_all_stats"))
            : Verdict.Holds("no such session");
    }

    /// <summary>Nothing but rows that the query gives.</summary>
    internal static bool IsAnswer(ImmutableArray<DatabaseRow> rows) => rows.All(r => r.Fields is [Hidden, _, _] || (r.Fields is [var who, _, _] && who.StartsWith($"{Session} ", StringComparison.Ordinal)));

    /// <summary>The sessions that were found, a phrase each; with the numbers of those that have to end first, which are none for a dump: that one ends by itself.</summary>
    internal static IEnumerable<(string What, bool Waits, ImmutableArray<int> Holders)> Seen(ImmutableArray<DatabaseRow> rows, Func<string, string> mask) =>
        rows.Where(r => r.Fields is [not Hidden, _, _]).Select(r => (
            Phrases.Line(mask($"{r.Fields[0]} {r.Fields[1]}"), LongestSession),
            r.Fields[1].StartsWith(Waits, StringComparison.Ordinal),
            r.Fields[2].Split(',').Select(h => int.TryParse(h, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(pid => pid > 0).ToImmutableArray()));

    /// <summary>Of how many sessions it could not be seen what they do.</summary>
    internal static int HiddenOf(ImmutableArray<DatabaseRow> rows) =>
        rows.Where(r => r.Fields is [Hidden, _, _]).Select(r => int.TryParse(r.Fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var hidden) ? hidden : 0).FirstOrDefault();

    /// <remarks>
    /// Names and locks of sessions are seen by every role, states, queries and what kind of session it is only by those that may read all statistics. A dump is known by the name that
    /// pg_dump gives itself, and by a COPY … TO STDOUT where the role sees it; waiting is read from the locks.
    /// </remarks>
    private static string TextOf(bool noDump, TimeSpan? idleLimit, bool noLockWait)
    {
        string[] parts =
        [
            .. noDump ? [Sessions("'dumps it'", "''", "(a.application_name LIKE 'pg\\_dump%' OR (a.state = 'active' AND a.query ~* '^\\s*copy\\M.*\\mto\\s+stdout'))")] : Array.Empty<string>(),
            .. idleLimit is { } limit
                ? [Sessions("a.state || ' for ' || date_trunc('second', clock_timestamp() - a.xact_start)", "a.pid::text", $"a.state LIKE 'idle in transaction%' AND clock_timestamp() - a.xact_start > interval '{limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} seconds'")]
                : Array.Empty<string>(),
            .. noLockWait ? [Sessions($"'{Waits}' || {Holders}", "array_to_string(pg_blocking_pids(a.pid), ',')", "EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted)")] : Array.Empty<string>(),
            .. idleLimit is not null
                ? [$"SELECT '{Hidden}', count(*)::text, '' FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND (a.query = '<insufficient privilege>' OR a.state = 'disabled') HAVING count(*) > 0"]
                : Array.Empty<string>(),
        ];
        return string.Join("\nUNION ALL\n", parts);
    }

    /// <summary>Who is waited for, with what it calls itself and what it does. A transaction that was prepared has no session: its number is 0.</summary>
    private const string Holders = "coalesce((SELECT string_agg(b.pid || coalesce(' (' || nullif(concat_ws(', ', nullif(b.application_name, ''), b.state), '') || ')', ''), ', ' ORDER BY b.pid)"
        + " FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids(a.pid))), array_to_string(pg_blocking_pids(a.pid), ', '))";

    private static string Sessions(string what, string holders, string condition) =>
        $"SELECT '{Session} ' || a.pid || ' of ' || coalesce(a.usename, a.backend_type) || coalesce(' (' || nullif(a.application_name, '') || ')', ''), {what} || coalesce(': ' || nullif(a.query, ''), ''), {holders}"
        + $" FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND {condition}";
}
