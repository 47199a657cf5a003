using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Volumes;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary><c>backup:</c> saves something, verifies that it is whole, and puts it on record, so that a step that destroys may rely on it.</summary>
public sealed class BackupStepKind : StepKind<BackupStep>
{
    private const string Files = "files";
    private const string Postgres = "postgres";
    private const string MySql = "mysql";
    private const string Volume = "volume";
    private const string To = "to";

    private static readonly ImmutableArray<string> Sources = [Files, Postgres, MySql, Volume];

    public override KindDeclaration Declaration { get; } = new("backup", "Saves something, verified: a step that destroys can require it.", () => new FieldSet("'backup'",
    [
        new Field(Files, FieldShape.TextList, "files and folders, saved in one tar archive") { IsShown = true, NotEmpty = true },
        new Field(Postgres, FieldShape.Object, "a PostgreSQL database, saved by pg_dump in its custom format") { Fields = PostgresSource.Fields },
        new Field(MySql, FieldShape.Object, "a MySQL or MariaDB database, saved as SQL") { Fields = MySqlSource.Fields },
        new Field(Volume, FieldShape.Object, "a Docker volume, saved in one tar archive") { Fields = VolumeSource.Fields },
        new Field(To, FieldShape.Path, "the file that holds the backup; it must not be there yet") { Otherwise = "a file in the run's own folder" },
    ]))
    {
        MakesBackups = true,
    };

    public override ImmutableArray<Descriptor> Descriptors => [.. BackupDiagnostics.All, .. DatabaseDiagnostics.All, .. ComposeDiagnostics.All, .. VolumeDiagnostics.All];

    public override BackupStep? Plan(Inputs inputs, PlanContext context)
    {
        var given = Sources.Where(inputs.IsGiven).ToList();
        if (given.Count != 1)
        {
            context.Report(
                BackupDiagnostics.NotOneSource,
                given.Count == 0 ? inputs.Span : inputs.SpanOf(given[1]),
                given.Count == 0 ? "it is not said what is saved" : $"'{given[1]}' is a second thing to save beside '{given[0]}'",
                given.Count == 0 ? $"one of: {string.Join(", ", Sources)}" : "make two steps of it");
            return null;
        }

        var to = inputs.OptionalPath(To) is { } path ? context.Resolve(path) : null;
        BackupSource? source = inputs.Object(Postgres) is { } postgres ? PostgresSource.Read(postgres, context)
            : inputs.Object(MySql) is { } mysql ? MySqlSource.Read(mysql, context)
            : inputs.Object(Volume) is { } volume ? VolumeSource.Read(volume, context)
            : FilesOf(inputs, to, context);
        return source is null ? null : new BackupStep(source, to, to is null ? null : context.Show(to));
    }

    public override async Task<ActionOutcome> RunAsync(BackupStep action, StepContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Stop.Interrupt, context.Stop.Kill);
        return await RunAsync(action, context, ended.Token);
    }

    private static async Task<ActionOutcome> RunAsync(BackupStep action, StepContext context, CancellationToken cancel)
    {
        var path = action.To ?? context.Backups.Place(action.Source.Extension);
        if (action.To is not null && context.Ports.Files.Stat(path) is not { Kind: FileKind.Missing, Problem: null })
        {
            return Existing(path, context, cancel);
        }

        var (archives, partial) = (context.Ports.Archives, $"{path}.partial");
        if (archives.Remove(partial) is { } inTheWay)
        {
            return Untouched($"{partial} is in the way and cannot be removed: {inTheWay}");
        }

        var isFinished = false;
        try
        {
            var written = action.Source switch
            {
                PostgresSource postgres => await PostgresDump.WriteAsync(postgres, partial, context, cancel),
                MySqlSource mysql => await MySqlDump.WriteAsync(mysql, partial, context, cancel),
                VolumeSource volume => await VolumeBackup.WriteAsync(volume, partial, context, cancel),
                FilesSource files => FilesBackup.Write(files, partial, context, cancel),
                _ => throw new InvalidOperationException($"no way to save {action.Source.GetType().Name}"),
            };
            if (written.Failure is not null)
            {
                return (written.Program ?? new ActionOutcome()) with { Failure = written.Failure, Untouched = true, Changed = false };
            }

            // From here on it is known what stands under that name, also after a power cut.
            context.Backups.Record(path, new RecordedBackup(written.Length, written.Sha256, written.Verified));
            if (archives.Finish(partial, path, replace: action.To is null) is { } problem)
            {
                return ActionOutcome.Failed($"{path} could not be finished: {problem}");
            }

            isFinished = true;
            return Made(written.Program ?? new ActionOutcome(), path, written.Length, written.Verified);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Untouched("it was ended before the backup was whole");
        }
        finally
        {
            // Half a backup is of no use to anybody, and takes room; what cannot be removed says by its name what it is.
            _ = isFinished ? null : archives.Remove(partial);
        }
    }

    /// <summary>A file that is there already is never overwritten; but it can be what an earlier attempt of this step finished.</summary>
    private static ActionOutcome Existing(string path, StepContext context, CancellationToken cancel)
    {
        var seen = context.Ports.Files.Stat(path);
        return seen.Problem is { } problem ? Untouched($"{path}: {problem}")
            : context.Backups.Find(path) is { IsOwn: true } own && seen.Length == own.Length && context.Ports.Files.Digest(path, cancel).Sha256 == own.Sha256
                ? Made(new ActionOutcome(), path, own.Length, $"{own.Verified}; it was finished by an earlier attempt")
                : Untouched($"{path} is there already, and is not overwritten");
    }

    private static ActionOutcome Made(ActionOutcome program, string path, long length, string verified) =>
        program with { Observed = $"{ByteSizes.Format(length)}, {verified}: {path}", Captured = path };

    private static ActionOutcome Untouched(string failure) => ActionOutcome.Failed(failure) with { Untouched = true, Changed = false };

    private static FilesSource? FilesOf(Inputs inputs, string? to, PlanContext context)
    {
        var texts = inputs.Texts(Files);
        var paths = new List<string>();
        for (var i = 0; i < texts.Length; i++)
        {
            var (text, span) = (texts[i], inputs.SpanOf(Files, i));
            if (!text.IsKnown)
            {
                context.Report(TemplateDiagnostics.NotKnown, span, $"'{Files}' must be known when the plan is made, {text.Display} is not");
                return null;
            }

            var path = text.Parts.IsEmpty ? "/" : Path.TrimEndingDirectorySeparator(context.Resolve(text.Reveal()));
            if (path == "/" || path == to)
            {
                context.Report(BackupDiagnostics.BadPath, span, path == to ? "the backup would be written over what it saves" : $"'{text.Display}' cannot be saved", path == to ? null : "name files and folders below '/'");
                return null;
            }

            paths.Add(path);
        }

        // What lies in a folder that is saved is saved with it.
        ImmutableArray<string> all = [.. paths.Distinct(StringComparer.Ordinal).Where(p => !paths.Any(other => p.StartsWith($"{other}/", StringComparison.Ordinal)))];
        return new FilesSource(all, [.. all.Select(context.Show)]);
    }
}
