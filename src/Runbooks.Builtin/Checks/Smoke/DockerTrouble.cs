using System.Globalization;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Programs;

namespace Runbooks.Builtin.Checks.Smoke;

/// <summary>Tells what docker says of itself from what the program inside answers: both come by the same exit code and on the same streams.</summary>
internal static partial class DockerTrouble
{
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <param name="wanted">The exit code that holds.</param>
    /// <returns>Why the program itself gave no answer; null when it did, or when docker was ended.</returns>
    public static string? Of(ProgramAnswer answer, long wanted)
    {
        if (answer.Exit is not { ExitCode: { } code and not 0, Stopped: false })
        {
            return null;
        }

        // docker writes this on standard output, with 126 for a program that is not there (older engines) or cannot be executed.
        if (code is NotExecutable or NotFound && answer.LastLines.FirstOrDefault(l => NotStarted().IsMatch(l)) is { } notStarted)
        {
            return $"it cannot be started there: {NotStarted().Replace(notStarted, "")}";
        }

        if (answer.LastLines.FirstOrDefault(l => OfDocker().IsMatch(l)) is { } said)
        {
            return said;
        }

        return code == wanted ? null : code switch
        {
            NotExecutable => Shell(code, "cannot be executed"),
            NotFound => Shell(code, "is not there"),
            _ => null,
        };
    }

    private static string Shell(int code, string what) => string.Create(CultureInfo.InvariantCulture, $"it ended with code {code}, by which a shell says that a program {what}");

    [GeneratedRegex("^OCI runtime exec failed: (exec failed: )?(unable to start container process: |[a-z_]+\\.go:[0-9]+: starting container process caused: )?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotStarted();

    // The last two are of Compose 1: "ERROR: No container found for app_1"; the end of a Python stack trace.
    [GeneratedRegex("^(Error response from daemon: |Error: No such container: |(error during connect|docker): |Cannot connect to the Docker daemon|permission denied while trying to connect to the|(no such )?service \"[^\"]*\" is not running|no such service: |ERROR: (No container found for|No such service: ) ?|docker\\.errors\\.[A-Za-z]+: )", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OfDocker();
}
