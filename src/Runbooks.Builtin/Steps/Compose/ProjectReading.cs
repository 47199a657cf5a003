using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>Lets Compose read a project and nothing else, and listens to what it says: a variable that is not set becomes a blank with a mere warning.</summary>
internal sealed partial class ProjectReading
{
    /// <summary>More bytes than Compose says about any sane project; the rest is dropped.</summary>
    private const int Limit = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _said = new();

    private string Text => Encoding.UTF8.GetString(_said.WrittenSpan);

    /// <param name="allowsBlank">A variable that is not set is no reason to stop.</param>
    /// <returns>Why the command must not follow (null when it may), and what Compose wrote to its standard output.</returns>
    public static async Task<(ActionOutcome? Refusal, string Output)> ReadAsync(ProgramStart start, StepContext context, bool allowsBlank)
    {
        var reading = new ProjectReading();
        var output = context.Output with { Path = null, Seen = reading.Listen, CaptureLimit = Limit };
        var exit = await context.Ports.Processes.RunAsync(ProgramSteps.SpecOf(start, context.Marks), output, context.Stop);
        var failure = (exit.StartError, exit.ExitCode) switch
        {
            ({ } error, _) => $"{start.Argv[0].Display} could not be started: {error}",
            _ when exit.Stopped => $"{start.Argv[0].Display} was ended while it read the project",
            _ when exit.CaptureExceeded => "Compose says more about the project than can be read",
            (_, 0) => allowsBlank ? null : reading.Blanks(),
            _ => $"Compose cannot read the project: {reading.Reason()}",
        };
        return (failure is null ? null : ActionOutcome.Failed(failure) with { Untouched = true, ExitCode = exit.ExitCode, Survivors = exit.Survivors }, Encoding.UTF8.GetString(exit.Captured.Span));
    }

    /// <summary>Both streams come here, one after the other but on any thread.</summary>
    private void Listen(ReadOnlySpan<byte> bytes)
    {
        lock (_said)
        {
            _said.Write(bytes[..Math.Min(bytes.Length, Limit - _said.WrittenCount)]);
        }
    }

    private string? Blanks()
    {
        var names = Warning().Matches(Text).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        return names.Count switch
        {
            0 => null,
            1 => $"the variable {names[0]} of the Compose files is not set and would be blank: set it in the env file or in 'env:', or write 'allow_blank: true'",
            _ => $"the variables {string.Join(", ", names)} of the Compose files are not set and would be blank: set them in the env file or in 'env:', or write 'allow_blank: true'",
        };
    }

    /// <summary>Compose 2 ends with it; Compose 1 may go on with advice after an empty line.</summary>
    private string Reason()
    {
        var lines = Text.Split('\n').Select(l => l.Trim()).ToList();
        var paragraph = lines.SkipWhile(l => !l.EndsWith("invalid because:", StringComparison.Ordinal)).TakeWhile(l => l.Length > 0).ToList();
        var line = paragraph.Count > 0 ? string.Join(' ', paragraph) : lines.LastOrDefault(l => l.Length > 0) ?? "it does not say why";
        return line.Length > 400 ? line[..400] + "…" : line;
    }

    // Compose 2: msg="The \"TAG\" variable is not set. Defaulting to a blank string."; Compose 1: The TAG variable is not set. Defaulting to a blank string.
    [GeneratedRegex("""The (\\*")?(?<name>[A-Za-z_][A-Za-z0-9_]*)(\\*")? variable is not set""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Warning();
}
