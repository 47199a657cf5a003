using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>The files below <c>versions/</c>: what has a <c>revision</c> is a migration.</summary>
internal static class AlembicFiles
{
    private const string Forward = "upgrade";
    private const string Back = "downgrade";

    public static ImmutableArray<ReadMigration> Read(ImmutableArray<MigrationText> files) =>
        Ordering.Sorted([.. files.Where(f => f.EndsWith(".py")).Select(Read).OfType<ReadMigration>()]);

    private static ReadMigration? Read(MigrationText file)
    {
        var module = PyBlocks.Read(file.Text);
        if (Value(module, "revision") is not { } revision)
        {
            return null;
        }

        var (before, problem) = Before(Value(module, "down_revision"), Value(module, "depends_on"));
        if (revision is not PyText { Value: { } id })
        {
            return new ReadMigration(file.Stem, file.Path, MigrationWay.Nothing, MigrationWay.Nothing) { OrderProblem = "its revision is computed" };
        }

        var forward = Way(file, module, Forward);
        var back = Way(file, module, Back);
        return new ReadMigration(id, file.Path, forward, forward.Statements.IsEmpty || !back.Statements.IsEmpty ? back : DoesNothing(file, module)) { After = before, OrderProblem = problem };
    }

    private static PyExpression? Value(ImmutableArray<PyStatement> module, string name) =>
        module.Where(s => s.Assigns?.Name == name).Select(s => PyParser.Read(s.Tokens[(s.Assigns?.Value ?? 0)..])).LastOrDefault();

    private static (ImmutableArray<string> Before, string? Problem) Before(params PyExpression?[] values)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        foreach (var item in values.SelectMany(v => v is PyList { Items: var items } ? items : v is null or PyName { Path: "None" } ? [] : (IEnumerable<PyExpression>)[v]))
        {
            if (item is not PyText { Value: { } id })
            {
                return ([], "what comes before it is computed");
            }

            ids.Add(id);
        }

        return (ids.ToImmutable(), null);
    }

    private static MigrationWay Way(MigrationText file, ImmutableArray<PyStatement> module, string function)
    {
        var found = module.Where(s => s.Defines("def") == function).ToList();
        var isBack = function == Back;
        var statements = new StatementList(file, isBack);
        if (found.Count == 0)
        {
            if (isBack)
            {
                statements.Irreversible(0, 0, $"there is no {function}()");
            }
            else
            {
                statements.Unknown(0, 0, $"there is no {function}()");
            }
        }
        else
        {
            new AlembicBody(statements, module).Read(found[^1]);
        }

        return statements.Way;
    }

    private static MigrationWay DoesNothing(MigrationText file, ImmutableArray<PyStatement> module)
    {
        var statements = new StatementList(file, isBack: true);
        var back = module.Last(s => s.Defines("def") == Back);
        var does = back.Block.FirstOrDefault();
        statements.Irreversible((does ?? back).Start, (does ?? back).End, $"{Back}() does nothing, and {Forward}() does something");
        return statements.Way;
    }
}
