using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Builtin.WaysBack;

/// <summary>Which playbook takes a part of a release back, with which values.</summary>
internal static class PartCommands
{
    /// <summary>Tools whose migrations the playbooks can take back.</summary>
    private static readonly ImmutableArray<string> Tools = ["alembic", "django", "rails"];

    public static (ShippedPlaybook Playbook, PlaybookCommand Command) Application(Situation situation)
    {
        if (situation.Facts.Swarm == Answer.Yes)
        {
            var draft = ShippedPlaybook.SwarmServiceRollback.For(situation).Needed("service", CommandDraft.ServiceOf(situation), "the service of the swarm: STACK_NAME");
            return (ShippedPlaybook.SwarmServiceRollback, draft
                .Needed("from", Image(situation, "failed_version"), "the image that it has now")
                .Needed("to", Image(situation, "version"), "the image that it had before").Known("url").Command);
        }

        var rollback = ShippedPlaybook.AppRollback.For(situation).Needed("version").Service().Known("image");
        return (ShippedPlaybook.AppRollback, (situation.IsFetched ? rollback.Needed("fetch") : rollback).Known("port").Compose().Command);
    }

    public static (ShippedPlaybook Playbook, PlaybookCommand Command) Database(Situation situation)
    {
        if (situation.Schema == SchemaWay.Restored)
        {
            var services = CommandDraft.ServicesOf(situation);
            return (ShippedPlaybook.DbRestore, ShippedPlaybook.DbRestore.For(situation).Needed("dump").Needed("database").With("services", CommandDraft.Joined(services))
                .Known("db_service").Known("db_user").Compose().Command);
        }

        return HasTool(situation)
            ? (ShippedPlaybook.DbMigrationRollback, ShippedPlaybook.DbMigrationRollback.For(situation).Migrations("app").Service().Compose().Command)
            : (ShippedPlaybook.DbManualRollback, ShippedPlaybook.DbManualRollback.For(situation).Needed("file", "sql_file").Database().Compose().Command);
    }

    /// <summary>The tool that made the migrations can take them back from a playbook, or is not known.</summary>
    public static bool HasTool(Situation situation) => CommandDraft.Single(situation, "tool") is var tool && (tool.Length == 0 || Tools.Contains(tool));

    public static (ShippedPlaybook Playbook, PlaybookCommand Command) Infrastructure(Situation situation)
    {
        var kinds = situation.Facts.Infrastructure.Distinct().ToList();
        if (kinds is [InfrastructureKind.Network])
        {
            return (ShippedPlaybook.NetworkRollback, ShippedPlaybook.NetworkRollback.For(situation).Needed("reach").Known("revision").Restored().Known("networks").Known("gone").Service().Compose().Command);
        }

        return kinds is [InfrastructureKind.Volume]
            ? (ShippedPlaybook.VolumeRollback, ShippedPlaybook.VolumeRollback.For(situation).With("services", Services(situation)).Known("revision").Restored().Service().Compose().Command)
            : (ShippedPlaybook.ComposeRollback, ShippedPlaybook.ComposeRollback.For(situation).Known("revision").Restored().Known("gone").Service().Compose().Command);
    }

    public static (ShippedPlaybook Playbook, PlaybookCommand Command) Flag(Situation situation)
    {
        var flag = Flags(situation).FirstOrDefault();
        var draft = ShippedPlaybook.FeatureFlagRollback.For(situation)
            .Needed("where", flag?.Where ?? "", "where it is kept: environment, env_file, file or http")
            .Needed("flag", flag?.Name ?? "", "the name of the flag")
            .With("value", flag?.Previous ?? "");
        if (flag?.Where is "env_file" or "file")
        {
            draft.Needed("file", flag.File, "the file that holds it");
        }
        else
        {
            draft.With("file", flag?.File ?? "");
        }

        return (ShippedPlaybook.FeatureFlagRollback, draft.Service().Compose().Command);
    }

    /// <summary>The flags that changed, in an order that depends on nothing but them.</summary>
    public static IEnumerable<FlagChange> Flags(Situation situation) =>
        situation.Facts.Flags.Distinct().OrderBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Where, StringComparer.Ordinal).ThenBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Previous, StringComparer.Ordinal);

    public static ImmutableArray<ConfigurationChange> Settings(Situation situation) =>
    [
        .. situation.Facts.Configuration.Distinct().OrderBy(c => c.Variable, StringComparer.Ordinal).ThenBy(c => c.File, StringComparer.Ordinal)
            .ThenBy(c => c.Inside, StringComparer.Ordinal).ThenBy(c => c.Previous, StringComparer.Ordinal),
    ];

    public static (ShippedPlaybook Playbook, PlaybookCommand Command) Configuration(Situation situation)
    {
        var settings = Settings(situation);
        if (settings.Length > 1)
        {
            return Files(situation);
        }

        if (settings is [{ Variable.Length: 0, Inside.Length: 0, File.Length: > 0 } part] && IsOfCompose(part.File, situation))
        {
            // A line that is gone is put back with its file.
            return Files(situation);
        }

        if (settings is [{ Variable.Length: > 0 } variable])
        {
            return (ShippedPlaybook.EnvRollback, ShippedPlaybook.EnvRollback.For(situation)
                .With("name", variable.Variable).Needed("value", variable.Previous, "the value to go back to").With("file", variable.File).With("set_as", variable.SetAs).Service().Compose().Command);
        }

        var file = settings.FirstOrDefault();
        return (ShippedPlaybook.ConfigFileRollback, ShippedPlaybook.ConfigFileRollback.For(situation)
            .Needed("file", file?.File ?? "", "the configuration file").Needed("inside", file?.Inside ?? "", "where the container has it").Known("revision").Service().Compose().Command);
    }

    /// <summary>All files that changed go back together, because one half without the other fits nothing.</summary>
    public static (ShippedPlaybook Playbook, PlaybookCommand Command) Files(Situation situation)
    {
        var vars = situation.Facts.Vars;
        string[] together = [.. vars.GetValueOrDefault("env_file", []), .. Settings(situation).Select(s => s.File).Where(f => f.Length > 0)];
        var draft = ShippedPlaybook.ComposeRollback.For(situation).Known("revision").Restored(together).Known("gone").Service();
        return (ShippedPlaybook.ComposeRollback, (situation.Has(Part.Application) ? draft.With("image", Image(situation, "version")) : draft).Compose().Command);
    }

    private static bool IsOfCompose(string file, Situation situation) => ((string[])["compose", "env_file"]).Any(v => situation.Facts.Vars.GetValueOrDefault(v, []).Contains(file));

    public static string Services(Situation situation) => CommandDraft.Joined(CommandDraft.ServicesOf(situation));

    /// <summary>Repository and tag; empty when one of them is not known.</summary>
    private static string Image(Situation situation, string tag) =>
        (CommandDraft.Single(situation, "image"), CommandDraft.Single(situation, tag)) is ({ Length: > 0 } image, { Length: > 0 } version) ? $"{image}:{version}" : "";
}
