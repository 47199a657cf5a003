using System.Collections.Immutable;

namespace Runbooks.Engine.Ports;

/// <summary>Starts child programs and ends them completely.</summary>
/// <remarks>
/// Contract of every implementation: the child has an empty standard input (or <see cref="ProcessSpec.StandardInput"/>), no controlling
/// terminal, default signal dispositions and a session of its own; when <see cref="RunAsync"/> returns after a stop, no process
/// that descends from the child is alive, or it is named in <see cref="ProcessExit.Survivors"/>. Descendants are told apart by the variables
/// RUNBOOK_RUN and RUNBOOK_STEP of <see cref="ProcessSpec.Environment"/>: steps that may run at once must set them, and differently.
/// </remarks>
public interface IProcesses
{
    /// <summary>Runs one program to its end.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="output">Where its output goes; never held in memory beyond the capture limit.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>
    /// How it ended. A program that could not be started is a result too (<see cref="ProcessExit.StartError"/>), not an exception. A stop before
    /// the start starts nothing (<see cref="ProcessExit.Stopped"/> with pid 0). What the filter or the display throws comes out of the task, after everything was ended.
    /// </returns>
    Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput output, StopTokens stop);

    /// <summary>The absolute path that a start of <paramref name="program"/> would execute, or null when there is none.</summary>
    /// <param name="program">A bare name (looked up on PATH) or a path (relative to <paramref name="workingDirectory"/>).</param>
    /// <param name="workingDirectory">Absolute.</param>
    /// <param name="environment">The additions of the child's environment: a PATH here counts.</param>
    string? Find(string program, string workingDirectory, ImmutableSortedDictionary<string, string> environment);

    /// <summary>The living processes in whose environment a variable has a value: what an interrupted run left behind.</summary>
    ImmutableArray<Survivor> Marked(string name, string value);
}

/// <summary>One program start: exactly the words, the place and the additions to the environment that the plan showed.</summary>
public sealed record ProcessSpec
{
    /// <summary>The words; the first is the program. At least one. No shell reads them.</summary>
    public required ImmutableArray<string> Argv { get; init; }

    /// <summary>Absolute path of the folder the child starts in.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Set on top of the engine's own environment.</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>What the child reads; empty is end-of-file at once.</summary>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>Absolute path of a file that the child reads instead; null for none.</summary>
    public string? StandardInputFile { get; init; }

    /// <summary>How long each rung of the ladder INT, TERM, KILL waits before the next.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long output may keep coming after the child itself has ended, because a descendant holds the pipe.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// What becomes of descendants that outlive a child that ended by itself: false leaves them (a daemon that the step started), true ends them.
    /// They get TERM and KILL, once the output has ended or <see cref="Drain"/> is over. After a stop they are always ended.
    /// </summary>
    public bool EndDescendants { get; init; }
}

/// <summary>Where the bytes of a child go.</summary>
public sealed record ProcessOutput
{
    /// <summary>File that receives standard output and standard error as they come, created new (with its folder) for the first byte and readable by its owner only; null keeps no file.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// File that receives standard output byte for byte, created new and readable by its owner only: what is saved must not be rewritten. <see cref="Path"/>,
    /// <see cref="Seen"/> and the capture have standard error only then. Null for none.
    /// </summary>
    public string? StandardOutputFile { get; init; }

    /// <summary>Rewrites bytes before they go anywhere (file, capture, <see cref="Seen"/>): secrets leave here.</summary>
    public IByteFilter? Filter { get; init; }

    /// <summary>Told each chunk that was written, for live display, on the thread that moves the bytes; must not block and must not keep the memory.</summary>
    public Action<ReadOnlySpan<byte>>? Seen { get; init; }

    /// <summary>How many bytes of standard output are kept for <see cref="ProcessExit.Captured"/>; 0 keeps none.</summary>
    public int CaptureLimit { get; init; }
}

/// <summary>A streaming rewrite of bytes, one instance per stream: what may be the start of a match is held back until it is decided.</summary>
public interface IByteFilter
{
    /// <summary>A new filter with the same rules for another stream.</summary>
    IByteFilter Fresh();

    /// <summary>Takes the next bytes and hands on what is decided.</summary>
    void Write(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> next);

    /// <summary>The stream is at its end: hands on what was held back.</summary>
    void Flush(Action<ReadOnlySpan<byte>> next);
}

/// <summary>The two ways to end a run early.</summary>
/// <param name="Interrupt">Cancelled: begin the ladder INT, TERM, KILL with a grace before each next rung.</param>
/// <param name="Kill">Cancelled: KILL now.</param>
public readonly record struct StopTokens(CancellationToken Interrupt, CancellationToken Kill);

/// <summary>How a child ended, and what is known of its output.</summary>
public sealed record ProcessExit
{
    /// <summary>The child's exit code; null when a signal ended it, when it never started, and when it is among the survivors.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The number of the signal that ended the child; null when it exited, never started, or is among the survivors.</summary>
    public int? Signal { get; init; }

    /// <summary>Why it was not started, a sentence for people ("'kubectl' was not found on PATH"); null when it started or was stopped before.</summary>
    public string? StartError { get; init; }

    /// <summary>Process id of the child; 0 when it never started.</summary>
    public int Pid { get; init; }

    /// <summary>A <see cref="StopTokens"/> was cancelled before the child ended. False when the child was done and a stop ended only what it left behind.</summary>
    public bool Stopped { get; init; }

    /// <summary>Descendants that could not be ended; empty when everything is gone.</summary>
    public ImmutableArray<Survivor> Survivors { get; init; } = [];

    /// <summary>
    /// Processes left alive that hold the output pipe after the bounded drain: output after this point is not in the file, and writing it ends them by
    /// SIGPIPE unless they ignore that. Pid 0 stands for one that could not be found.
    /// </summary>
    public ImmutableArray<Survivor> HoldsOutput { get; init; } = [];

    /// <summary>Bytes of output (both streams, after the filter): exactly those in the file, when there is one.</summary>
    public long OutputLength { get; init; }

    /// <summary>SHA-256 of the output file, lower-case hex; empty when there is none.</summary>
    public string OutputSha256 { get; init; } = "";

    /// <summary>
    /// Why the output file could not be created or written (there is one already: nothing was started then, <see cref="StartError"/> says so too; disk full: the child was ended
    /// by the ladder then); null when all of it was written.
    /// </summary>
    public string? OutputError { get; init; }

    /// <summary>The first bytes of standard output up to the capture limit.</summary>
    public ReadOnlyMemory<byte> Captured { get; init; }

    /// <summary>Standard output was longer than the capture limit.</summary>
    public bool CaptureExceeded { get; init; }

    /// <summary>From the start of the child to its own end.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>A process that is still alive.</summary>
public readonly record struct Survivor(int Pid, string CommandLine);
