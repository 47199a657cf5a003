using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations.Liquibase;

/// <summary>The change types of Liquibase, and which of them it can take back by itself, as its documentation lists them.</summary>
internal static class LiquibaseChanges
{
    private static SqlEffect Refuses => SqlEffect.Takes("values that were allowed are refused");

    private static SqlEffect NoRule => SqlEffect.Takes("a rule for values is gone, and with it what relied on it");

    private static SqlEffect Name => SqlEffect.Takes("the old name is gone");

    private static SqlEffect Changes => SqlEffect.Takes("from now on something else may become of what a release writes or reads");

    private static SqlEffect WritesOver => SqlEffect.Loses("the values that it writes over or deletes are in no other place");

    /// <summary>Null for what changes nothing.</summary>
    public static SqlEffect? Forward(ChangeNode change) => change.Name switch
    {
        "tagDatabase" or "empty" or "output" or "setTableRemarks" or "setColumnRemarks" => null,
        "createTable" => change.Is("ifNotExists", "true") ? SqlEffect.Additive("it adds a table") : SqlEffect.NewTable,
        "addColumn" => Columns(change),
        "createIndex" => change.Is("unique", "true") ? SqlEffect.Takes("what is there twice is refused from now on") : SqlEffect.Additive("it adds an index"),
        "createSequence" or "createSynonym" or "createProcedure" or "createFunction" or "createPackage" or "createPackageBody" or "addAutoIncrement" => SqlEffect.Additive("it adds to the database"),
        "createView" => change.Is("replaceIfExists", "true") ? SqlEffect.Takes("the view that was there is replaced") : SqlEffect.Additive("it adds a view"),
        "createTrigger" or "enableTrigger" or "disableTrigger" => Changes,
        "addDefaultValue" => SqlEffect.Additive("it has a default"),
        "dropDefaultValue" => SqlEffect.Takes("it has no default any more"),
        "dropNotNullConstraint" => SqlEffect.Additive("it need not have a value any more"),
        "addForeignKeyConstraint" or "addUniqueConstraint" or "addPrimaryKey" or "addNotNullConstraint" or "addCheckConstraint" or "addLookupTable" or "enableCheckConstraint" => Refuses,
        "dropForeignKeyConstraint" or "dropAllForeignKeyConstraints" or "dropUniqueConstraint" or "dropPrimaryKey" or "dropCheckConstraint" or "disableCheckConstraint" => NoRule,
        "dropTable" => SqlEffect.Loses("the rows of the table are lost"),
        "dropColumn" => SqlEffect.Loses("the values of the column are lost"),
        "dropSequence" => SqlEffect.Loses("where the sequence was is lost"),
        "dropIndex" => SqlEffect.Takes("the index is gone, and with it what relied on it"),
        "dropView" or "dropProcedure" or "dropFunction" or "dropPackage" or "dropPackageBody" or "dropTrigger" or "dropSynonym" => SqlEffect.Takes("it is gone"),
        "renameColumn" or "renameTable" or "renameView" or "renameSequence" or "renameTrigger" => Name,
        "modifyDataType" => SqlEffect.Loses("what does not fit into the new type is lost"),
        "mergeColumns" or "update" or "delete" or "loadUpdateData" => WritesOver,
        "insert" or "loadData" => SqlEffect.Additive("it adds rows"),
        _ => SqlEffect.Unknown("what it does is not known"),
    };

    /// <summary>The inverse that Liquibase makes by itself, when it knows one; no effect for what changes nothing.</summary>
    public static (SqlEffect? Effect, bool IsKnown) Back(ChangeNode change) => change.Name switch
    {
        "tagDatabase" or "empty" or "output" => (null, true),
        "createTable" or "addLookupTable" => (SqlEffect.Loses("the rows of the table are lost"), true),
        "addColumn" => (SqlEffect.Loses("the values of the column are lost"), true),
        "createIndex" => (SqlEffect.Takes("the index is gone, and with it what relied on it"), true),
        "createSequence" => (SqlEffect.Loses("where the sequence was is lost"), true),
        "createView" or "createSynonym" => (SqlEffect.Takes("it is gone"), true),
        "addDefaultValue" => (SqlEffect.Takes("it has no default any more"), true),
        "dropNotNullConstraint" => (Refuses, true),
        "addForeignKeyConstraint" or "addUniqueConstraint" or "addPrimaryKey" or "addNotNullConstraint" or "addCheckConstraint" or "enableCheckConstraint" => (NoRule, true),
        "disableCheckConstraint" => (Refuses, true),
        "enableTrigger" or "disableTrigger" => (Changes, true),
        "renameColumn" or "renameTable" or "renameView" or "renameSequence" or "renameTrigger" => (Name, true),
        _ => (null, false),
    };

    private static SqlEffect Columns(ChangeNode change)
    {
        var columns = change.Children.Where(c => c.Name == "column").ToList();
        return columns.Count == 0 ? SqlEffect.Unknown("the columns that it adds are not understood")
            : columns.Exists(c => c.Child("constraints") is { } rules && rules.Is("nullable", "false") && !c.Attributes.Any(a => a.Name.StartsWith("defaultValue", StringComparison.Ordinal)) && !c.Is("autoIncrement", "true"))
                ? SqlEffect.Takes("it must have a value and has no default: a release that does not know it cannot write rows")
            : SqlEffect.Additive("it adds a column");
    }
}
