using System.Globalization;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>Who is in the way of a change of the schema. Taking a migration back would wait for them, and everybody who reads the table behind it: that takes the site down, and not the failed release.</summary>
internal static class BusyDatabases
{
    public static void Apply(Draft draft)
    {
        // Without a migration nobody waits for anybody.
        if (draft.Get<SessionsReading>() is not { } seen || draft.Facts.Migrations is { IsEmpty: true })
        {
            return;
        }

        foreach (var session in seen.Sessions)
        {
            draft.Tell(FactKeys.DatabaseBusy, seen, session.What, session.Way);
        }

        if (seen.Sessions.IsEmpty && seen.Hidden > 0)
        {
            draft.TellUnknown(FactKeys.DatabaseBusy, seen.Source, seen.At, string.Create(CultureInfo.InvariantCulture, $"what {(seen.Hidden == 1 ? "1 session does" : $"{seen.Hidden} sessions do")} cannot be seen by the role that asks: it needs pg_read_all_stats"));
            return;
        }

        if (seen.Sessions.IsEmpty)
        {
            draft.Tell(FactKeys.DatabaseBusy, seen, $"nobody dumps '{seen.Database}', holds a transaction open in it without doing anything, or waits for a lock", "nobody is in the way of a migration");
        }

        draft.Facts = draft.Facts with { DatabaseBusy = seen.Sessions.IsEmpty ? Answer.No : Answer.Yes };
    }
}
