using Runbooks.Builtin;
using Runbooks.Cli.Views;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Host;
using Runbooks.Host.Docker;
using Runbooks.Host.Files;
using Runbooks.Host.Network;
using Runbooks.Host.Processes;
using Runbooks.Host.Runs;

namespace Runbooks.Cli;

/// <summary>Where everything is put together; nothing else makes an adapter.</summary>
public sealed class Composition
{
    private SecretMask _mask = new([]);

    public Composition(Terminal terminal, string currentDirectory)
    {
        Terminal = terminal;
        CurrentDirectory = currentDirectory;
    }

    public static string EngineVersion { get; } = typeof(Composition).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public Terminal Terminal { get; }

    /// <summary>Absolute.</summary>
    public string CurrentDirectory { get; }

    public IFiles Files { get; } = new HostFiles();

    public IMachine Machine { get; } = new HostMachine();

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>Remembers values that may be shown nowhere, from the moment in which they are read.</summary>
    public void Know(IEnumerable<string> secrets) => _mask = _mask.With(secrets);

    /// <summary>A text without the secrets that are known.</summary>
    public string Mask(string text) => _mask.Text(text);

    /// <summary>Made only by what runs something: a preview opens no door.</summary>
    public EnginePorts Ports() => new()
    {
        Processes = new SpawnedProcesses(Time),
        Files = Files,
        Archives = new HostArchives(),
        Network = new HostNetwork(Time),
        Docker = new HostDocker(Time),
        Machine = Machine,
        Time = Time,
    };

    public Planner Planner() => new(Files, BuiltinKinds.Steps, BuiltinKinds.Checks, new PlanMachine(Machine.Environment, path => Files.Stat(path).Kind == FileKind.File));

    public IRunStore RunStore(string store) => new FileRunStore(store, Files);

    public RunExport RunExport(string store) => new(store, RunStore(store));

    public static ILocks Locks(string store) => new FileLocks(store);
}
