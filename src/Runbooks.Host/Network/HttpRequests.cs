using System.Net;
using System.Text;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Network;

/// <summary>Requests as the HTTP client takes them.</summary>
internal static class HttpRequests
{
    /// <summary>The request, or why there can be none.</summary>
    public static (HttpRequestMessage? Request, string? Problem) Create(HttpSpec spec)
    {
        if (!Uri.TryCreate(spec.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return (null, $"'{spec.Url}' is not an http or https address");
        }

        if (spec.Headers.FirstOrDefault(h => h.Key.Length == 0 || h.Value.AsSpan().ContainsAny('\r', '\n', '\0')) is { Key: not null } broken)
        {
            return (null, $"the header '{broken.Key}' holds a line break or has no name");
        }

        var request = new HttpRequestMessage(new HttpMethod(spec.Method), url);
        if (!spec.Body.IsEmpty || spec.Method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new ReadOnlyMemoryContent(spec.Body);
        }

        if (!spec.Headers.Any(h => string.Equals(h.Key, "User-Agent", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "runbook");
        }

        foreach (var (name, value) in spec.Headers)
        {
            // A header of the body cannot stand among those of the request.
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ReadOnlyMemoryContent(default);
                if (!request.Content.Headers.TryAddWithoutValidation(name, value))
                {
                    request.Dispose();
                    return (null, $"'{name}' is not the name of a header");
                }
            }
        }

        return (request, null);
    }

    public static SocketsHttpHandler Handler(HttpRequestMessage request, HttpSpec spec) => new()
    {
        UseProxy = request.RequestUri?.IsLoopback != true,
        UseCookies = false,
        AllowAutoRedirect = spec.FollowRedirects,
        AutomaticDecompression = DecompressionMethods.None,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    };
}
