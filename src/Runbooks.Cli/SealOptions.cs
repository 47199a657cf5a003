using System.CommandLine;
using Runbooks.Engine.Signing;

namespace Runbooks.Cli;

/// <summary>Who signs the seal of a run.</summary>
internal sealed class SealOptions
{
    private const string Variable = "RUNBOOK_SIGN_KEY";

    private readonly Option<string?> _sign = new("--sign") { Description = $"sign the seal of the run with a private key (see 'runbook keys new'); {Variable} names one for all runs", HelpName = "KEY" };

    public void AddTo(Command command) => command.Add(_sign);

    /// <summary>Read before anything is done: a run that cannot be signed as it should does not begin.</summary>
    /// <returns>False when the key cannot be read, which was printed.</returns>
    public bool TryRead(ParseResult parsed, Composition composition, out SigningKey? key)
    {
        key = null;
        var given = parsed.GetValue(_sign);
        if ((given ?? composition.Machine.Environment(Variable)) is not { Length: > 0 } name)
        {
            return true;
        }

        (key, var problem) = KeyFiles.ReadSigning(name, composition);
        if (problem is not null)
        {
            composition.Terminal.Error.WriteLine($"error: {(given is null ? Variable : "--sign")}: {problem}");
        }

        return problem is null;
    }
}
