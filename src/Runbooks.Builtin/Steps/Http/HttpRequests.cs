using System.Buffers;
using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Builtin.Steps.Http;

/// <summary>Makes a request out of fields, and refuses what would be sent as something else than it says.</summary>
internal static class HttpRequests
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Headers that frame the message: they follow from the body and the connection.</summary>
    private static readonly ImmutableHashSet<string> SetByTheEngine =
        ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Trailer", "TE");

    public static RequestSent? Read(Inputs inputs, PlanContext context)
    {
        var method = inputs.Choice("method");
        var body = inputs.OptionalText("body") ?? Rendered.Empty;
        var (url, headers) = (Url(inputs, context), Headers(inputs, context));
        if (method is "GET" or "HEAD" && inputs.IsGiven("body"))
        {
            context.Report(PlaybookDiagnostics.Contradiction, inputs.SpanOf("body"), $"a {method} request has no 'body'", "name the method that takes it: POST, PUT, PATCH");
            return null;
        }

        return url is not null && headers is { } all ? new RequestSent(method, url, all, body) : null;
    }

    public static Rendered? Url(Inputs inputs, PlanContext context)
    {
        var url = inputs.Text("url");
        if (!url.IsKnown || Problem(url.Reveal()) is not { } problem)
        {
            return url;
        }

        context.Report(HttpDiagnostics.BadUrl, inputs.SpanOf("url"), $"'{url.Display}' {problem.What}", problem.Hint);
        return null;
    }

    private static (string What, string? Hint)? Problem(string url)
    {
        if (url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return ("holds a space or a line break", "encode values: {{ name | url_encode }}");
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? null
            : ("is not an absolute URL of http or https", "for example http://localhost:8080/health");
    }

    /// <param name="own">They are sent, and not those of an answer, which may be any.</param>
    public static ImmutableArray<EnvironmentAddition>? Headers(Inputs inputs, PlanContext context, string field = "headers", bool own = true)
    {
        var (pairs, headers) = (inputs.Map(field), ImmutableArray.CreateBuilder<EnvironmentAddition>());
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < pairs.Length; i++)
        {
            var ((key, value), span) = (pairs[i], inputs.SpanOf(field, i));
            if (!key.IsKnown)
            {
                context.Report(TemplateDiagnostics.NotKnown, span, $"the name of the header '{key.Display}' is not known when the plan is made");
            }
            else if (Problem(key.Reveal(), value, names, own) is { } problem)
            {
                context.Report(HttpDiagnostics.BadHeader, span, problem);
            }
            else
            {
                headers.Add(new EnvironmentAddition(key.Reveal(), value));
            }
        }

        return headers.Count == pairs.Length ? headers.ToImmutable() : null;
    }

    private static string? Problem(string name, Rendered value, HashSet<string> names, bool own) => (name, value) switch
    {
        _ when name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters) => $"'{name}' is not the name of a header",
        _ when own && SetByTheEngine.Contains(name) => $"the header '{name}' is set by the engine",
        _ when !names.Add(name) => $"the header '{name}' is given twice",
        _ when value.IsKnown && value.Reveal().Any(c => c is '\r' or '\n') => $"the value of the header '{name}' holds a line break, which would begin another header",
        _ when value.IsKnown && value.Reveal().Any(c => c != '\t' && (c < ' ' || c > '~')) => $"the value of the header '{name}' holds a character that is not printable ASCII",
        _ => null,
    };

    /// <summary>The accepted statuses as written; null when one of them is wrong.</summary>
    public static ImmutableArray<StatusRange>? Statuses(Inputs inputs, PlanContext context)
    {
        if (!inputs.IsGiven("status"))
        {
            return [new StatusRange(200, 299)];
        }

        var (texts, statuses) = (inputs.Texts("status"), ImmutableArray.CreateBuilder<StatusRange>());
        for (var i = 0; i < texts.Length; i++)
        {
            if (Status(texts[i], inputs.SpanOf("status", i), context) is { } status)
            {
                statuses.Add(status);
            }
        }

        return statuses.Count == texts.Length ? statuses.ToImmutable() : null;
    }

    private static StatusRange? Status(Rendered text, TextSpan span, PlanContext context)
    {
        if (!text.IsKnown)
        {
            context.Report(TemplateDiagnostics.NotKnown, span, $"the status '{text.Display}' is not known when the plan is made");
            return null;
        }

        var status = StatusRange.Parse(text.Reveal());
        if (status is null)
        {
            context.Report(HttpDiagnostics.BadStatus, span, $"'{text.Display}' is not a status", "write a code like 204, or a class like 2xx");
        }

        return status;
    }
}
