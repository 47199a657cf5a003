using System.CommandLine;
using System.Text;
using Runbooks.Cli.Commands;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Planning.Saved;
using Runbooks.Engine.Ports;

namespace Runbooks.Cli;

/// <summary>Where <c>plan</c> writes to when it is not the screen: a file to read, or a plan that is saved to be run.</summary>
public sealed class PlanOutput
{
    /// <summary>The signature of a saved plan lies beside it, so that the plan stays the file that was reviewed.</summary>
    internal const string SignatureEnding = ".sig";

    private const int IdBytes = 16;

    private Option<string?> File { get; } = new("--output", "--out", "-o") { Description = "save the plan to a file, from which 'exec --plan' runs it once; with --format text or markdown a file to read", HelpName = "FILE" };

    private Option<string?> Sign { get; } = new("--sign") { Description = "sign the saved plan with a private key (see 'runbook keys new'); the signature goes to FILE.sig", HelpName = "KEY" };

    public void AddTo(Command command, PreviewOptions preview)
    {
        command.Add(File);
        command.Add(Sign);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Sign) is not null && (result.GetValue(File) is null || (result.GetResult(preview.Format) is { Implicit: false } && result.GetValue(preview.Format) != "json")))
            {
                result.AddError("--sign signs a saved plan: it needs -o FILE, and no --format but json");
            }
        });
    }

    public string? FileOf(ParseResult parsed) => parsed.GetValue(File);

    /// <returns>What went wrong; null when nothing did.</returns>
    public static string? WriteText(string file, string text, Planned planned, Composition composition)
    {
        if (Write(file, Encoding.UTF8.GetBytes(text), composition) is { } problem)
        {
            return problem;
        }

        composition.Terminal.Error.WriteLine($"plan written to {file} (sha256:{planned.Plan.Digest})");
        return null;
    }

    /// <returns>What went wrong; null when nothing did.</returns>
    public string? Save(ParseResult parsed, string file, Planned planned, Composition composition)
    {
        var (key, keyProblem) = parsed.GetValue(Sign) is { } name ? KeyFiles.ReadSigning(name, composition) : (null, null);
        using (key)
        {
            if (keyProblem is not null)
            {
                return keyProblem;
            }

            var playbook = Path.GetFullPath(planned.Plan.Playbook.Source.Path, composition.CurrentDirectory);
            var (bytes, unfit) = SavedPlan.Write(planned.Plan, new PlanCopy(Convert.ToHexStringLower([.. composition.Machine.RandomBytes(IdBytes)]), playbook));
            if ((unfit ?? Write(file, bytes.Span, composition)) is { } problem)
            {
                return problem;
            }

            var people = composition.Terminal.Error;
            people.WriteLine($"plan written to {file} (sha256:{planned.Plan.Digest})");
            if (key is null)
            {
                SayStaleSignature(file, composition);
            }
            else if (Write(file + SignatureEnding, key.Sign(bytes.Span), composition) is { } unsigned)
            {
                return unsigned;
            }
            else
            {
                people.WriteLine($"signature written to {file}{SignatureEnding} (key {key.Fingerprint})");
            }

            people.WriteLine($"to run it, once: runbook exec --plan {CommandLine.Quote(file)}");
            return null;
        }
    }

    private static void SayStaleSignature(string file, Composition composition)
    {
        if (composition.Files.Stat(Path.GetFullPath(file + SignatureEnding, composition.CurrentDirectory)).Kind == FileKind.File)
        {
            composition.Terminal.Error.WriteLine($"warning: {file}{SignatureEnding} is the signature of an earlier plan, not of this one");
        }
    }

    private static string? Write(string file, ReadOnlySpan<byte> bytes, Composition composition)
    {
        var full = Path.GetFullPath(file, composition.CurrentDirectory);
        var isNew = composition.Files.Stat(full).Kind == FileKind.Missing;
        return (isNew ? composition.Files.Create(full, bytes) : composition.Files.Replace(full, bytes)) is { } problem ? $"{file}: {problem}" : null;
    }
}
