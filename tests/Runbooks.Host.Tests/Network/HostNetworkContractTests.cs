using Runbooks.Engine.Ports;
using Runbooks.Host.Network;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Network;

public sealed class HostNetworkContractTests : NetworkContract, IDisposable
{
    private readonly List<LoopbackServer> _servers = [];

    protected override INetwork Network { get; } = new HostNetwork(TimeProvider.System);

    public void Dispose() => _servers.ForEach(s => s.Dispose());

    protected override Task<(string Url, int Port)> ServeAsync(int status, string body) =>
        Serving(new LoopbackServer(LoopbackServer.Answer(status, body)));

    protected override Task<(string Url, int Port)> SilenceAsync() => Serving(new LoopbackServer(answer: null));

    protected override (string Url, int Port) Nobody()
    {
        var port = LoopbackServer.FreePort();
        return ($"http://127.0.0.1:{port}/", port);
    }

    private Task<(string Url, int Port)> Serving(LoopbackServer server)
    {
        _servers.Add(server);
        return Task.FromResult((server.Url, server.Port));
    }
}
