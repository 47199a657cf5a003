using System.Text;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>Which file a start would execute, or why there is none.</summary>
/// <param name="Path">Absolute; null when there is none.</param>
/// <param name="Error">A sentence for the operator; null when there is one.</param>
internal readonly record struct ProgramLookup(string? Path, string? Error)
{
    // What execvp uses when PATH is not set.
    private const string DefaultPath = "/bin:/usr/bin";

    /// <param name="program">A bare name or a path.</param>
    /// <param name="workingDirectory">Absolute.</param>
    /// <param name="path">PATH of the child; null when it has none.</param>
    internal static ProgramLookup Find(string program, string workingDirectory, string? path)
    {
        if (program.Length == 0)
        {
            return new(null, "the first word is empty: there is no program to start");
        }

        if (program.Contains('\0', StringComparison.Ordinal))
        {
            return new(null, "the program's name holds a NUL character");
        }

        if (program.Contains('/', StringComparison.Ordinal))
        {
            return Judge(program, System.IO.Path.GetFullPath(program, workingDirectory));
        }

        ProgramLookup? closed = null;
        foreach (string folder in (path ?? DefaultPath).Split(':'))
        {
            // An empty or relative part means the folder that the child starts in.
            string candidate = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder.Length == 0 ? "." : folder, workingDirectory), program);
            if (!Access(candidate, Libc.Existence))
            {
                continue;
            }

            ProgramLookup found = Judge(program, candidate);
            if (found.Path is not null)
            {
                return found;
            }

            // A folder of that name is no candidate; a file that may not be executed is worth a word when nothing better comes.
            if (closed is null && File.Exists(candidate))
            {
                closed = found;
            }
        }

        return closed ?? new(null, $"'{program}' was not found on PATH");
    }

    /// <summary>True when this process may execute the file or enter the folder.</summary>
    internal static bool MayExecute(string path) => Access(path, Libc.ExecuteAccess);

    private static unsafe bool Access(string path, int mode)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            return Libc.Access(bytes, mode) == 0;
        }
    }

    private static ProgramLookup Judge(string program, string path)
    {
        if (Directory.Exists(path))
        {
            return new(null, $"'{program}' is a directory, not a program");
        }

        if (!File.Exists(path))
        {
            return new(null, $"'{program}' does not exist ({path})");
        }

        return MayExecute(path)
            ? new(path, null)
            : new(null, $"permission denied: '{path}' is not executable (chmod +x makes it so)");
    }
}
