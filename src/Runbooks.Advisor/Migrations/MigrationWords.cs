namespace Runbooks.Advisor.Migrations;

/// <summary>The words of the outside for what is read, in facts, JSON and fields.</summary>
public static class MigrationWords
{
    public static string Of(MigrationImpact kind) => kind switch
    {
        MigrationImpact.Additive => "additive",
        MigrationImpact.Destructive => "destructive",
        MigrationImpact.Irreversible => "irreversible",
        _ => "unknown",
    };

    public static string Of(DataLoss loss) => loss switch
    {
        DataLoss.None => "none",
        DataLoss.Possible => "possible",
        DataLoss.Certain => "certain",
        _ => "unknown",
    };

    public static string Of(MigrationTool tool) => tool switch
    {
        MigrationTool.Alembic => "alembic",
        MigrationTool.Django => "django",
        MigrationTool.Rails => "rails",
        MigrationTool.Flyway => "flyway",
        MigrationTool.Liquibase => "liquibase",
        MigrationTool.GolangMigrate => "golang-migrate",
        _ => "sql",
    };

    /// <returns>Null when no tool is called so.</returns>
    public static MigrationTool? Tool(string word) => Enum.GetValues<MigrationTool>().Cast<MigrationTool?>().FirstOrDefault(t => t is { } tool && Of(tool) == word);
}
