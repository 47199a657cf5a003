using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;

namespace Runbooks.Testing;

/// <summary>A network in which a test says who answers what. Where nothing was said, connections are refused and ports are free.</summary>
public sealed class NetworkAnswers : INetwork
{
    private readonly Dictionary<string, Queue<Func<HttpSpec, HttpAnswer>>> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Host, int Port), ConnectAnswer> _connections = [];
    private readonly Dictionary<int, ListenerAnswer> _listeners = [];

    /// <summary>Every request that was sent, in order.</summary>
    public List<HttpSpec> Sent { get; } = [];

    /// <summary>The next answer of an address; the last one said is repeated for ever.</summary>
    public NetworkAnswers Answer(string url, int status, string body = "") => Answer(url, _ => new HttpAnswer
    {
        Status = status,
        Body = Encoding.UTF8.GetBytes(body),
        Elapsed = TimeSpan.FromMilliseconds(12),
    });

    public NetworkAnswers Answer(string url, Func<HttpSpec, HttpAnswer> answer)
    {
        if (!_answers.TryGetValue(url, out var queue))
        {
            _answers[url] = queue = new Queue<Func<HttpSpec, HttpAnswer>>();
        }

        queue.Enqueue(answer);
        return this;
    }

    /// <summary>An address that opens connections and never answers.</summary>
    public NetworkAnswers Silence(string url) => Answer(url, spec => new HttpAnswer { Problem = $"no answer within {Durations.Format(spec.Timeout)}", IsDown = true });

    public NetworkAnswers Connection(string host, int port, string? problem = null, bool isDown = false)
    {
        _connections[(host, port)] = new ConnectAnswer(problem, isDown);
        return this;
    }

    public NetworkAnswers Listening(int port, params Listener[] listeners)
    {
        _listeners[port] = new ListenerAnswer([.. listeners], null);
        return this;
    }

    /// <summary>Who listens cannot be found out.</summary>
    public NetworkAnswers Hidden(int port, string problem)
    {
        _listeners[port] = new ListenerAnswer([], problem);
        return this;
    }

    public Task<HttpAnswer> SendAsync(HttpSpec spec, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Sent.Add(spec);
        if (!Uri.TryCreate(spec.Url, UriKind.Absolute, out _))
        {
            return Task.FromResult(new HttpAnswer { Problem = $"'{spec.Url}' is not an http or https address", NeverSent = true });
        }

        if (!_answers.TryGetValue(spec.Url, out var queue))
        {
            return Task.FromResult(new HttpAnswer { Problem = "connection refused", IsDown = true, NeverSent = true });
        }

        var answer = (queue.Count > 1 ? queue.Dequeue() : queue.Peek())(spec);
        return Task.FromResult(answer.Body.Length > spec.BodyLimit ? answer with { Body = answer.Body[..spec.BodyLimit], BodyWasCut = true } : answer);
    }

    public Task<ConnectAnswer> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(_connections.GetValueOrDefault((host, port), new ConnectAnswer("connection refused", true)));
    }

    public ListenerAnswer Listeners(int port) => _listeners.GetValueOrDefault(port, new ListenerAnswer(ImmutableArray<Listener>.Empty, null));
}
