using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Runbooks.Host.Docker;

/// <summary>The HTTP API of one engine. The version stays unset: the engine then answers with its own.</summary>
/// <remarks>Not a library of the whole API: see src/decisions/0037-answers-of-the-engine-are-read-here.md.</remarks>
internal sealed class EngineApi : IDisposable
{
    /// <summary>Of an error's answer, what may be read of it: a proxy can send a whole page.</summary>
    private const int LongestRefusal = 64 << 10;

    private readonly HttpClient _client;

    /// <param name="address">unix, tcp or http.</param>
    public EngineApi(Uri address)
    {
        var handler = new SocketsHttpHandler { UseProxy = address.Scheme != "unix", AllowAutoRedirect = false, UseCookies = false };
        if (address.Scheme == "unix")
        {
            handler.ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.LocalPath), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        _client = new HttpClient(handler)
        {
            // The host of a socket is a name for the header and nothing else.
            BaseAddress = address.Scheme == "unix" ? new Uri("http://docker") : new UriBuilder(address) { Scheme = "http" }.Uri,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Asks for one answer.</summary>
    /// <param name="path">With its query, every value in it escaped.</param>
    /// <exception cref="HttpRequestException">The engine refused it: with the status and, as the message, the body; or it cannot be reached.</exception>
    /// <exception cref="JsonException">It is not what an engine answers.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var answer = await AskAsync(path, cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        return await JsonSerializer.DeserializeAsync(body, type, cancel) ?? throw new JsonException("the answer is null");
    }

    /// <summary>Asks for an answer that comes piece by piece; whoever asked disposes of it.</summary>
    /// <exception cref="HttpRequestException">As for <see cref="GetAsync"/>.</exception>
    public async Task<HttpResponseMessage> AskAsync(string path, CancellationToken cancel)
    {
        var answer = await _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw new HttpRequestException(await RefusalAsync(answer, cancel), null, answer.StatusCode);
        }
    }

    /// <summary>Asks whether there is something, and not for it.</summary>
    /// <exception cref="HttpRequestException">The engine refused it, with the status; or it cannot be reached.</exception>
    public async Task<bool> HasAsync(string path, CancellationToken cancel)
    {
        using var question = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await _client.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, cancel);
        return answer.IsSuccessStatusCode || (answer.StatusCode == HttpStatusCode.NotFound ? false : throw new HttpRequestException(answer.ReasonPhrase, null, answer.StatusCode));
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Conditions as a query takes them, escaped.</summary>
    public static string Filters(Dictionary<string, Dictionary<string, bool>> conditions) =>
        Uri.EscapeDataString(JsonSerializer.Serialize(conditions, EngineJson.Default.DictionaryStringDictionaryStringBoolean));

    /// <summary>A reference of an image as a part of a path.</summary>
    public static string Escaped(string reference) => string.Join('/', reference.Split('/').Select(Uri.EscapeDataString));

    /// <summary>True when the engine says that it has no such thing.</summary>
    public static bool IsNotFound(HttpRequestException e) => e.StatusCode == HttpStatusCode.NotFound;

    private static async Task<string> RefusalAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        using var reader = new StreamReader(body);
        var text = new char[LongestRefusal];
        return new string(text, 0, await reader.ReadBlockAsync(text, cancel));
    }
}
