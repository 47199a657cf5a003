using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Builtin.WaysBack;

/// <summary>What takes several parts back, and in which order.</summary>
/// <param name="Playbook">Null when no playbook that ships does it.</param>
/// <param name="Missing">Why there is none.</param>
internal sealed record SequentialRun(ShippedPlaybook? Playbook, PlaybookCommand? Command, ImmutableArray<string> Order, ImmutableArray<string> Missing)
{
    private const string TheCommand = "the command above";

    public static SequentialRun Of(Situation situation)
    {
        // A flag is switched by itself, before everything else.
        var isOnlyFlags = !situation.Kinds.Contains(ChangeKind.Configuration);
        ImmutableArray<Part> parts = [.. situation.Parts.Where(p => p != Part.Configuration || !isOnlyFlags)];
        return OfParts(situation, parts);
    }

    private static SequentialRun OfParts(Situation situation, ImmutableArray<Part> parts)
    {
        return parts switch
        {
            [Part.Database] => OfOne(PartCommands.Database(situation), Part.Database),
            [Part.Infrastructure] => OfOne(PartCommands.Infrastructure(situation), Part.Infrastructure),
            _ when parts.Contains(Part.Database) && situation.Schema == SchemaWay.Restored => OneAfterTheOther(situation, parts),
            _ when parts.Contains(Part.Database) && !PartCommands.HasTool(situation) => WithoutTool(situation, parts),
            [Part.Database, Part.Application] => DatabaseAndApplication(situation),
            _ when parts.Contains(Part.Configuration) && !parts.Contains(Part.Database) => FilesTogether(situation, parts),
            _ => OneAfterTheOther(situation, parts),
        };
    }

    private static SequentialRun OfOne((ShippedPlaybook Playbook, PlaybookCommand Command) part, Part which) => new(part.Playbook, part.Command, [$"{Step(which)}: {TheCommand}"], []);

    /// <summary>A tool whose migrations no playbook takes back: its SQL is run, and then the rest.</summary>
    private static SequentialRun WithoutTool(Situation situation, ImmutableArray<Part> parts)
    {
        var (playbook, command) = PartCommands.Database(situation);
        var rest = parts.Remove(Part.Database);
        var next = OfRest(situation, rest);
        return new SequentialRun(
            playbook,
            command,
            [
                "stop everything that writes: the service and its workers",
                $"{Step(Part.Database)}: {TheCommand}; its last check asks the application, which is stopped, and that the run ends as failed for that alone is right",
                $"{Remarks.And([.. rest.Select(Name)])}, with a second command: {Remarks.Line(next)}",
            ],
            []);
    }

    private static PlaybookCommand OfRest(Situation situation, ImmutableArray<Part> rest) => rest switch
    {
        [Part.Application] when situation.ApplicationServices.Length < 2 => PartCommands.Application(situation).Command,
        [Part.Configuration] => PartCommands.Configuration(situation).Command,
        [Part.Infrastructure] => PartCommands.Infrastructure(situation).Command,
        _ when rest.Contains(Part.Configuration) => PartCommands.Files(situation).Command,
        _ => Draft(situation, rest),
    };

    private static SequentialRun DatabaseAndApplication(Situation situation)
    {
        var services = PartCommands.Services(situation);
        var command = ShippedPlaybook.DbAndAppRollback.For(situation).Needed("version").Known("image").With("services", services).Migrations("app").Service().Compose().Command;
        return new SequentialRun(
            ShippedPlaybook.DbAndAppRollback,
            command,
            [
                $"{TheCommand} does all that follows, and stops when a part of it fails",
                "stop everything that writes: the service and its workers",
                "dump the database and read the dump back",
                Step(Part.Database),
                Step(Part.Application),
            ],
            []);
    }

    /// <summary>The files name the image too, so that one restore brings back what belongs together.</summary>
    private static SequentialRun FilesTogether(Situation situation, ImmutableArray<Part> parts)
    {
        var (playbook, command) = PartCommands.Files(situation);
        return new SequentialRun(playbook, command, [$"put back the files that say {Remarks.And([.. parts.Select(p => p == Part.Application ? "which image runs" : $"what the {Name(p)} is")])}, all together, because one without the other fits nothing: {TheCommand}"], []);
    }

    private static SequentialRun OneAfterTheOther(Situation situation, ImmutableArray<Part> parts) =>
        new(
            ShippedPlaybook.SequentialRollback,
            Draft(situation, parts),
            [$"{TheCommand} does what follows one after the other, with a person between the parts", .. parts.Select(p => p == Part.Database && situation.Schema == SchemaWay.Restored ? Restore(situation) : Step(p)), .. parts.Contains(Part.Configuration) ? ["configuration that is not in the Compose files afterwards, with playbooks/config-file-rollback.yml"] : Array.Empty<string>()],
            []);

    private static PlaybookCommand Draft(Situation situation, ImmutableArray<Part> parts)
    {
        var (database, application) = (parts.Contains(Part.Database), parts.Contains(Part.Application));
        var infrastructure = parts.Contains(Part.Infrastructure) || parts.Contains(Part.Configuration);
        var services = CommandDraft.ServicesOf(situation);
        var draft = ShippedPlaybook.SequentialRollback.For(situation)
            .With("with_database", Word(database)).With("with_application", Word(application)).With("with_infrastructure", Word(infrastructure))
            .Needed("version").Service().With("workers", services.Length > 1 ? CommandDraft.Joined([.. services.Skip(1)]) : "").Known("image").Known("port");
        if (database && situation.Schema == SchemaWay.Restored)
        {
            draft.Needed("dump").Needed("database").Known("db_service").Known("db_user");
        }
        else if (database)
        {
            draft.Migrations("django_app");
        }

        return (infrastructure ? draft.Known("revision") : draft).Compose().Command;
    }

    private static string Restore(Situation situation) =>
        $"database: restore the backup {(CommandDraft.Single(situation, "dump") is { Length: > 0 } dump ? $"{dump} " : "")}into a new database, and let it take the place of the present one, which is kept";

    private static string Name(Part part) => part switch
    {
        Part.Database => "database",
        Part.Application => "application",
        Part.Configuration => "configuration",
        _ => "infrastructure",
    };

    private static string Step(Part part) => part switch
    {
        Part.Database => "database: take the migrations back, the last one first",
        Part.Application => "application: put the previous image back and start it",
        Part.Configuration => "configuration: put the previous values back",
        _ => "infrastructure: put the Compose files back, and make the services anew that differ",
    };

    private static string Word(bool value) => value ? "true" : "false";
}
