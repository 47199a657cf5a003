using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Disk;

/// <summary><c>disk:</c> asks for room, before a step fills what is left.</summary>
public sealed class DiskCheckKind : CheckKind<DiskCheck>
{
    public override KindDeclaration Declaration { get; } = new("disk", "There is enough free space.", () => new FieldSet("'disk'",
    [
        new Field("min_free", FieldShape.Text, "what must be free: a size with its unit (500MB, 2GiB), or a share (10%)") { Required = true, NotEmpty = true, IsShown = true },
        new Field("path", FieldShape.Path, "a file or folder on the file system that is meant; it must exist") { Otherwise = "the project directory" },
    ])
    { Shorthand = "min_free" });

    public override ImmutableArray<Descriptor> Descriptors => DiskDiagnostics.All;

    public override DiskCheck? Plan(Inputs inputs, PlanContext context)
    {
        var text = inputs.Text("min_free");
        var span = inputs.SpanOf("min_free");
        if (!text.IsKnown)
        {
            context.Report(TemplateDiagnostics.NotKnown, span, $"'min_free' must be known when the plan is made, {text.Display} is not");
            return null;
        }

        var wanted = text.Reveal().Trim();
        var path = inputs.OptionalPath("path") is { } given ? context.Resolve(given) : context.ProjectDirectory;
        var shown = inputs.IsGiven("path") ? context.Show(path) : "the project directory";
        if (wanted.EndsWith('%') && ByteSizes.Number(wanted[..^1].TrimEnd()) is { } percent and > 0 and <= 100)
        {
            return new DiskCheck(path, shown, null, percent, wanted);
        }

        if (ByteSizes.Parse(wanted) is { } bytes and > 0)
        {
            return new DiskCheck(path, shown, bytes, null, wanted);
        }

        context.Report(DiskDiagnostics.BadSize, span, $"'{text.Display}' is not a size or a share", ByteSizes.Number(wanted) is null ? "for example 500MB, 2GiB, 10%" : $"a unit is missing: did you mean '{wanted}MB'?");
        return null;
    }

    public override Task<Verdict> AskAsync(DiskCheck question, CheckContext context, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // A path that is not there would be answered for by some folder above it: for a disk that is not mounted, that is another one.
        var stat = context.Ports.Files.Stat(question.Path);
        if (stat.Problem is not null || stat.Kind == FileKind.Missing)
        {
            return Task.FromResult(Verdict.Unknown($"{question.Shown} cannot be looked at: {stat.Problem ?? "it does not exist"}"));
        }

        if (context.Ports.Files.Space(question.Path) is not { } space || space.Total <= 0)
        {
            return Task.FromResult(Verdict.Unknown($"the free space of {question.Shown} cannot be asked"));
        }

        var share = 100.0 * space.Free / space.Total;
        var observed = $"{ByteSizes.Format(space.Free)} of {ByteSizes.Format(space.Total)} free ({share.ToString("0.#", CultureInfo.InvariantCulture)}%)";
        return Task.FromResult(space.Free >= question.Bytes || share >= question.Percent ? Verdict.Holds(observed) : Verdict.DoesNotHold(observed));
    }
}
