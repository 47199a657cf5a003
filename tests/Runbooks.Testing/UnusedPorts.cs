using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>Ports that a test does not expect to be used: touching one fails it. Replace those that are, with <c>with</c>.</summary>
public static class UnusedPorts
{
    public static EnginePorts All { get; } = new()
    {
        Processes = new Processes(),
        Files = new Files(),
        Archives = new Archives(),
        Network = new Network(),
        Docker = new Docker(),
        Machine = new Machine(),
        Time = TimeProvider.System,
    };

    private static InvalidOperationException Unexpected(string what) => new($"the test did not expect {what} to be used");

    private sealed class Processes : IProcesses
    {
        public Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput output, StopTokens stop) => throw Unexpected($"a start of '{spec.Argv[0]}'");

        public ImmutableArray<Survivor> Marked(string name, string value) => [];

        public string? Find(string program, string workingDirectory, ImmutableSortedDictionary<string, string> environment) => throw Unexpected($"a look for '{program}'");
    }

    private sealed class Files : IFiles
    {
        public FileStat Stat(string path) => throw Unexpected(path);

        public bool? AreSame(string path, string other) => throw Unexpected(path);

        public FileRead Read(string path, long limit = 64 << 20) => throw Unexpected(path);

        public FileDigest Digest(string path, CancellationToken cancel = default) => throw Unexpected(path);

        public string? Replace(string path, ReadOnlySpan<byte> bytes) => throw Unexpected(path);

        public string? Create(string path, ReadOnlySpan<byte> bytes, bool ownerOnly = false) => throw Unexpected(path);

        public bool CanWrite(string path) => throw Unexpected(path);

        public IReadOnlyList<string> List(string folder) => throw Unexpected(folder);

        public FolderRead ReadFolder(string folder) => throw Unexpected(folder);

        public (long Free, long Total)? Space(string path) => throw Unexpected(path);
    }

    private sealed class Archives : IArchives
    {
        public ArchiveSize Measure(IReadOnlyList<string> sources, IReadOnlyList<string> leftOut, CancellationToken cancel) => throw Unexpected(string.Join(", ", sources));

        public ArchiveAnswer Write(string path, IReadOnlyList<string> sources, IReadOnlyList<string> leftOut, CancellationToken cancel) => throw Unexpected(path);

        public ArchiveAnswer Read(string path, CancellationToken cancel) => throw Unexpected(path);

        public string? Finish(string partial, string path, bool replace) => throw Unexpected(path);

        public string? Remove(string path) => throw Unexpected(path);

        public ArchiveComparison Compare(string path, string into, CancellationToken cancel) => throw Unexpected(path);

        public string? Unpack(string path, string into, IReadOnlySet<string> wanted, CancellationToken cancel) => throw Unexpected(path);
    }

    private sealed class Network : INetwork
    {
        public Task<HttpAnswer> SendAsync(HttpSpec spec, CancellationToken cancel) => throw Unexpected(spec.Url);

        public Task<ConnectAnswer> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancel) => throw Unexpected($"{host}:{port}");

        public ListenerAnswer Listeners(int port) => throw Unexpected($"port {port}");
    }

    private sealed class Docker : IDocker
    {
        public Task<DockerAnswer<string>> VersionAsync(CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<EngineState>> EngineAsync(CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<ImmutableArray<EngineEvent>>> EventsAsync(string? project, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync(ContainerFilter filter, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<ImageState?>> ImageAsync(string reference, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<RegistryAnswer>> RegistryAsync(string reference, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<long>> LogsAsync(string containerId, DateTimeOffset? since, Func<string, bool> line, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<long>> TimedLogsAsync(string containerId, DateTimeOffset? since, Func<DateTimeOffset?, string, bool> line, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<ContainerUsage?>> UsageAsync(string containerId, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<long?>> WrittenAsync(string containerId, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<bool?>> HasPathAsync(string containerId, string path, CancellationToken cancel) => throw Unexpected("Docker");

        public Task<DockerAnswer<SwarmServiceState?>> SwarmServiceAsync(string service, CancellationToken cancel) => throw Unexpected("Docker");
    }

    private sealed class Machine : IMachine
    {
        public string User => throw Unexpected("the user");

        public string HostName => throw Unexpected("the host name");

        public int ProcessId => throw Unexpected("the process id");

        public string Platform => throw Unexpected("the platform");

        public string? Environment(string name) => throw Unexpected(name);

        public string? ProcessStamp(int processId) => throw Unexpected($"process {processId}");

        public string? AskToEnd(int processId, string stamp) => throw Unexpected($"process {processId}");

        public ImmutableArray<byte> RandomBytes(int count) => throw Unexpected("chance");
    }
}
