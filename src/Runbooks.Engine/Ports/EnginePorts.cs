namespace Runbooks.Engine.Ports;

/// <summary>The doors to the world, all in one hand.</summary>
public sealed record EnginePorts
{
    public required IProcesses Processes { get; init; }

    public required IFiles Files { get; init; }

    public required IArchives Archives { get; init; }

    public required INetwork Network { get; init; }

    public required IDocker Docker { get; init; }

    public required IMachine Machine { get; init; }

    public required TimeProvider Time { get; init; }
}
