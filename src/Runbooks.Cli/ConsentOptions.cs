using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Running;

namespace Runbooks.Cli;

/// <summary>What people consent to when a playbook is run: only this plan, only step by step, and past these gates.</summary>
internal sealed class ConsentOptions
{
    private const int ShortestDigest = 12;
    private const string DigestPrefix = "sha256:";

    private readonly ApprovalOptions _approvals = new();

    private readonly Option<bool> _interactive = new("--interactive", "-i") { Description = "ask before each step whether to run it, skip it or stop" };

    private readonly Option<string?> _digest = new("--digest") { Description = "run only the plan with this digest, which its preview shows", HelpName = "SHA256" };

    public void AddTo(Command command)
    {
        _approvals.AddTo(command);
        command.Add(_interactive);
        command.Add(_digest);
    }

    /// <param name="isOutTaken">Only what programs read may be written to standard output.</param>
    /// <returns>The consent; or the exit code, when why there is none was printed.</returns>
    public (Consent? Given, int Exit) Read(ParseResult parsed, Plan plan, bool isOutTaken, Composition composition)
    {
        var error = composition.Terminal.Error;
        if (parsed.GetValue(_digest) is { } given)
        {
            var digest = given.StartsWith(DigestPrefix, StringComparison.OrdinalIgnoreCase) ? given[DigestPrefix.Length..] : given;
            if (digest.Length < ShortestDigest || !digest.All(char.IsAsciiHexDigit))
            {
                error.WriteLine($"error: --digest {given}: it is no digest of a plan; give at least its first {ShortestDigest} digits");
                return (null, ExitCodes.Invalid);
            }

            if (!plan.Digest.StartsWith(digest, StringComparison.OrdinalIgnoreCase))
            {
                error.WriteLine($"refused: the plan is another one, its digest is {DigestPrefix}{plan.Digest} and not {given}; nothing was changed. 'runbook plan' shows what would happen now");
                return (null, ExitCodes.Refused);
            }
        }

        if (parsed.GetValue(_interactive) && composition.Terminal.Questions(isOutTaken) is null)
        {
            error.WriteLine("refused: --interactive asks before each step, and there is no terminal to ask at; nothing was changed");
            return (null, ExitCodes.Refused);
        }

        return _approvals.Read(parsed, plan, composition) is { } approvals
            ? (new Consent(approvals, parsed.GetValue(_interactive)), ExitCodes.Succeeded)
            : (null, ExitCodes.Invalid);
    }
}

/// <param name="Approvals">Names by step.</param>
/// <param name="AsksBeforeSteps">Every step is asked for.</param>
internal sealed record Consent(ImmutableDictionary<string, string> Approvals, bool AsksBeforeSteps);
