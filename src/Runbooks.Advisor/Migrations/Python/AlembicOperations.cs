using System.Globalization;
using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>The operations of Alembic.</summary>
internal static class AlembicOperations
{
    /// <param name="batch">The table of the batch in which it stands; empty outside.</param>
    public static IEnumerable<SqlEffect> Effects(PyCall call, string batch) => Of(call).Select(e => (e with { Gone = e.Kind == MigrationImpact.Destructive ? Gone(call, batch.Length > 0) : "" }).On(batch.Length > 0 ? batch : Table(call)));

    /// <param name="isBatch">The table is said already.</param>
    private static string Gone(PyCall call, bool isBatch) => (call.Last switch
    {
        "drop_table" => call.Get(0, "table_name"),
        "drop_column" => call.Get(isBatch ? 0 : 1, "column_name"),
        "rename_table" => call.Get(0, "old_table_name"),
        "alter_column" when call.Get("new_column_name") is not null => call.Get(isBatch ? 0 : 1, "column_name"),
        _ => null,
    }) is PyText { Value: { } name } ? name : "";

    private static string Table(PyCall call) => (call.Last switch
    {
        "create_index" => call.Get(1, "table_name"),
        "create_foreign_key" => call.Get(1, "source_table"),
        "create_unique_constraint" or "create_check_constraint" or "create_primary_key" or "create_exclude_constraint" or "drop_constraint" or "drop_index" => call.Get(1, "table_name"),
        _ => call.Get(0, "table_name"),
    }) is PyText { Value: { } name } && call.Get("schema") is null ? name : "";

    private static IEnumerable<SqlEffect> Of(PyCall call) => call.Last switch
    {
        "create_table" => [call.Get("if_not_exists") is null ? SqlEffect.NewTable : SqlEffect.Additive("it adds a table")],
        "create_table_comment" or "drop_table_comment" or "get_bind" or "get_context" or "f" => [],
        "create_index" => [call.Is("unique", "True") ? SqlEffect.Takes("what is there twice is refused from now on") : SqlEffect.Additive("it adds an index")],
        "create_foreign_key" or "create_unique_constraint" or "create_check_constraint" or "create_primary_key" or "create_exclude_constraint" => [SqlEffect.Takes("values that were allowed are refused")],
        "add_column" => [Column(call)],
        "bulk_insert" => [SqlEffect.Additive("it adds rows")],
        "drop_table" => [SqlEffect.Loses("the rows of the table are lost")],
        "drop_column" => [SqlEffect.Loses("the values of the column are lost")],
        "drop_index" => [SqlEffect.Takes("the index is gone, and with it what relied on it")],
        "drop_constraint" => [SqlEffect.Takes("a rule for values is gone, and with it what relied on it")],
        "rename_table" => [SqlEffect.Takes("the old name is gone")],
        "alter_column" => Altered(call),
        _ => [SqlEffect.Unknown("what it does is not known")],
    };

    /// <summary>The column is in a call of <c>Column</c>, first in a batch and second elsewhere.</summary>
    private static SqlEffect Column(PyCall call)
    {
        var column = call.Words.Append(call.Get("column")).OfType<PyCall>().FirstOrDefault(c => c.Last == "Column");
        return column is null ? SqlEffect.Unknown("the column that it adds is computed")
            : column.Is("nullable", "False") && column.Get("server_default") is null && !column.Words.OfType<PyCall>().Any(w => w.Last is "Identity" or "Computed")
                ? SqlEffect.Takes("it must have a value and has no default: a release that does not know it cannot write rows")
            : SqlEffect.Additive("it adds a column");
    }

    private static IEnumerable<SqlEffect> Altered(PyCall call)
    {
        foreach (var (name, value) in call.Named)
        {
            SqlEffect? effect = name switch
            {
                "new_column_name" => SqlEffect.Takes("the old name is gone"),
                "nullable" when value is PyName { Path: "True" } => SqlEffect.Additive("it need not have a value any more"),
                "nullable" => SqlEffect.Takes("rows without a value are refused"),
                "server_default" when value is PyName { Path: "None" } => SqlEffect.Takes("it has no default any more"),
                "server_default" => SqlEffect.Additive("it has a default"),
                "type_" => Typed(value, call.Get("existing_type")),
                "comment" or "existing_type" or "existing_nullable" or "existing_server_default" or "existing_comment" or "schema" or "autoincrement" or "postgresql_using" => null,
                _ => SqlEffect.Unknown("what it alters is not known"),
            };
            if (effect is { } given)
            {
                yield return given;
            }
        }
    }

    /// <summary>Wider is seen of a text that grows and of an integer; everything else may be narrower.</summary>
    private static SqlEffect Typed(PyExpression to, PyExpression? from)
    {
        var (wanted, existing) = (Type(to), from is null ? ("", null) : Type(from));
        var isWider = (wanted, existing) switch
        {
            (("Text" or "TEXT", null), ("String" or "VARCHAR" or "Text" or "TEXT", _)) => true,
            (("String" or "VARCHAR", { } most), ("String" or "VARCHAR", { } least)) => most >= least,
            (("String" or "VARCHAR", null), ("String" or "VARCHAR", _)) => true,
            (("BigInteger" or "BIGINT", _), ("Integer" or "INTEGER" or "SmallInteger" or "SMALLINT", _)) => true,
            (("Integer" or "INTEGER", _), ("SmallInteger" or "SMALLINT", _)) => true,
            _ => false,
        };
        return isWider ? SqlEffect.Additive("every value fits into the new type") : SqlEffect.Loses("what does not fit into the new type is lost");
    }

    private static (string Name, int? Length) Type(PyExpression type) => type switch
    {
        PyName name => (name.Last, null),
        PyCall call => (call.Last, call.Get(0, "length") switch
        {
            null => null,
            PyNumber number when int.TryParse(number.Value, CultureInfo.InvariantCulture, out var length) => length,
            _ => 0,
        }),
        _ => ("", null),
    };
}
