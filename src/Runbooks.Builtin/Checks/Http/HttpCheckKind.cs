using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Steps.Http;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Http;

/// <summary><c>http:</c> as a check: does an address answer as it should?</summary>
public sealed class HttpCheckKind : CheckKind<HttpCheck>
{
    private const long LongestTimeout = 100_000;
    private const int ShownLines = 5;
    private const int ShownLine = 200;

    /// <summary>Characters of a body that are looked at for its first lines.</summary>
    private const int Looked = 64 << 10;

    public override KindDeclaration Declaration { get; } = new("http", "An address answers with the right status and body.", () => new FieldSet("'http'",
    [
        new Field("url", FieldShape.Text, "absolute, http or https") { Required = true, NotEmpty = true },
        new Field("method", FieldShape.Choice, "the method; the request must change nothing") { Choices = ["GET", "HEAD", "OPTIONS", "POST"], Default = "GET" },
        new Field("headers", FieldShape.TextMap, "headers of the request, by name"),
        new Field("body", FieldShape.Text, "what is sent, as UTF-8"),
        new Field("status", FieldShape.TextList, "the statuses that count: codes, or classes like 2xx") { Default = "200" },
        new Field("answer_headers", FieldShape.TextMap, "headers that the answer must have, by name, with their values; an empty value is any"),
        new Field("body_contains", FieldShape.TextList, "texts that must all stand in the body of the answer"),
        new Field("body_matches", FieldShape.Pattern, "a regular expression that must match somewhere in the body"),
        new Field("json", FieldShape.TextMap, "paths into the JSON of the body, with the values that must be there: 'checks.0.status: ok'"),
        new Field("timeout", FieldShape.Duration, "how long the answer may take; no answer in time does not hold") { Default = "5s", Minimum = 1, Maximum = LongestTimeout },
        new Field("follow_redirects", FieldShape.Boolean, "go where a redirect points, and judge what is there") { Default = "false" },
    ])
    { Shorthand = "url" });

    public override ImmutableArray<Descriptor> Descriptors => [.. HttpDiagnostics.All, .. HttpCheckDiagnostics.All];

    public override HttpCheck? Plan(Inputs inputs, PlanContext context)
    {
        var request = HttpRequests.Read(inputs, context);
        var accepted = inputs.IsGiven("status") ? HttpRequests.Statuses(inputs, context) : [new StatusRange(200, 200)];
        var answered = HttpRequests.Headers(inputs, context, "answer_headers", own: false);
        if (request is null || answered is null || accepted is not { } statuses)
        {
            return null;
        }

        var check = new HttpCheck(request, statuses, inputs.Duration("timeout"), inputs.Flag("follow_redirects"))
        {
            AnswerHeaders = answered.Value,
            BodyContains = inputs.Texts("body_contains"),
            BodyMatches = inputs.OptionalPattern("body_matches"),
            Json = inputs.Map("json"),
        };
        if (check.LooksAtBody && request.Method == "HEAD")
        {
            context.Report(HttpCheckDiagnostics.NoBody, inputs.SpanOf("method"), "the answer to HEAD has no body to look at", "use GET");
            return null;
        }

        return check;
    }

    public override async Task<Verdict> AskAsync(HttpCheck question, CheckContext context, CancellationToken cancel)
    {
        var answer = await context.Ports.Network.SendAsync(
            new HttpSpec(question.Request.Method, question.Request.Url.Reveal())
            {
                Headers = [.. question.Request.Headers.Select(h => KeyValuePair.Create(h.Name, h.Value.Reveal()))],
                Body = Encoding.UTF8.GetBytes(question.Request.Body.Reveal()),
                Timeout = question.Timeout,
                FollowRedirects = question.FollowRedirects,
            },
            cancel);
        if (answer.Status is not { } status)
        {
            return answer.IsDown ? Verdict.DoesNotHold(answer.Problem ?? "no answer") : Verdict.Unknown(answer.Problem ?? "the request could not be sent");
        }

        var observed = $"status {status} in {Math.Round(answer.Elapsed.TotalMilliseconds)}ms";
        var evidence = Beginning(answer, context.Mask);
        if (!question.Accepted.Any(a => a.Contains(status)))
        {
            return Verdict.DoesNotHold(status is >= 300 and < 400 && Location(answer) is { } location ? $"{observed}, a redirect to {location}" : observed) with { Evidence = evidence };
        }

        if (question.AnswerHeaders.Select(h => MissingHeader(h, answer, context.Mask)).FirstOrDefault(m => m is not null) is { } header)
        {
            return Verdict.DoesNotHold($"{observed}, {header}") with { Evidence = evidence };
        }

        return Missing(question, answer, context.Mask) is not { } missing
            ? Verdict.Holds(observed)
            : new Verdict(missing.IsCertain ? VerdictKind.DoesNotHold : VerdictKind.Unknown, $"{observed}, {missing.What}") { Evidence = evidence };
    }

    private static string? MissingHeader(EnvironmentAddition header, HttpAnswer answer, Func<string, string> mask)
    {
        var values = answer.Headers.Where(h => string.Equals(h.Key, header.Name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        return values.Count == 0 ? $"but without the header {header.Name}"
            : header.Value.Parts.IsEmpty || values.Contains(header.Value.Reveal(), StringComparer.Ordinal) ? null
            : $"but its header {header.Name} is '{mask(values[0])}'";
    }

    /// <summary>The first thing that the body lacks. In a body that was cut, it may stand after the cut.</summary>
    private static (string What, bool IsCertain)? Missing(HttpCheck question, HttpAnswer answer, Func<string, string> mask)
    {
        if (!question.LooksAtBody)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(answer.Body.Span);
        var missing = question.BodyContains.Where(t => !text.Contains(t.Reveal(), StringComparison.Ordinal)).Select(t => $"but {Phrases.Quote(t)} is not in the body").FirstOrDefault()
            ?? (question.Json.IsEmpty ? null : JsonExpectations.FirstMismatch(answer.Body, question.Json, mask));
        if (missing is null && question.BodyMatches is { } pattern)
        {
            switch (Patterns.IsMatch(pattern, text))
            {
                case null:
                    return ($"but {Patterns.TookTooLong(pattern)}", false);
                case false:
                    missing = $"but the body does not match {pattern}";
                    break;
            }
        }

        return missing is null ? null : answer.BodyWasCut ? ($"{missing} as far as it was read ({answer.Body.Length} bytes)", false) : (missing, true);
    }

    private static string? Location(HttpAnswer answer) =>
        answer.Headers.Where(h => string.Equals(h.Key, "Location", StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();

    /// <summary>Its first lines. Secrets are masked before a line is cut; a last line that had been cut before is left out.</summary>
    private static ImmutableArray<string> Beginning(HttpAnswer answer, Func<string, string> mask)
    {
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        var isCut = answer.BodyWasCut || text.Length > Looked;
        var lines = mask(text[..Math.Min(text.Length, Looked)]).Split('\n');
        return [.. (isCut && lines.Length > 1 ? lines[..^1] : lines).Where(l => l.Trim().Length > 0).Take(ShownLines).Select(l => Phrases.Line(l, ShownLine))];
    }
}
