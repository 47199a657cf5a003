using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Probes;

/// <summary>How many rows have a value in what the migrations since the good releases would take away when they are taken back: files only say that there may be some.</summary>
public sealed partial class LossProbe : IProbe
{
    /// <summary>Releases; and places of all their migrations.</summary>
    private const int MostReleases = 2;
    private const int MostPlaces = 8;

    /// <summary>Rows. That there are more than these is all that anybody has to know, and a large table is not read to its end.</summary>
    private const long MostRows = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public string Name => "loss";

    public string Source => "SELECT count(*)";

    public ImmutableArray<string> Facts => [FactKeys.Migrations];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Subject.Project?.Migrations is not { } declared || sight.Playbook is not { Migration: { } check } playbook || sight.Migrations(cancel).History is not { } history)
        {
            // Why the database cannot be asked, or the files cannot be read, says who looks for that alone.
            return ProbeAnswer.Of();
        }

        var releases = sight.Candidates.Where(c => c.Standing == ReleaseStanding.Good).Take(MostReleases).Select(c => c.Release.Schema).OfType<ReleasedSchema>().ToList();
        if (releases.Count == 0 || await new SchemaObserver(declared, playbook).ObserveAsync(sight.Context, cancel) is not { Unfinished.IsEmpty: true } now)
        {
            return ProbeAnswer.Of();
        }

        var (readings, problems) = (ImmutableArray.CreateBuilder<Reading>(), ImmutableArray.CreateBuilder<string>());
        foreach (var (migration, table, column) in Lost(releases, now, history, declared.App).Take(MostPlaces))
        {
            var place = column is null ? table : $"{table}.{column}";
            var (count, problem) = await CountAsync(check, table, column, sight, cancel);
            if (problem.Length > 0)
            {
                problems.Add($"how many values of {place} are lost when {migration} is taken back: {problem}");
                continue;
            }

            readings.Add(new LostValuesReading($"{Source} of {place} in '{declared.Database}'", sight.Now, migration, table, column, count, MostRows));
        }

        return new ProbeAnswer(readings.ToImmutable(), problems.ToImmutable());
    }

    private static IEnumerable<(string Migration, string Table, string? Column)> Lost(IEnumerable<ReleasedSchema> releases, ReleasedSchema now, MigrationHistory history, string app) =>
        releases.Select(then => history.Between(now.Heads, then.Heads.IsEmpty ? [MigrationHistory.None] : then.Heads, app)).Where(between => between.Problem is null)
            .SelectMany(between => between.Migrations).Where(m => m.Reversible != false)
            .SelectMany(m => m.Back.Statements.Where(s => s is { Loss: DataLoss.Possible, Gone.Length: > 0 }).Select(s => (m.Key, s.Table.Length > 0 ? s.Table : s.Gone, IsTable(s) ? null : s.Gone)))
            .Distinct();

    private static bool IsTable(MigrationStatement statement) => statement.Table.Length == 0 || statement.Table.Split('.')[^1].Equals(statement.Gone, StringComparison.OrdinalIgnoreCase);

    private static async Task<(long Count, string Problem)> CountAsync(DatabaseCheck check, string table, string? column, Sight sight, CancellationToken cancel)
    {
        if (!Plain().IsMatch(table) || (column is not null && !Plain().IsMatch(column)))
        {
            return (0, "its name is none that can be asked for");
        }

        var from = string.Join('.', table.Split('.').Select(Quoted));
        var query = new DatabaseQuery(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM (SELECT 1 AS one FROM {from}{(column is null ? "" : $" WHERE {Quoted(column)} IS NOT NULL")} LIMIT {MostRows}) AS counted"), Patience);
        var (rows, problem) = await DatabaseChecks.RowsAsync(check with { Query = query, Start = check.Start with { StandardInput = check.Place.Asked(query) } }, sight.Context, cancel);
        return problem is not null ? (0, sight.Mask(problem))
            : rows is [{ Fields: [var text] }] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? (count, "")
            : (0, "the database answered something else");

        string Quoted(string name) => check.Place.Dialect == SqlDialect.MySql ? $"`{name}`" : $"\"{name}\"";
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Plain();
}
