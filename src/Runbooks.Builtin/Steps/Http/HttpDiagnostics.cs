using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Http;

/// <summary>What can be wrong with an <c>http:</c> step.</summary>
public static class HttpDiagnostics
{
    public static readonly Descriptor BadUrl = new("RB3140", "bad-url", "a URL cannot be requested", Severity.Error,
        "The URL must be absolute and begin with http:// or https://, and must not hold spaces or line breaks: encode values in it with 'url_encode'.");

    public static readonly Descriptor BadHeader = new("RB3141", "bad-header", "a header cannot be sent", Severity.Error,
        "A header is one line of ASCII. A line break in its value would begin another header, so it is refused; so are headers that the engine sets itself.");

    public static readonly Descriptor BadStatus = new("RB3142", "bad-status", "a status is not one of HTTP", Severity.Error,
        "Write a code from 100 to 599, or a class of them like 2xx.");

    public static readonly ImmutableArray<Descriptor> All = [BadUrl, BadHeader, BadStatus];
}
