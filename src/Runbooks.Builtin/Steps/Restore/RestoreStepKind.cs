using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Volumes;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary><c>restore:</c> puts a backup back. What it made in this run is compared with the record before a byte of it is used.</summary>
public sealed class RestoreStepKind : StepKind<RestoreStep>
{
    private const string From = "from";
    private const string Files = "files";
    private const string Into = "into";
    private const string Postgres = "postgres";
    private const string MySql = "mysql";
    private const string Volume = "volume";
    private const string Git = "git";
    private const string Release = "release";

    public override KindDeclaration Declaration { get; } = new("restore", "Puts something back: a backup, or a file as git or a release has it.", () => new FieldSet("'restore'",
    [
        new Field(From, FieldShape.Text, "the file that holds the backup; steps.<id>.stdout of a step that made it; not with 'git' or 'release'") { NotEmpty = true, IsShown = true },
        new Field(Files, FieldShape.Boolean, "it is an archive of files, which are put back") { Default = "false" },
        new Field(Into, FieldShape.Path, "the folder below which the files go") { Otherwise = "they go to where they came from" },
        new Field(Postgres, FieldShape.Object, "it is a dump of a PostgreSQL database, which goes into this one") { Fields = PostgresTarget.Fields },
        new Field(MySql, FieldShape.Object, "it is a dump of a MySQL or MariaDB database, which goes into this one") { Fields = MySqlTarget.Fields },
        new Field(Volume, FieldShape.Object, "it is an archive of a Docker volume, which goes into a new one") { Fields = VolumeTarget.Fields },
        new Field(Git, FieldShape.Object, "it is no backup: a file gets the bytes that it had at a revision of its repository") { Fields = GitTarget.Fields },
        new Field(Release, FieldShape.Object, "it is no backup: a file gets the bytes that were kept with a release") { Fields = ReleaseTarget.Fields },
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. RestoreDiagnostics.All, .. DatabaseDiagnostics.All, .. ComposeDiagnostics.All, .. VolumeDiagnostics.All];

    public override RestoreStep? Plan(Inputs inputs, PlanContext context)
    {
        string[] given = [.. inputs.Flag(Files) ? [Files] : Array.Empty<string>(), .. ((string[])[Postgres, MySql, Volume, Git, Release]).Where(inputs.IsGiven)];
        if (given.Length != 1)
        {
            context.Report(
                RestoreDiagnostics.NotOneTarget,
                given.Length == 0 ? inputs.Span : inputs.SpanOf(given[1]),
                given.Length == 0 ? "it is not said what is restored" : $"'{given[1]}' is a second target beside '{given[0]}'",
                $"'{Files}: true', '{Postgres}' or '{MySql}' with a database, '{Volume}' with a volume, or '{Git}' or '{Release}' with a file");
            return null;
        }

        if (given[0] != Files && inputs.IsGiven(Into))
        {
            context.Report(RestoreDiagnostics.NotOneTarget, inputs.SpanOf(Into), $"'{Into}' goes with '{Files}'", $"what is restored into is named in '{given[0]}'");
            return null;
        }

        var needsNone = given[0] is Git or Release;
        if (needsNone == inputs.IsGiven(From))
        {
            context.Report(RestoreDiagnostics.NoBackup, inputs.IsGiven(From) ? inputs.SpanOf(From) : inputs.Span, needsNone ? $"'{From}' names a backup, and '{given[0]}' needs none" : "it is not said which backup is restored", needsNone ? null : $"'{From}: …'");
            return null;
        }

        var into = inputs.OptionalPath(Into) is { } path ? context.Resolve(path) : null;
        RestoreTarget? target = inputs.Object(Postgres) is { } postgres ? PostgresTarget.Read(postgres, context)
            : inputs.Object(MySql) is { } mysql ? MySqlTarget.Read(mysql, context)
            : inputs.Object(Volume) is { } volume ? VolumeTarget.Read(volume, context)
            : inputs.Object(Git) is { } git ? GitTarget.Read(git, context)
            : inputs.Object(Release) is { } release ? ReleaseTarget.Read(release, context)
            : new FilesTarget(into ?? "/", into is null ? null : context.Show(into));
        return target is null ? null : new RestoreStep(inputs.OptionalText(From) ?? Rendered.Empty, target) { Effect = target.IsOver ? Effect.Destroy : Effect.Change };
    }

    public override async Task<ActionOutcome> RunAsync(RestoreStep action, StepContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Stop.Interrupt, context.Stop.Kill);
        if (action.Target is GitTarget git)
        {
            return await GitRestoration.RunAsync(git, context, ended.Token);
        }

        if (action.Target is ReleaseTarget release)
        {
            return await ReleaseRestoration.RunAsync(release, context, ended.Token);
        }

        var from = Path.GetFullPath(action.From.Reveal(), context.ProjectDirectory);
        if (NotRestorable(from, context, ended.Token) is { } problem)
        {
            return ActionOutcome.Failed(problem) with { Untouched = true, Changed = false };
        }

        return action.Target switch
        {
            FilesTarget files => await FilesRestoration.RunAsync(files, from, context, ended.Token),
            VolumeTarget volume => await VolumeRestoration.RunAsync(volume, from, context, ended.Token),
            DatabaseTarget database => await DatabaseRestoration.RunAsync(database, from, context),
            _ => throw new InvalidOperationException($"no way to restore to {action.Target.GetType().Name}"),
        };
    }

    /// <summary>What this run has on record of the backup must still be true of it; of a backup that comes from elsewhere nothing is on record.</summary>
    private static string? NotRestorable(string from, StepContext context, CancellationToken cancel)
    {
        var seen = context.Ports.Files.Stat(from);
        if (seen.Kind != FileKind.File || seen.Problem is not null)
        {
            return $"there is no backup at {from}{(seen.Problem is { } problem ? $": {problem}" : "")}";
        }

        if (context.Backups.Find(from) is not { } recorded)
        {
            return null;
        }

        var digest = context.Ports.Files.Digest(from, cancel);
        return digest.Problem is { } unread ? $"{from} cannot be read: {unread}"
            : seen.Length != recorded.Length || digest.Sha256 != recorded.Sha256 ? $"{from} is not the backup that is on record: its bytes have changed since"
            : null;
    }
}
