using System.Runtime.InteropServices;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>What a child is made from, ready for the kernel: every word encoded, the program found.</summary>
internal sealed unsafe class ChildStart : IDisposable
{
    private static readonly byte[] NullDevice = [.. "/dev/null\0"u8];

    private readonly ProcessSpec _spec;
    private readonly string _path;
    private readonly NativeWords _argv;
    private readonly NativeWords _environment;

    private ChildStart(ProcessSpec spec, string path, NativeWords argv, NativeWords environment)
    {
        _spec = spec;
        _path = path;
        _argv = argv;
        _environment = environment;
    }

    /// <summary>Null with the reason when the child cannot be started.</summary>
    internal static ChildStart? Prepare(ProcessSpec spec, EngineEnvironment engine, out string? error)
    {
        if (spec.Argv.IsDefaultOrEmpty)
        {
            throw new ArgumentException("Argv needs at least the program", nameof(spec));
        }

        if (!Path.IsPathFullyQualified(spec.WorkingDirectory))
        {
            throw new ArgumentException($"WorkingDirectory is not absolute: '{spec.WorkingDirectory}'", nameof(spec));
        }

        error = WorkingDirectoryError(spec.WorkingDirectory);
        if (error is not null)
        {
            return null;
        }

        (string? path, error) = ProgramLookup.Find(spec.Argv[0], spec.WorkingDirectory, engine.Get("PATH", spec.Environment));
        if (path is null)
        {
            return null;
        }

        var words = new List<byte[]>(spec.Argv.Length);
        foreach (string word in spec.Argv)
        {
            if (NativeWords.Encode(word, out string? why) is not { } bytes)
            {
                error = $"word {words.Count + 1} of the command {why}";
                return null;
            }

            words.Add(bytes);
        }

        return engine.With(spec.Environment, out error) is { } variables
            ? new ChildStart(spec, path, new NativeWords(words), new NativeWords(variables))
            : null;
    }

    public void Dispose()
    {
        _argv.Dispose();
        _environment.Dispose();
    }

    /// <summary>Starts it with these descriptors as its streams; an input below 0 is an empty one.</summary>
    /// <returns>Its pid, or 0 with the reason.</returns>
    internal int Spawn(int input, int output, int error, out string? why)
    {
        Platform.CloseAllOnExec();

        // Opaque structures of at most 336 bytes on the systems we know.
        long* attributes = stackalloc long[64];
        long* actions = stackalloc long[64];
        long* signals = stackalloc long[16];
        Check(Libc.AttributesInit(attributes));
        Check(Libc.ActionsInit(actions));
        try
        {
            Check(Libc.AttributesFlags(attributes, Platform.SpawnFlags));
            _ = Libc.FillSignals(signals);
            Check(Libc.AttributesSignalDefaults(attributes, signals));
            _ = Libc.EmptySignals(signals);
            Check(Libc.AttributesSignalMask(attributes, signals));

            int pid;
            int code;
            fixed (byte* path = Encoding.UTF8.GetBytes(_path + '\0'), folder = Encoding.UTF8.GetBytes(_spec.WorkingDirectory + '\0'), nothing = NullDevice)
            {
                Check(input < 0 ? Libc.ActionsOpen(actions, 0, nothing, Libc.ReadOnly, 0) : Libc.ActionsDuplicate(actions, input, 0));
                Check(Libc.ActionsDuplicate(actions, output, 1));
                Check(Libc.ActionsDuplicate(actions, error, 2));
                Check(Libc.ActionsChangeDirectory(actions, folder));
                code = Libc.Spawn(&pid, path, actions, attributes, _argv.Pointer, _environment.Pointer);
            }

            why = code == 0 ? null : Sentence(code);
            return code == 0 ? pid : 0;
        }
        finally
        {
            _ = Libc.ActionsDestroy(actions);
            _ = Libc.AttributesDestroy(attributes);
        }
    }

    private static string? WorkingDirectoryError(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return File.Exists(folder) ? $"the working directory '{folder}' is a file" : $"the working directory '{folder}' does not exist";
        }

        return ProgramLookup.MayExecute(folder) ? null : $"permission denied: the working directory '{folder}' cannot be entered";
    }

    private string Sentence(int code) => code switch
    {
        Libc.Enoexec => $"exec format error: '{_path}' has no '#!' line and is not a program for this machine",
        Libc.E2Big => $"argument list too long: {_argv.Bytes:N0} bytes of words and {_environment.Bytes:N0} of environment, the longest entry "
            + $"{Math.Max(_argv.Longest, _environment.Longest):N0} bytes (Linux takes 131,071 in one)",
        Libc.Enoent => $"'{_path}' exists, but the interpreter that its '#!' line or its format names does not",
        Libc.Eacces => $"permission denied: '{_path}', or the interpreter that it names, cannot be executed",
        Libc.Enotdir => $"'{_path}' names an interpreter that is not a file",
        _ => $"'{_path}' could not be started: {Marshal.GetPInvokeErrorMessage(code)}",
    };

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"posix_spawn could not be prepared: {Marshal.GetPInvokeErrorMessage(code)}");
        }
    }
}
