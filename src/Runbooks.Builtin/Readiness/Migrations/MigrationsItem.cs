using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Checks.Migration;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Projects;

namespace Runbooks.Builtin.Readiness.Migrations;

/// <summary>What migrations did since the release to go back to can be lived with or taken back.</summary>
public sealed class MigrationsItem : IReadyItem
{
    private const string File = "runbook.yml";

    public string Name => "migrations";

    public string Statement => "the migrations after that release can be lived with, or taken back without losing values";

    public string Why => "The code goes back in seconds; a schema that it cannot read stops it, and a migration without a way back has none at night either.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var inputs = project.Inputs;
        if (inputs.Project.Migrations is not { } migrations)
        {
            return ProjectGuess.Tool(inputs.Directory, project.Ports.Files) is ({ Length: > 0 } guessed, var place, var why)
                ? ReadyAnswer.NotReady($"{why} says that {guessed} migrates a database, and {File} has no 'migrations'", new ReadyFix($"say it in {File}") { Block = $"migrations:\n  tool: {guessed}\n{(place.Length > 0 ? $"  folder: {place}\n" : "")}  database: NAME\n  service: SERVICE\n" })
                : ReadyAnswer.Ready("the project migrates no database") with { Seen = [new Sighting(inputs.Project.Source.Path, "it has no 'migrations', and nothing in the folder looks like it")] };
        }

        if (MigrationWords.Tool(migrations.Tool) is not { } tool)
        {
            return ReadyAnswer.Unknown($"the migrations of {migrations.Tool} cannot be read", new ReadyFix("look at them by hand: each needs a way back that loses nothing"));
        }

        var folder = Path.GetFullPath(migrations.Folder.Length > 0 ? migrations.Folder : ".", inputs.Directory);
        var (files, problem) = MigrationFolder.Read(project.Ports.Files, folder, project.Show(folder), tool, cancel);
        if (problem is not null)
        {
            return ReadyAnswer.Unknown(problem, new ReadyFix($"name the folder of the migrations in {File}: 'folder:' below 'migrations:'"));
        }

        if ((await project.TargetAsync()).Release is not { } target)
        {
            return ReadyAnswer.Unknown("it is not known which release would be gone back to: see 'previous'", CommonFixes.Previous);
        }

        if (target.Release.Schema is not { } schema)
        {
            return ReadyAnswer.Unknown($"at which migration the database was at release {target.Release.Id} is not on record", new ReadyFix($"name 'database:' below 'migrations:' in {File}: from the next 'runbook release record' on it is"));
        }

        var (made, doubt) = await MadeAsync(project, cancel);
        var answer = MigrationJudgement.Of(target.Release.Id, MigrationReading.Read(tool, files), made, schema.Heads, migrations.App, doubt);
        return answer with { Seen = [new Sighting($"database {migrations.Database}", doubt.Length > 0 ? doubt : $"it is at {(made.IsEmpty ? "no migration" : string.Join(", ", made))}"), .. answer.Seen], Against = answer.Against + 1 };
    }

    /// <summary>Where the database is now.</summary>
    private static async Task<(ImmutableArray<string> Made, string Doubt)> MadeAsync(ReadyProject project, CancellationToken cancel)
    {
        if (project.Inputs.Playbook?.Migration is not { } check)
        {
            return ([], $"{File} names no 'database' that could be asked");
        }

        var (rows, problem) = await DatabaseChecks.RowsAsync(check, project.Context, cancel);
        var unfinished = rows.Where(r => r.Fields is [_, { Length: > 0 }]).Select(r => $"{r.Fields[0]} is {r.Fields[1]}").ToList();
        return problem is not null ? ([], problem)
            : rows.Any(r => r.Fields.Length != 2) ? ([], "it answered something else")
            : unfinished.Count > 0 ? ([], string.Join(", ", unfinished))
            : ([.. rows.Select(r => r.Fields[0])], "");
    }
}
