using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Network;

/// <summary>The fake does what the real network does.</summary>
public sealed class NetworkAnswersContractTests : NetworkContract
{
    private readonly NetworkAnswers _network = new();

    protected override INetwork Network => _network;

    protected override Task<(string Url, int Port)> ServeAsync(int status, string body)
    {
        _network.Answer("http://127.0.0.1:8080/", status, body).Connection("127.0.0.1", 8080).Listening(8080, new Listener("127.0.0.1", 1, "fake"));
        return Task.FromResult(("http://127.0.0.1:8080/", 8080));
    }

    protected override Task<(string Url, int Port)> SilenceAsync()
    {
        _network.Silence("http://127.0.0.1:8081/").Connection("127.0.0.1", 8081);
        return Task.FromResult(("http://127.0.0.1:8081/", 8081));
    }

    protected override (string Url, int Port) Nobody() => ("http://127.0.0.1:9/", 9);
}
