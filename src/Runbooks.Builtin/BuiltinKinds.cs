using System.Collections.Immutable;
using Runbooks.Builtin.Steps.Approve;
using Runbooks.Builtin.Steps.Backup;
using Runbooks.Builtin.Steps.Compose;
using Runbooks.Builtin.Steps.Edit;
using Runbooks.Builtin.Steps.Http;
using Runbooks.Builtin.Steps.Parallel;
using Runbooks.Builtin.Steps.Pin;
using Runbooks.Builtin.Steps.Playbook;
using Runbooks.Builtin.Steps.Postgres;
using Runbooks.Builtin.Steps.Restore;
using Runbooks.Builtin.Steps.Run;
using Runbooks.Builtin.Steps.Shell;
using Runbooks.Builtin.Steps.Wait;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin;

/// <summary>The kinds that come with the product: the one list, because nothing can be scanned at run time. A test compares it with the folders.</summary>
public static partial class BuiltinKinds
{
    public static ImmutableArray<IStepKind> Steps { get; } =
    [
        new ApproveStepKind(),
        new BackupStepKind(),
        new ComposeStepKind(),
        new EditStepKind(),
        new HttpStepKind(),
        new ParallelStepKind(),
        new PinStepKind(),
        new PlaybookStepKind(),
        new PostgresStepKind(),
        new RestoreStepKind(),
        new RunStepKind(),
        new ShellStepKind(),
        new WaitStepKind(),
    ];

    /// <summary>What the reader of playbooks has to know of them. Made on each call: the order in which static fields of two files are set is not defined.</summary>
    public static KindCatalogue Catalogue => KindCatalogue.Of(Steps.Select(k => k.Declaration), Checks.Select(k => k.Declaration));
}
