using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>app/migrations/0002_x.py: what has a class <c>Migration</c> is one.</summary>
internal static class DjangoFiles
{
    public static ImmutableArray<ReadMigration> Read(ImmutableArray<MigrationText> files) =>
        Ordering.Sorted([.. files.Where(f => f.EndsWith(".py") && f.Stem != "__init__").Select(Read).OfType<ReadMigration>()]);

    private static ReadMigration? Read(MigrationText file)
    {
        var module = PyBlocks.Read(file.Text);
        if (module.LastOrDefault(s => s.Defines("class") == "Migration") is not { } migration)
        {
            return null;
        }

        var (after, problem) = Dependencies(Assigned(migration, "dependencies"));
        var (forward, back) = (new StatementList(file, isBack: false), new StatementList(file, isBack: true));
        var operations = new DjangoOperations(module, forward, back);
        var assigned = migration.Block.Where(s => s.Tokens[0].Is("operations")).ToList();
        if (assigned is [var only] && only.Assigns is not null && Assigned(migration, "operations") is PyList { Items: var items })
        {
            operations.Read(items);
        }
        else if (assigned.Count > 0)
        {
            forward.Unknown(assigned[^1].Start, assigned[^1].End, "its operations are computed");
            back.Unknown(assigned[^1].Start, assigned[^1].End, "its operations are computed");
        }

        // Django refuses all of a migration when one operation of it has no way back.
        return new ReadMigration(file.Stem, file.Path, forward.Way, back.Way) { App = AppOf(file), After = after, OrderProblem = problem };
    }

    private static PyExpression? Assigned(PyStatement migration, string name) =>
        migration.Block.Where(s => s.Assigns?.Name == name).Select(s => PyParser.Read(s.Tokens[(s.Assigns?.Value ?? 0)..])).LastOrDefault();

    private static string AppOf(MigrationText file)
    {
        var folders = file.Path.Split('/')[..^1];
        var migrations = Array.LastIndexOf(folders, "migrations");
        return migrations > 0 ? folders[migrations - 1] : folders is [.., var last] ? last : "";
    }

    private static (ImmutableArray<string> After, string? Problem) Dependencies(PyExpression? list)
    {
        var after = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list is PyList { Items: var items } ? items : list is null ? [] : [list])
        {
            switch (item)
            {
                case PyList { Items: [PyText { Value: { } app }, PyText { Value: { } name }] }:
                    after.Add($"{app}.{name}");
                    break;
                // Of the model of users, which may be anybody's.
                case PyCall { Last: "swappable_dependency" }:
                    break;
                default:
                    return ([], "what comes before it is computed");
            }
        }

        return (after.ToImmutable(), null);
    }
}
