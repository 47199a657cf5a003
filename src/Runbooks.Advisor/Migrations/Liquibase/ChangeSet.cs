using System.Collections.Immutable;
using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations.Liquibase;

/// <summary>A change set that is not written in SQL.</summary>
internal sealed class ChangeSet(MigrationText file, ChangeNode node, ImmutableArray<MigrationText> files)
{
    /// <summary>What stands in a change set and is no change.</summary>
    private static bool IsAside(ChangeNode child) => child.Name is "rollback" or "comment" or "preConditions" or "validCheckSum" or "modifySql" or "property" or "labels" or "context" or "";

    public ReadMigration Read()
    {
        var (forward, back) = (new StatementList(file, isBack: false), new StatementList(file, isBack: true));
        var changes = node.Children.Where(c => !IsAside(c)).ToList();
        changes.ForEach(c => Change(c, forward));
        var rollbacks = node.Children.Where(c => c.Name == "rollback").ToList();
        if (rollbacks.Count > 0)
        {
            rollbacks.ForEach(r => Rollback(r, back));
        }
        else
        {
            changes.ForEach(c => Inverse(c, back));
        }

        return new ReadMigration(node["id"], file.Path, forward.Way, back.Way);
    }

    private void Change(ChangeNode change, StatementList way)
    {
        if (change.Name is "sql")
        {
            way.Sql(change.Text, change.TextStart);
        }
        else if (change.Name is "sqlFile")
        {
            SqlFile(change, way);
        }
        else if (LiquibaseChanges.Forward(change) is { } effect)
        {
            way.Add(change.Start, change.End, effect.On(change.Has("schemaName") ? "" : change[change.Has("tableName") ? "tableName" : "baseTableName"]));
        }
    }

    private void SqlFile(ChangeNode change, StatementList way)
    {
        var path = change["path"].TrimStart('.', '/');
        if (path.Length > 0 && files.FirstOrDefault(f => f.Path == path || f.Path.EndsWith($"/{path}", StringComparison.Ordinal)) is { } found)
        {
            way.AddRange(SqlWays.Read(found));
        }
        else
        {
            way.Unknown(change.Start, change.End, "the file that it executes was not found");
        }
    }

    /// <summary>An empty one says that there is nothing to take back.</summary>
    private void Rollback(ChangeNode rollback, StatementList back)
    {
        if (rollback.Has("changeSetId"))
        {
            back.Unknown(rollback.Start, rollback.End, "it makes another change set again, which is not followed");
        }

        Text(rollback, back);
        foreach (var child in rollback.Children.Where(c => c.Name is not "comment"))
        {
            if (child.Name.Length == 0)
            {
                Text(child, back);
            }
            else
            {
                Change(child, back);
            }
        }
    }

    private static void Text(ChangeNode node, StatementList way)
    {
        if (!string.IsNullOrWhiteSpace(node.Text))
        {
            way.Sql(node.Text, node.TextStart);
        }
    }

    private static void Inverse(ChangeNode change, StatementList back)
    {
        var (effect, isKnown) = LiquibaseChanges.Back(change);
        if (!isKnown)
        {
            back.Irreversible(change.Start, change.End, $"Liquibase knows no inverse of {change.Name}, and there is no rollback");
        }
        else if (effect is { } given)
        {
            back.Add(change.Start, change.End, given);
        }
    }
}
