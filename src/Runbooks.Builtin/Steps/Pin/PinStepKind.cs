using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.FileEdits;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Editing;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Pin;

/// <summary><c>pin:</c> writes the image of a Compose service down where the project's files decide it: as itself, in an anchor, or as a variable.</summary>
public sealed class PinStepKind : StepKind<PinStep>
{
    private const string Service = "service";
    private const string Image = "image";
    private const string Alone = "alone";

    public override KindDeclaration Declaration { get; } = new("pin", "Writes down which image a Compose service has, in the file that decides it.", () => new FieldSet("'pin'",
    [
        new Field(Service, FieldShape.Text, "the service") { Required = true, NotEmpty = true, IsShown = true },
        new Field(Image, FieldShape.Text, "the image that it shall have, as a whole: myapp:v1.2.3") { Required = true, NotEmpty = true, IsShown = true },
        new Field(Alone, FieldShape.Boolean, "nothing but this service may change with it") { Default = "false" },
        .. ComposeFields.All,
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. PinDiagnostics.All, .. ComposeDiagnostics.All];

    public override PinStep? Plan(Inputs inputs, PlanContext context)
    {
        if (Known(inputs, Service, context) is not { } service || Known(inputs, Image, context) is not { } image || ComposeProjects.Read(inputs, context) is not { } project)
        {
            return null;
        }

        if (ImageSource.Read(project, context, out var unread) is not { } source)
        {
            context.Report(PinDiagnostics.CannotWrite, inputs.SpanOf(ComposeFields.Files), unread);
            return null;
        }

        if (source.PlaceOf(service) is not { } place)
        {
            var names = source.ServiceNames.ToList();
            context.Report(PinDiagnostics.NoImage, inputs.SpanOf(Service), names.Contains(service) ? $"service '{service}' has no 'image' in {Phrases.And(project.Files.Select(context.Show))}" : $"there is no service '{service}'", names.Contains(service) ? null : Suggestion.Hint(service, names));
            return null;
        }

        return place.Image.Variables.IsEmpty ? OfImage(service, image, place, source, inputs, context) : OfVariable(service, image, place, source, inputs, context);
    }

    public override Task<ActionOutcome> RunAsync(PinStep action, StepContext context) => action.Edit.ApplyAsync(context);

    private static bool HasDigest(string image) => image.Contains("@sha256:", StringComparison.Ordinal);

    private static PinStep? OfImage(string service, string image, ImagePlace place, ImageSource source, Inputs inputs, PlanContext context)
    {
        var others = source.ServiceNames.Where(s => s != service && source.PlaceOf(s) is { } its && its.File == place.File && its.Image.WrittenAt == place.Image.WrittenAt).ToList();
        var way = $"the image of '{service}' is written in {context.Show(place.File)}, line {place.Image.Line} ({place.Image.WrittenAt})";
        if (HasDigest(place.Image.Value) && !HasDigest(image))
        {
            way += "; it is pinned by digest there, and from then on is what the tag means on this machine";
        }

        return Write(place.File, EditFormat.Yaml, new ScalarEdit(place.Image.WrittenAt, image) { AllowShared = true }, way, others, inputs, context) is { } edit
            ? new PinStep(edit)
            : null;
    }

    private static PinStep? OfVariable(string service, string image, ImagePlace place, ImageSource source, Inputs inputs, PlanContext context)
    {
        var (written, values) = (place.Image.Value, source.ValuesFor(place.Image));
        var text = VariableText.Parse(written);
        var solved = place.Image.Variables.Select(name => (Name: name, Value: text?.Solve(name, image, values))).Where(s => s.Value is not null).ToList();
        if (solved is not [var (variable, value), ..] || value is null || (solved.Count > 1 && text?.Text(values) != image))
        {
            context.Report(PinDiagnostics.OtherImage, inputs.SpanOf(Image), $"the image of '{service}' is '{written}' ({context.Show(place.File)}, line {place.Image.Line}), and {(solved.Count > 1 ? "more than one of its variables could make" : "no value of its variables makes")} '{image}' of it");
            return null;
        }

        var others = source.UsersOf(variable).Where(s => s != service).ToList();
        var way = $"the image of '{service}' is '{written}' in {context.Show(place.File)}, line {place.Image.Line}, and {variable} is set in";
        if (source.Setting(variable) is var (file, setting))
        {
            // What the variable takes from elsewhere is cut off on purpose: the pin says what it is.
            var edit = Write(file, EditFormat.DotEnv, new ScalarEdit(setting.WrittenAt, value) { AllowDisconnect = true }, $"{way} {context.Show(file)}, line {setting.Line}", others, inputs, context);
            return edit is null ? null : new PinStep(edit) { Variable = new VariableRequirement(variable, value, context.Show(file)) };
        }

        if (text?.Parts.FirstOrDefault(p => p.Variable == variable) is { Default: not null })
        {
            var edit = Write(place.File, EditFormat.Yaml, new ScalarEdit($"{place.Image.WrittenAt}${{{variable}}}", value) { AllowShared = true }, $"{way} no file, so its default there is changed", others, inputs, context);
            return edit is null ? null : new PinStep(edit) { Variable = new VariableRequirement(variable, value, context.Show(place.File)) };
        }

        context.Report(PinDiagnostics.NotSet, inputs.SpanOf(Service), $"the image of '{service}' is '{written}', and no env file sets {variable}", $"set {variable}={value} in .env beside the Compose file");
        return null;
    }

    private static FileEdit? Write(string file, EditFormat format, ScalarEdit edit, string way, List<string> others, Inputs inputs, PlanContext context)
    {
        var before = context.Files.Read(file).Bytes ?? default;
        var result = ScalarEditor.Apply(before.Span, format, [edit]);
        if (result is EditRefused refused)
        {
            context.Report(PinDiagnostics.CannotWrite, inputs.SpanOf(Service), $"{context.Show(file)}: {string.Join("; ", refused.Refusals.Select(r => r.Sentence))}");
            return null;
        }

        var edited = (Edited)result;

        var notes = ImmutableArray.Create(way);
        if (others.Count > 0 && !edited.Changes[0].IsUnchanged)
        {
            var moving = $"{Phrases.And(others)} {(others.Count == 1 ? "takes" : "take")} it from there too";
            context.Report(inputs.Flag(Alone) ? PinDiagnostics.NotAlone : PinDiagnostics.OthersMove, inputs.SpanOf(Service), $"{way}: {moving}", "they change when they are created anew; only the services that a later step names are");
            notes = notes.Add($"moves with it: {moving}");
        }

        var planned = FileEdit.Plan(file, before.Span, edited, _ => false, context);
        return planned with { Change = planned.Change with { Notes = notes } };
    }

    private static string? Known(Inputs inputs, string field, PlanContext context)
    {
        var text = inputs.Text(field);
        if (!text.IsKnown)
        {
            context.Report(TemplateDiagnostics.NotKnown, inputs.SpanOf(field), $"'{field}' must be known when the plan is made, {text.Display} is not", "the plan shows every byte that a pin changes");
            return null;
        }

        return text.Reveal();
    }
}
