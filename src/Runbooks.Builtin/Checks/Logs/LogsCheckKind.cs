using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary><c>logs:</c> counts what containers have logged, entry by entry, in bounded memory.</summary>
public sealed class LogsCheckKind : CheckKind<LogsCheck>
{
    private const string Start = "start";
    private const string Above = "max_errors_above_baseline";

    public override KindDeclaration Declaration { get; } = new("logs", "The logs of a container or a service hold no errors, or hold what they should.", () => new FieldSet("'logs'",
    [
        .. ContainerChoice.Fields("container", "service", "whose logs are read"),
        new Field("since", FieldShape.Text, "how far back: 'start' for the start of the run, or a duration") { Default = Start, NotEmpty = true },
        new Field("max_errors", FieldShape.Integer, "how many entries of level error or worse there may be") { Minimum = 0, Otherwise = "0; when only 'contains' or a limit above the baseline is given, their number does not matter" },
        new Field("max_warnings", FieldShape.Integer, "how many entries of level warning there may be") { Minimum = 0, Otherwise = "warnings do not matter" },
        new Field("baseline", FieldShape.Path, "a kept log of a good release, read and counted the same way: messages that it does not have are named"),
        new Field(Above, FieldShape.Integer, "how many entries of level error or worse there may be more than in the baseline") { Minimum = 0, Otherwise = "only 'max_errors' counts" },
        new Field("error_pattern", FieldShape.Pattern, "a regular expression for the lines that are errors, whatever their level") { Otherwise = "the level of each entry, in the forms that are known" },
        new Field("ignore", FieldShape.TextList, "regular expressions for entries that count as nothing, by their first line"),
        new Field("contains", FieldShape.TextList, "texts that must each stand in some line"),
        new Field("min_lines", FieldShape.Integer, "with fewer lines the answer is unknown") { Minimum = 0, Default = "0" },
    ])
    { Shorthand = "service" });

    public override ImmutableArray<Descriptor> Descriptors => [.. ContainerDiagnostics.All, .. LogsDiagnostics.All, .. ComposeDiagnostics.All];

    public override LogsCheck? Plan(Inputs inputs, PlanContext context)
    {
        var choice = ContainerChoice.Read(inputs, context, "container", "service");
        var ignore = Patterns(inputs, context);
        var (since, isSince) = Since(inputs, context);
        if (choice is null || ignore is not { } patterns || !isSince)
        {
            return null;
        }

        if (inputs.IsGiven(Above) && !inputs.IsGiven("baseline"))
        {
            context.Report(LogsDiagnostics.NoBaseline, inputs.SpanOf(Above), $"'{Above}' has no baseline", "name the log of a good release with 'baseline', or limit the errors with 'max_errors'");
            return null;
        }

        var judgesErrors = inputs.IsGiven("max_errors") || (!inputs.IsGiven(Above) && (((string[])["error_pattern", "ignore", "max_warnings", "baseline"]).Any(inputs.IsGiven) || !inputs.IsGiven("contains")));
        return new LogsCheck(choice, since)
        {
            MaxErrors = judgesErrors ? inputs.OptionalInteger("max_errors") ?? 0 : null,
            MaxWarnings = inputs.OptionalInteger("max_warnings"),
            Baseline = inputs.OptionalPath("baseline") is { } path ? new LogBaseline(context.Resolve(path), context.Show(context.Resolve(path))) : null,
            MaxErrorsAboveBaseline = inputs.OptionalInteger(Above),
            ErrorPattern = inputs.OptionalPattern("error_pattern"),
            Ignore = patterns,
            Contains = inputs.Texts("contains"),
            MinLines = inputs.Integer("min_lines"),
        };
    }

    public override async Task<Verdict> AskAsync(LogsCheck question, CheckContext context, CancellationToken cancel)
    {
        var docker = context.Ports.Docker;
        var found = await question.Choice.FindAsync(docker, cancel);
        if (found.Problem is not null)
        {
            return Verdict.Unknown(found.Problem);
        }

        if (found.Value.IsEmpty)
        {
            return Verdict.DoesNotHold(await question.Choice.NoneAsync(docker, cancel));
        }

        if (found.Value.FirstOrDefault(c => c.LogDriver == "none") is { } silent)
        {
            return Verdict.Unknown($"{silent.Name} keeps no logs: its logging driver is 'none'");
        }

        var since = question.Since is { } back ? context.Ports.Time.GetUtcNow() - back : context.RunStarted;
        var reading = new LogReading(question, ContainerSecrets.Mask(found.Value, context.Mask));
        if (question.Baseline is { } baseline)
        {
            var file = context.Ports.Files.Read(baseline.Path);
            if (file.Bytes is not { } bytes)
            {
                return Verdict.Unknown($"the baseline {baseline.Shown} cannot be read: {file.Problem}");
            }

            reading.ReadBaseline(bytes);
        }

        foreach (var container in found.Value)
        {
            var log = reading.Of(found.Value.Length > 1 ? $"{container.Name}: " : "");
            var read = await docker.LogsAsync(container.Id, since, log.Take, cancel);
            if (read.Problem is not null)
            {
                return Verdict.Unknown($"the logs of {container.Name} cannot be read: {read.Problem}");
            }

            log.End();
        }

        return reading.Judge();
    }

    private static ImmutableArray<Regex>? Patterns(Inputs inputs, PlanContext context)
    {
        if (ComposeProjects.KnownTexts(inputs, "ignore", context) is not { } texts)
        {
            return null;
        }

        var patterns = ImmutableArray.CreateBuilder<Regex>(texts.Length);
        foreach (var text in texts)
        {
            var result = Scalars.Pattern(text);
            if (result.Value is Regex pattern)
            {
                patterns.Add(pattern);
            }
            else
            {
                context.Report(LogsDiagnostics.BadIgnore, inputs.SpanOf("ignore"), result.Error ?? $"'{text}' is not a regular expression", result.Hint);
            }
        }

        return patterns.Count == texts.Length ? patterns.ToImmutable() : null;
    }

    private static (TimeSpan? Since, bool IsRight) Since(Inputs inputs, PlanContext context)
    {
        var text = inputs.Text("since");
        if (!text.IsKnown)
        {
            context.Report(TemplateDiagnostics.NotKnown, inputs.SpanOf("since"), $"'since' must be known when the plan is made, {text.Display} is not");
            return (null, false);
        }

        if (text.Reveal() == Start)
        {
            return (null, true);
        }

        if (Durations.Parse(text.Reveal()) is { } back && back > TimeSpan.Zero)
        {
            return (back, true);
        }

        context.Report(LogsDiagnostics.BadSince, inputs.SpanOf("since"), $"'{text.Display}' is neither '{Start}' nor a duration", "for example start, or 5m");
        return (null, false);
    }
}
