using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin.Outputs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Steps.Http;

/// <summary><c>http:</c> sends one request and judges the status of the answer.</summary>
public sealed class HttpStepKind : StepKind<HttpStep>
{
    private const long HourInMilliseconds = 3_600_000;
    private const int ShownBody = 200;

    public override KindDeclaration Declaration { get; } = new("http", "Sends one HTTP request.", () => new FieldSet("'http'",
    [
        new Field("url", FieldShape.Text, "absolute, http or https") { Required = true, NotEmpty = true },
        new Field("method", FieldShape.Choice, "the method; all but GET and HEAD change something") { Choices = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], Default = "GET" },
        new Field("headers", FieldShape.TextMap, "headers by name"),
        new Field("body", FieldShape.Text, "what is sent, as UTF-8"),
        new Field("status", FieldShape.TextList, "the statuses that count as done: codes, or classes like 2xx") { Default = "2xx" },
        new Field("timeout", FieldShape.Duration, "how long the answer may take") { Default = "10s", Minimum = 1, Maximum = HourInMilliseconds },
        new Field("follow_redirects", FieldShape.Boolean, "go where a redirect points") { Default = "false" },
    ])
    { Shorthand = "url" });

    public override ImmutableArray<Descriptor> Descriptors => HttpDiagnostics.All;

    public override HttpStep? Plan(Inputs inputs, PlanContext context)
    {
        var (request, statuses) = (HttpRequests.Read(inputs, context), HttpRequests.Statuses(inputs, context));
        return request is not null && statuses is { } accepted
            ? new HttpStep(request, accepted, inputs.Duration("timeout"), inputs.Flag("follow_redirects")) { Effect = HttpStep.EffectOf(request.Method) }
            : null;
    }

    public override async Task<ActionOutcome> RunAsync(HttpStep action, StepContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Stop.Interrupt, context.Stop.Kill);
        if (ended.IsCancellationRequested)
        {
            return ActionOutcome.Failed($"{Name(action)} was not sent: the step was ended first") with { Untouched = true };
        }

        try
        {
            return Judge(action, await context.Ports.Network.SendAsync(SpecOf(action), ended.Token), context);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return ActionOutcome.Failed($"{Name(action)} was ended before its answer came{Doubt(action)}") with { Untouched = action.IsReading };
        }
    }

    private static HttpSpec SpecOf(HttpStep action) => new(action.Request.Method, action.Request.Url.Reveal())
    {
        Headers = [.. action.Request.Headers.Select(h => KeyValuePair.Create(h.Name, h.Value.Reveal()))],
        Body = Encoding.UTF8.GetBytes(action.Request.Body.Reveal()),
        Timeout = action.Timeout,
        FollowRedirects = action.FollowRedirects,
    };

    private static ActionOutcome Judge(HttpStep action, HttpAnswer answer, StepContext context)
    {
        if (answer.Status is not { } status)
        {
            var doubt = answer.NeverSent ? "" : Doubt(action);
            return ActionOutcome.Failed($"{Name(action)} had no answer: {answer.Problem}{doubt}") with { Untouched = answer.NeverSent || action.IsReading };
        }

        var output = OutputFile.Write(answer.Body.Span, context);
        var outcome = new ActionOutcome
        {
            Observed = $"status {status} in {Math.Round(answer.Elapsed.TotalMilliseconds)}ms",
            Changed = !action.IsReading,
            OutputLength = output.Length,
            OutputSha256 = output.Sha256,
            Notes = answer.BodyWasCut ? ["the body of the answer is longer than what was kept of it"] : [],
        };
        if (!action.Accepted.Any(a => a.Contains(status)))
        {
            var wanted = string.Join(" or ", action.Accepted.Select(a => a.ToString()));
            return outcome with { Failure = $"{Name(action)} answered {status}, not {wanted}{Beginning(output.Masked.Span)}", Untouched = action.IsReading };
        }

        return output.Problem is null ? outcome : outcome with { Failure = $"the answer could not be written: {output.Problem}" };
    }

    private static string Name(HttpStep action) => $"{action.Request.Method} {action.Request.Url.Display}";

    private static string Doubt(HttpStep action) => action.IsReading ? "" : "; whether it was carried out is not known";

    /// <summary>The first line of the answer: it often says why.</summary>
    private static string Beginning(ReadOnlySpan<byte> masked)
    {
        var text = Encoding.UTF8.GetString(masked[..Math.Min(masked.Length, ShownBody * 4)]).Trim();
        var line = new string([.. text.TakeWhile(c => c is not ('\r' or '\n')).Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length == 0 ? "" : $": {(line.Length > ShownBody ? line[..ShownBody] + "…" : line)}";
    }
}
