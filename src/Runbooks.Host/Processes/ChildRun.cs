using System.Buffers;
using System.Collections.Immutable;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>One run of one program, on a thread of its own: starts it, pumps its streams, ends it, says how it ended.</summary>
internal sealed unsafe class ChildRun(ProcessSpec spec, ChildPipes pipes, ChildFiles files, OutputSink sink, StopTokens stop, TimeProvider time, StepTree tree) : IDisposable
{
    private const int ChunkSize = 64 * 1024;
    private const int PipeSize = 1024 * 1024;

    // While something is awaited that wakes no descriptor (a grace, a drain, orphans) the loop looks this often.
    private const int LookMilliseconds = 10;

    private readonly StopLadder _ladder = new(tree, time, spec.Grace);
    private readonly byte[] _chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);

    private int _pidFd = -1;
    private int _inputDone;
    private int _status;
    private long _started;
    private long _drainSince;
    private bool _childEnded;
    private bool _stopped;
    private TimeSpan _duration;
    private ImmutableArray<Survivor> _holders = [];

    private bool StreamsEnded => pipes.Output.ReadEnd < 0 && pipes.Error.ReadEnd < 0;

    internal ProcessExit Run(ChildStart start)
    {
        Platform.Widen(pipes.Output.WriteEnd, PipeSize);
        Platform.Widen(pipes.Error.WriteEnd, PipeSize);
        _started = time.GetTimestamp();
        int pid = start.Spawn(files.Input ?? pipes.Input?.ReadEnd ?? -1, files.Output ?? pipes.Output.WriteEnd, pipes.Error.WriteEnd, out string? why);
        if (pid == 0)
        {
            return new ProcessExit { StartError = why };
        }

        tree.ChildIs(pid);
        pipes.Output.CloseWrite();
        pipes.Error.CloseWrite();
        pipes.Input?.CloseRead();
        files.Dispose();
        _pidFd = Platform.OpenPidFd(pid);
        try
        {
            // Disposed before the pipe that they write to is closed.
            using CancellationTokenRegistration interrupt = stop.Interrupt.UnsafeRegister(Wake, pipes);
            using CancellationTokenRegistration kill = stop.Kill.UnsafeRegister(Wake, pipes);
            Pump();
        }
        catch
        {
            // A bug in a filter or a display must not leave the program running.
            EndAll();
            throw;
        }

        return new ProcessExit
        {
            ExitCode = _childEnded && (_status & 0x7F) == 0 ? (_status >> 8) & 0xFF : null,
            Signal = _childEnded && (_status & 0x7F) != 0 ? _status & 0x7F : null,
            Pid = pid,
            Stopped = _stopped,
            Survivors = _ladder.Survivors,
            HoldsOutput = _holders,
            OutputLength = sink.Length,
            OutputSha256 = sink.Digest(),
            OutputError = sink.Error,
            Captured = sink.Captured,
            CaptureExceeded = sink.CaptureExceeded,
            Duration = _childEnded ? _duration : time.GetElapsedTime(_started),
        };
    }

    public void Dispose()
    {
        if (_pidFd >= 0)
        {
            _ = Libc.Close(_pidFd);
        }

        ArrayPool<byte>.Shared.Return(_chunk);
    }

    private static void Wake(object? run) => _ = Libc.Write(((ChildPipes)run!).Wake.WriteEnd, "!"u8); // UnsafeRegister was given this object

    private void Pump()
    {
        bool kill;
        bool interrupt;
        do
        {
            Wait();

            // Looked at before the child is: one that ended before the stop came was not stopped.
            kill = stop.Kill.IsCancellationRequested;
            interrupt = stop.Interrupt.IsCancellationRequested;
            Reap();
        }
        while (!Settled(interrupt, kill));
    }

    /// <summary>Waits until a descriptor has something, and moves at most one chunk per stream.</summary>
    private void Wait()
    {
        Libc.PollFd* fds = stackalloc Libc.PollFd[5];
        fds[0] = Watch(pipes.Output.ReadEnd, Libc.PollIn);
        fds[1] = Watch(pipes.Error.ReadEnd, Libc.PollIn);
        fds[2] = Watch(pipes.Wake.ReadEnd, Libc.PollIn);
        fds[3] = Watch(_childEnded ? -1 : _pidFd, Libc.PollIn);
        fds[4] = Watch(pipes.Input?.WriteEnd ?? -1, Libc.PollOut);
        bool timed = _childEnded || _ladder.Begun || _pidFd < 0;
        if (Libc.Poll(fds, 5, timed ? LookMilliseconds : -1) <= 0)
        {
            return;
        }

        if (fds[0].Returned != 0)
        {
            Move(pipes.Output, standardError: false);
        }

        if (fds[1].Returned != 0)
        {
            Move(pipes.Error, standardError: true);
        }

        if (fds[2].Returned != 0)
        {
            _ = Libc.Read(pipes.Wake.ReadEnd, _chunk.AsSpan(0, 8));
        }

        if (fds[4].Returned != 0)
        {
            Feed();
        }
    }

    // A negative descriptor is skipped by poll.
    private static Libc.PollFd Watch(int fd, short events) => new() { Fd = fd, Events = events };

    private int Move(Pipe from, bool standardError)
    {
        int count = Libc.Read(from.ReadEnd, _chunk.AsSpan(0, ChunkSize));
        if (count > 0)
        {
            sink.Write(standardError, _chunk.AsSpan(0, count));
        }
        else
        {
            from.CloseRead();
            sink.Flush(standardError);
        }

        return count;
    }

    private void Feed()
    {
        // No more than one atom: that much never blocks once poll says the pipe can be written, and so the output is never left waiting.
        ReadOnlySpan<byte> rest = spec.StandardInput.Span[_inputDone..];
        int written = Libc.Write(pipes.Input!.WriteEnd, rest[..Math.Min(rest.Length, Platform.PipeAtom)]); // polled, so there is one
        _inputDone += Math.Max(written, 0);
        if (written < 0 || _inputDone == spec.StandardInput.Length)
        {
            // All is written, or the child does not want it (EPIPE): its own matter.
            pipes.Input.CloseWrite();
        }
    }

    private void Reap()
    {
        if (_childEnded)
        {
            return;
        }

        int status;
        int pid = Libc.WaitPid(tree.Child, &status, Libc.NoHang);
        if (pid == 0 || (pid < 0 && Libc.Error == Libc.Eintr))
        {
            return;
        }

        if (pid < 0)
        {
            throw new InvalidOperationException($"somebody else waited for the child {tree.Child} (error {Libc.Error}); how it ended is lost");
        }

        tree.ChildReaped = true;
        _status = status;
        _childEnded = true;
        _duration = time.GetElapsedTime(_started);
        _drainSince = time.GetTimestamp();
        pipes.Input?.CloseWrite();
    }

    /// <summary>Does what is due besides moving bytes; true when the run is over.</summary>
    private bool Settled(bool interrupt, bool kill)
    {
        if (interrupt || kill)
        {
            _stopped |= !_childEnded;
            _ladder.ClimbTo(kill ? StopLadder.Rung.Kill : StopLadder.Rung.Interrupt);
        }
        else if (sink.Error is not null && !_childEnded)
        {
            _ladder.ClimbTo(StopLadder.Rung.Interrupt);
        }

        bool wasFinished = _ladder.Finished;
        _ladder.Advance(_childEnded);
        if (_ladder.Finished && !wasFinished)
        {
            // What the last of them wrote is still in the pipe.
            _drainSince = time.GetTimestamp();
        }

        if (!_ladder.Survivors.IsEmpty)
        {
            Sweep();
            return true;
        }

        if (!_childEnded || (_ladder.Begun && !_ladder.Finished))
        {
            return false;
        }

        bool drained = StreamsEnded;
        if (!drained && time.GetElapsedTime(_drainSince) < spec.Drain)
        {
            return false;
        }

        if (spec.EndDescendants && !_ladder.Begun && tree.Alive().Count > 0)
        {
            // No interrupt for them: nobody pressed a key, and what a shell starts in the background ignores it anyway.
            _ladder.ClimbTo(StopLadder.Rung.Terminate);
            return false;
        }

        if (!drained)
        {
            Sweep();
        }

        return true;
    }

    /// <summary>Takes what is in the pipes now, and no more; then closes them and says who could still write.</summary>
    private void Sweep()
    {
        Sweep(pipes.Output, standardError: false);
        Sweep(pipes.Error, standardError: true);
        if (!StreamsEnded)
        {
            _holders = PipeHolders.Find([pipes.Output.ReadEnd, pipes.Error.ReadEnd], tree);
            Sweep(pipes.Output, standardError: false);
            Sweep(pipes.Error, standardError: true);
            _holders = StreamsEnded ? [] : _holders;
        }

        Close(pipes.Output, standardError: false);
        Close(pipes.Error, standardError: true);
    }

    private void Sweep(Pipe from, bool standardError)
    {
        // A holder may write faster than we read: no more than the pipe could hold when we came.
        for (int taken = 0; from.ReadEnd >= 0 && taken < PipeSize;)
        {
            Libc.PollFd fd = Watch(from.ReadEnd, Libc.PollIn);
            if (Libc.Poll(&fd, 1, 0) <= 0)
            {
                return;
            }

            taken += Math.Max(Move(from, standardError), 0);
        }
    }

    private void Close(Pipe from, bool standardError)
    {
        if (from.ReadEnd >= 0)
        {
            from.CloseRead();
            sink.Flush(standardError);
        }
    }

    private void EndAll()
    {
        _ladder.ClimbTo(StopLadder.Rung.Kill);
        while (!_ladder.Finished)
        {
            Libc.PollFd none = Watch(-1, 0);
            _ = Libc.Poll(&none, 1, LookMilliseconds);
            Reap();
            _ladder.Advance(_childEnded);
        }
    }
}
