using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Language.Projects;
using static Runbooks.Builtin.Probes.RecordedPlan;

namespace Runbooks.Builtin.Probes;

/// <summary>What a step of a run saved, by the plan of that run: the words of the programs that it started.</summary>
/// <param name="What">For people: "database 'shop' in service db", "a volume".</param>
internal sealed record SavedSource(string What)
{
    private const string PostgresDumper = "pg_dump";
    private static readonly ImmutableArray<string> MySqlDumpers = ["mysqldump", "mariadb-dump"];

    /// <summary>Of PostgreSQL; empty for everything else.</summary>
    private string Database { get; init; } = "";

    /// <summary>The service or the container inside which it was saved; empty for this machine.</summary>
    private string Inside { get; init; } = "";

    private string Host { get; init; } = "";

    private string Port { get; init; } = "";

    /// <summary>The Compose project; empty when no service was named.</summary>
    private string Project { get; init; } = "";

    /// <param name="project">The name of the Compose project.</param>
    /// <param name="containers">The names of the containers of the service that is declared.</param>
    public bool IsOf(ProjectMigrations declared, string project, IEnumerable<string> containers) =>
        Database.Length > 0 && Database == declared.Database && Host == declared.Host && Port == (declared.Port is { } port ? $"{port}" : "")
        && (Project.Length > 0 ? Project == project && Inside == declared.Service : Inside.Length > 0 ? containers.Contains(Inside) : declared.Service.Length == 0);

    /// <param name="plan">The plan of the run, as JSON.</param>
    /// <param name="step">The id of the step.</param>
    /// <returns>Null when it saved files, or when the plan does not say what.</returns>
    public static SavedSource? In(byte[] plan, string step)
    {
        try
        {
            using var document = JsonDocument.Parse(plan);
            var found = Items(document.RootElement, "steps").FirstOrDefault(s => Text(s, "id") == step);
            if (found.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var actions = Items(found, "actions").ToList();
            var starts = actions.Where(a => Text(a, "effect") == "program").Select(a => Items(a, "argv").Select(Text).ToImmutableArray()).ToList();
            return starts.Select(Dump).FirstOrDefault(s => s is not null)
                ?? (actions.Exists(a => Text(a, "effect") == "archive") || starts.Count == 0 ? null : new SavedSource("a volume"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SavedSource? Dump(ImmutableArray<string> words)
    {
        var at = words.FirstOrDefault(MySqlDumpers.Contains) is { } mysql ? words.IndexOf(mysql) : words.IndexOf(PostgresDumper);
        if (at < 0)
        {
            return null;
        }

        var (inside, project) = (at > 0 ? words[at - 1] : "", words.IndexOf("--project-name") is >= 0 and var option && option + 1 < at ? words[option + 1] : "");
        var isPostgres = words[at] == PostgresDumper;
        var database = isPostgres ? Option(words, "--dbname=") : words[^1];
        var place = project.Length > 0 ? $"service {inside} of project {project}" : inside.Length > 0 ? $"container {inside}" : "a server that was reached from this machine";
        return new SavedSource($"{(isPostgres ? "" : "MySQL ")}database '{database}' in {place}")
        {
            Database = isPostgres ? database : "",
            Inside = inside,
            Host = Option(words, "--host="),
            Port = Option(words, "--port="),
            Project = project,
        };
    }

    private static string Option(ImmutableArray<string> words, string name) => words.FirstOrDefault(w => w.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";
}
