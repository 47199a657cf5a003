using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations.Ruby;

/// <summary>The commands of Rails migrations, and whether Rails knows their inverse.</summary>
internal static class RailsCommands
{
    private static SqlEffect Rows => SqlEffect.Loses("the rows of the table are lost");

    private static SqlEffect Column => SqlEffect.Additive("it adds a column");

    private static SqlEffect Values => SqlEffect.Loses("the values of the column are lost");

    private static SqlEffect Again => SqlEffect.Additive("it adds it again, empty");

    private static SqlEffect Index => SqlEffect.Additive("it adds an index");

    private static SqlEffect NoIndex => SqlEffect.Takes("the index is gone, and with it what relied on it");

    private static SqlEffect Rule => SqlEffect.Takes("values that were allowed are refused");

    private static SqlEffect NoRule => SqlEffect.Takes("a rule for values is gone, and with it what relied on it");

    private static SqlEffect Name => SqlEffect.Takes("the old name is gone");

    /// <summary>Null when it is none of Rails.</summary>
    public static RailsCommand? Of(RbCall call) => call.Name switch
    {
        "create_table" or "create_join_table" => new(call.Has("force") ? SqlEffect.Loses("the table that was there is lost with its rows") : call.Has("if_not_exists") || call.Name == "create_join_table" ? SqlEffect.Additive("it adds a table") : SqlEffect.NewTable, Rows),
        "drop_table" => new(Rows, Again, call.Statement.Block is null ? "Rails does not know the columns of the table: drop_table has no block" : null),
        "drop_join_table" => new(Rows, Again),
        "remove_column" => new(Values, Again, call.Words.Length < 3 ? "Rails does not know the type of the column: remove_column is given none" : null),
        "remove_columns" => new(Values, Again, call.Has("type") ? null : "Rails does not know the type of the columns: remove_columns is given none"),
        "remove_timestamps" or "remove_reference" or "remove_belongs_to" => new(Values, Again),
        "add_column" or "add_columns" or "add_timestamps" or "add_reference" or "add_belongs_to" => new(Added(call), Values),
        "add_index" => new(Unique(call), NoIndex),
        "remove_index" => new(NoIndex, Index, call.Words.Length < 2 && !call.Has("column") ? "Rails does not know the columns of the index: remove_index is given none" : null),
        "add_foreign_key" or "add_check_constraint" or "add_unique_constraint" or "add_exclusion_constraint" => new(Rule, NoRule),
        "remove_foreign_key" => new(NoRule, Rule, call.Words.Length < 2 && !call.Has("to_table") ? "Rails does not know the other table: remove_foreign_key is given none" : null),
        "remove_check_constraint" or "remove_unique_constraint" or "remove_exclusion_constraint" => new(NoRule, Rule, call.Words.Length < 2 ? $"Rails does not know the rule: {call.Name} is given none" : null),
        "rename_column" or "rename_table" or "rename_enum" or "rename_enum_value" => new(Name, Name),
        "rename_index" => new(SqlEffect.Additive("nothing names an index but migrations"), SqlEffect.Additive("nothing names an index but migrations")),
        "change_column_null" => Null(call.Words is [_, _, [var only], ..] ? only.Value : null),
        "change_column_default" => Default(call),
        "change_column_comment" or "change_table_comment" => new(null, null, call.Has("from") && call.Has("to") ? null : $"Rails does not know the comment before: {call.Name} is given no from:"),
        "change_column" => new(SqlEffect.Loses("what does not fit into the new type is lost"), null, "Rails does not know the type before: change_column has no inverse"),
        "create_enum" => new(SqlEffect.Additive("it adds a type"), SqlEffect.Takes("the type is gone")),
        "drop_enum" => new(SqlEffect.Takes("the type is gone"), Again, call.Words.Length < 2 ? "Rails does not know the values of the type: drop_enum is given none" : null),
        "add_enum_value" => new(SqlEffect.Additive("it adds a value to a type"), null, "Rails knows no inverse of add_enum_value"),
        "enable_extension" => new(SqlEffect.Additive("it adds to the database"), SqlEffect.Takes("the extension is gone")),
        "disable_extension" => new(SqlEffect.Takes("the extension is gone"), SqlEffect.Additive("it adds to the database")),
        _ => null,
    };

    /// <summary>What is done with <c>t</c> in change_table.</summary>
    public static RailsCommand OfTable(RbCall call)
    {
        // The table itself is the first argument of the commands.
        var full = call with { On = "", Words = [[], .. call.Words] };
        return call.Name switch
        {
            "remove" => Of(full with { Name = "remove_columns" }),
            "column" or "timestamps" or "references" or "belongs_to" or "index" or "check_constraint" or "foreign_key" => Of(full with { Name = $"add_{call.Name}" }),
            "rename" => Of(full with { Name = "rename_column" }),
            "change" => Of(full with { Name = "change_column" }),
            "change_default" or "change_null" => Of(full with { Name = call.Name.Replace("change_", "change_column_", StringComparison.Ordinal) }),
            "rename_index" or "remove_index" or "remove_timestamps" or "remove_references" or "remove_belongs_to" or "remove_foreign_key" or "remove_check_constraint" => Of(full with { Name = call.Name.Replace("references", "reference", StringComparison.Ordinal) }),
            "string" or "text" or "integer" or "bigint" or "float" or "decimal" or "numeric" or "datetime" or "timestamp" or "timestamptz" or "time" or "date" or "binary" or "blob" or "boolean" or "json" or "jsonb" or "uuid"
                or "hstore" or "inet" or "cidr" or "macaddr" or "citext" or "virtual" or "enum" or "bit" or "xml" or "tsvector" or "interval" or "money" or "point" => Of(full with { Name = "add_column" }),
            _ => null,
        } ?? new RailsCommand(SqlEffect.Unknown("what it does is not known"), SqlEffect.Unknown("what it does is not known"));
    }

    /// <summary>Timestamps must have a value unless it is said that they need not.</summary>
    private static SqlEffect Added(RbCall call) =>
        !call.Has("default") && (call.Is("null", "false") || (call.Name == "add_timestamps" && !call.Is("null", "true")))
            ? SqlEffect.Takes("it must have a value and has no default: a release that does not know it cannot write rows")
            : Column;

    private static SqlEffect Unique(RbCall call) => call.Has("unique") && !call.Is("unique", "false") ? SqlEffect.Takes("what is there twice is refused from now on") : Index;

    private static RailsCommand Null(string? value)
    {
        var (refuses, allows) = (SqlEffect.Takes("rows without a value are refused"), SqlEffect.Additive("it need not have a value any more"));
        var unknown = SqlEffect.Unknown("whether it must have a value is computed");
        return value switch
        {
            "false" => new(refuses, allows),
            "true" => new(allows, refuses),
            _ => new(unknown, unknown),
        };
    }

    private static RailsCommand Default(RbCall call) =>
        new(To(call, "to"), To(call, "from"), call.Has("from") && call.Has("to") ? null : "Rails does not know the default before: change_column_default is given no from:");

    private static SqlEffect To(RbCall call, string side) => call.Is(side, "nil") || (!call.Has(side) && call.Words is [_, _, [{ Value: "nil" }], ..])
        ? SqlEffect.Takes("it has no default any more")
        : SqlEffect.Additive("it has a default");
}
