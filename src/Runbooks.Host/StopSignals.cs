using System.Runtime.InteropServices;
using Runbooks.Engine.Ports;

namespace Runbooks.Host;

/// <summary>Turns SIGINT, SIGTERM and SIGHUP into stop tokens: the first asks the run to stop, the second does not wait.</summary>
public sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _interrupt = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly PosixSignalRegistration[] _registrations;
    private string? _signal;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, c => On(c, "SIGINT")),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => On(c, "SIGTERM")),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => On(c, "SIGHUP")),
    ];

    public StopTokens Tokens => new(_interrupt.Token, _kill.Token);

    /// <summary>The first signal that came; null when none did.</summary>
    public string? Signal => Volatile.Read(ref _signal);

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _interrupt.Dispose();
        _kill.Dispose();
    }

    private void On(PosixSignalContext context, string name)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _signal, name, null) is null)
        {
            _interrupt.Cancel();
        }
        else
        {
            _kill.Cancel();
        }
    }
}
