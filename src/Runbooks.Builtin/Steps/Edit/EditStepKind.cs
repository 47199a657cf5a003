using System.Collections.Immutable;
using Runbooks.Builtin.FileEdits;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Editing;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Edit;

/// <summary><c>edit:</c> changes values in a YAML, JSON or <c>.env</c> file and keeps every other byte.</summary>
public sealed class EditStepKind : StepKind<EditStep>
{
    private const string Set = "set";

    public override KindDeclaration Declaration { get; } = new("edit", "Changes values in a YAML, JSON or .env file and keeps every other byte.", () => new FieldSet("'edit'",
    [
        new Field("file", FieldShape.Path, "the file") { Required = true },
        new Field(Set, FieldShape.TextMap, "the new value of each path: services.app.image, services.app.ports[0], image${TAG} for a default, TAG in a .env file") { Required = true },
        new Field("format", FieldShape.Choice, "how the file is read") { Choices = ["yaml", "json", "dotenv"], Otherwise = "told by the name of the file" },
        new Field("allow_shared", FieldShape.Boolean, "change a value although aliases elsewhere in the file share it") { Default = "false" },
        new Field("replace_variables", FieldShape.Boolean, "overwrite a value that takes variables, although it will not take them afterwards") { Default = "false" },
    ]));

    public override ImmutableArray<Descriptor> Descriptors => EditDiagnostics.All;

    public override EditStep? Plan(Inputs inputs, PlanContext context)
    {
        var path = context.Resolve(inputs.Path("file"));
        if (Format(inputs, path, context) is not { } format || Edits(inputs, context) is not { } edits)
        {
            return null;
        }

        var read = context.Files.Read(path);
        if (read.Bytes is not { } before)
        {
            context.Report(EditDiagnostics.Unreadable, inputs.SpanOf("file"), $"'{context.Show(path)}' cannot be read: {read.Problem}");
            return null;
        }

        switch (ScalarEditor.Apply(before.Span, format, edits))
        {
            case Edited edited:
                WarnOfVariables(edited, format, inputs, context);
                var values = inputs.Map(Set);
                return new EditStep(FileEdit.Plan(path, before.Span, edited, i => values[i].Value.HasSecret, context));
            case EditRefused refused:
                Refuse(refused, edits, context.Show(path), inputs, context);
                return null;
            default:
                throw new InvalidOperationException("an edit is made or refused");
        }
    }

    public override Task<ActionOutcome> RunAsync(EditStep action, StepContext context) => action.Edit.ApplyAsync(context);

    private static EditFormat? Format(Inputs inputs, string path, PlanContext context)
    {
        EditFormat? format = inputs.OptionalChoice("format") switch
        {
            "yaml" => EditFormat.Yaml,
            "json" => EditFormat.Json,
            "dotenv" => EditFormat.DotEnv,
            _ => EditFormats.OfPath(path),
        };
        if (format is null)
        {
            context.Report(EditDiagnostics.UnknownFormat, inputs.SpanOf("file"), $"the name of '{context.Show(path)}' does not say its format", "add 'format: yaml', 'json' or 'dotenv'");
        }

        return format;
    }

    private static List<ScalarEdit>? Edits(Inputs inputs, PlanContext context)
    {
        var (pairs, edits) = (inputs.Map(Set), new List<ScalarEdit>());
        for (var i = 0; i < pairs.Length; i++)
        {
            var (key, value) = pairs[i];
            if (!key.IsKnown || !value.IsKnown)
            {
                context.Report(TemplateDiagnostics.NotKnown, inputs.SpanOf(Set, i), $"'{key.Display}' must be known when the plan is made, {(key.IsKnown ? value : key).Display} is not", "the plan shows every byte that an edit changes");
                continue;
            }

            edits.Add(new ScalarEdit(key.Reveal(), value.Reveal()) { AllowShared = inputs.Flag("allow_shared"), AllowDisconnect = inputs.Flag("replace_variables") });
        }

        if (pairs.IsEmpty)
        {
            context.Report(EditDiagnostics.NothingSet, inputs.SpanOf(Set), "'set' is empty", "for example: set: { services.app.image: myapp:v1.2.3 }");
        }

        return edits.Count == pairs.Length && edits.Count > 0 ? edits : null;
    }

    private static void Refuse(EditRefused refused, List<ScalarEdit> edits, string shown, Inputs inputs, PlanContext context)
    {
        foreach (var refusal in refused.Refusals)
        {
            var index = edits.FindIndex(e => e.Path == refusal.Path);
            var span = refusal.Path.Length == 0 ? inputs.SpanOf("file") : index >= 0 ? inputs.SpanOf(Set, index) : inputs.SpanOf(Set);
            context.Report(EditDiagnostics.Of(refusal.Kind), span, $"{shown}: {refusal.Sentence}");
        }
    }

    private static void WarnOfVariables(Edited edited, EditFormat format, Inputs inputs, PlanContext context)
    {
        for (var i = 0; i < edited.Changes.Length && format == EditFormat.Yaml; i++)
        {
            if (edited.Changes[i] is { AddedVariables: { IsEmpty: false } names } change)
            {
                context.Report(EditDiagnostics.NewVariable, inputs.SpanOf(Set, i), $"Compose will replace {string.Join(", ", names.Select(n => $"${{{n}}}"))} in '{change.Path}'", "write '$$' where a dollar sign is meant");
            }
        }
    }

}
