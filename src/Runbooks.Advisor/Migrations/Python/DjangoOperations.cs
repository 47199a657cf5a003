using System.Collections.Immutable;
using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>The operations of a Django migration, each with its way forward and back.</summary>
internal sealed class DjangoOperations(ImmutableArray<PyStatement> module, StatementList forward, StatementList back)
{
    public void Read(ImmutableArray<PyExpression> operations)
    {
        foreach (var operation in operations)
        {
            if (operation is PyCall { On: null } call)
            {
                Operation(call);
            }
            else
            {
                Both(operation, SqlEffect.Unknown("it is computed"), SqlEffect.Unknown("it is computed"));
            }
        }
    }

    private void Operation(PyCall call)
    {
        switch (call.Last)
        {
            case "RunPython":
                Code(call);
                break;
            case "RunSQL":
                Sql(call);
                break;
            case "SeparateDatabaseAndState":
                Read(call.Get(0, "database_operations") switch
                {
                    PyList { Items: var items } => items,
                    null => [],
                    var computed => [computed],
                });
                break;
            default:
                var (there, again) = Of(call);
                var model = (call.Last is "CreateModel" or "AlterUniqueTogether" or "AlterIndexTogether" or "AlterOrderWithRespectTo" ? call.Get(0, "name") : call.Get(0, "model_name")) is PyText { Value: { } name } ? name : "";
                var gone = (call.Last switch { "DeleteModel" => call.Get(0, "name"), "RemoveField" => call.Get(1, "name"), "RenameModel" => call.Get(0, "old_name"), "RenameField" => call.Get(1, "old_name"), _ => null }) is PyText { Value: { } old } ? old : "";
                Both(call, there?.On(model) is { } way ? way with { Gone = gone } : null, again);
                break;
        }
    }

    private void Both(PyExpression at, SqlEffect? there, SqlEffect? again)
    {
        if (there is { } way)
        {
            forward.Add(at.Start, at.End, way);
        }

        if (again is { } inverse)
        {
            back.Add(at.Start, at.End, inverse);
        }
    }

    private static (SqlEffect? There, SqlEffect? Again) Of(PyCall call) => call.Last switch
    {
        "CreateModel" => (SqlEffect.NewTable, SqlEffect.Loses("the rows of the table are lost")),
        "DeleteModel" => (SqlEffect.Loses("the rows of the table are lost"), SqlEffect.Additive("it adds the table again, empty")),
        "AddField" => (Added(call.Get(2, "field")), SqlEffect.Loses("the values of the column are lost")),
        "RemoveField" => (SqlEffect.Loses("the values of the column are lost"), SqlEffect.Additive("it adds the column again, empty")),
        "AlterField" => (SqlEffect.Loses("what does not fit into the new type is lost"), SqlEffect.Loses("what does not fit into the old type is lost")),
        "RenameField" or "RenameModel" or "AlterModelTable" => Twice(SqlEffect.Takes("the old name is gone")),
        "AddIndex" or "AddIndexConcurrently" => (SqlEffect.Additive("it adds an index"), SqlEffect.Takes("the index is gone, and with it what relied on it")),
        "RemoveIndex" or "RemoveIndexConcurrently" => (SqlEffect.Takes("the index is gone, and with it what relied on it"), SqlEffect.Additive("it adds an index")),
        "RenameIndex" => Twice(SqlEffect.Additive("nothing names an index but migrations")),
        "AddConstraint" or "AddConstraintNotValid" => (SqlEffect.Takes("values that were allowed are refused"), SqlEffect.Takes("a rule for values is gone, and with it what relied on it")),
        "RemoveConstraint" => (SqlEffect.Takes("a rule for values is gone, and with it what relied on it"), SqlEffect.Takes("values that were allowed are refused")),
        "AlterUniqueTogether" or "AlterIndexTogether" => Twice(SqlEffect.Takes("rules for values come and go, and what relied on them")),
        "AlterOrderWithRespectTo" => (SqlEffect.Unknown("which column comes or goes is not read"), SqlEffect.Loses("the values of the column are lost")),
        "AlterModelOptions" or "AlterModelManagers" or "AlterModelTableComment" or "ValidateConstraint" => (null, null),
        "CreateCollation" or "CreateExtension" => (SqlEffect.Additive("it adds to the database"), SqlEffect.Takes("it is gone, and with it what relied on it")),
        "RemoveCollation" => (SqlEffect.Takes("it is gone, and with it what relied on it"), SqlEffect.Additive("it adds to the database")),
        var name when name.EndsWith("Extension", StringComparison.Ordinal) => (SqlEffect.Additive("it adds to the database"), SqlEffect.Takes("it is gone, and with it what relied on it")),
        _ => Twice(SqlEffect.Unknown("it is no operation of Django: what it does is not known")),
    };

    private static (SqlEffect? There, SqlEffect? Again) Twice(SqlEffect effect) => (effect, effect);

    /// <summary>Django takes the default of a field out of the database again: only <c>null</c> and <c>db_default</c> let a release that does not know it write rows.</summary>
    private static SqlEffect Added(PyExpression? field) => field switch
    {
        PyCall { Last: "ManyToManyField" } => SqlEffect.Additive("it adds a table"),
        PyCall call when call.Is("null", "True") || call.Get("db_default") is not null || call.Last is "GeneratedField" => SqlEffect.Additive("it adds a column"),
        PyCall => SqlEffect.Takes("it must have a value and has no default in the database: a release that does not know it cannot write rows"),
        _ => SqlEffect.Unknown("the field that it adds is computed"),
    };

    private void Code(PyCall call)
    {
        Function(forward, call, call.Get(0, "code"), isBack: false);
        if (call.Get(1, "reverse_code") is { } reverse and not PyName { Path: "None" })
        {
            Function(back, call, reverse, isBack: true);
        }
        else
        {
            back.Irreversible(call.Start, call.End, "it has no reverse_code");
        }
    }

    private void Function(StatementList way, PyCall call, PyExpression? function, bool isBack)
    {
        if (function is PyName { Last: "noop" })
        {
            return;
        }

        var body = function is PyName name && module.LastOrDefault(s => s.Defines("def") == name.Path) is { } found
            ? found.Block.Where(s => s.Word is not ("pass" or "return") && !(s.Tokens.Length == 1 && (s.Tokens[0].Kind == PyTokenKind.Text || s.Tokens[0].IsSign("...")))).ToList()
            : null;
        switch (body)
        {
            // It does nothing, and says so.
            case []:
                break;
            case [{ Word: "raise" } refuses, ..]:
                way.Refuses(refuses.Start, refuses.End);
                break;
            default:
                way.Add(call.Start, call.End, SqlEffect.Unknown("it runs code that is not read"), isDeclaredWay: isBack && body?.Any(Raises) != true);
                break;
        }
    }

    private static bool Raises(PyStatement statement) => statement.Word is "raise" || statement.Block.Any(Raises);

    private void Sql(PyCall call)
    {
        Statements(forward, call, call.Get(0, "sql"));
        if (call.Get(1, "reverse_sql") is { } reverse and not PyName { Path: "None" })
        {
            Statements(back, call, reverse);
        }
        else
        {
            back.Irreversible(call.Start, call.End, "it has no reverse_sql");
        }
    }

    private void Statements(StatementList way, PyCall call, PyExpression? sql)
    {
        if (sql is PyName { Last: "noop" })
        {
            return;
        }

        // One text, or a list of texts and of texts with their parameters.
        foreach (var item in sql is PyList { Items: var items } ? items : [sql ?? call])
        {
            if ((item is PyList { Items: [var first, ..] } ? first : item) is var text && Known(text) is { Value: { } known } found)
            {
                way.Sql(known, found.Start);
            }
            else
            {
                way.Unknown(call.Start, call.End, "the SQL that it executes is computed");
            }
        }
    }

    /// <summary>A text, or a name that stands for one in the file.</summary>
    private PyText? Known(PyExpression expression) =>
        expression as PyText
        ?? (expression is PyName name && module.Where(s => s.Assigns?.Name == name.Path).ToList() is [var only] ? PyParser.Read(only.Tokens[(only.Assigns?.Value ?? 0)..]) as PyText : null);
}
