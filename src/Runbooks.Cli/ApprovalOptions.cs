using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Engine.Planning;

namespace Runbooks.Cli;

/// <summary>Approvals that come with the command: <c>--approve STEP=NAME</c>.</summary>
internal sealed class ApprovalOptions
{
    private readonly Option<string[]> _approve = new("--approve") { Description = "who approves a step that asks for it, where there is no terminal to ask at", HelpName = "STEP=NAME", Arity = ArgumentArity.OneOrMore };

    public void AddTo(Command command) => command.Add(_approve);

    /// <returns>Names by step; null when one is wrong, which was printed.</returns>
    public ImmutableDictionary<string, string>? Read(ParseResult parsed, Plan plan, Composition composition)
    {
        var names = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var gates = plan.Steps.Where(s => s.Action?.Approval is not null).ToList();
        foreach (var text in parsed.GetValue(_approve) ?? [])
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            var (step, name) = at < 0 ? (text, "") : (text[..at], text[(at + 1)..].Trim());
            if (name.Length == 0)
            {
                return Wrong($"--approve {text}: write STEP=NAME, with the name of who approves", composition);
            }

            if (!gates.Any(s => s.Id == step || s.Syntax.Id == step))
            {
                var which = gates.Count == 0 ? "none does" : $"these do: {string.Join(", ", gates.Select(s => s.Id))}";
                return Wrong($"--approve {text}: there is no step '{step}' that asks for an approval; {which}", composition);
            }

            if (!names.TryAdd(step, name) && names[step] != name)
            {
                return Wrong($"--approve {text}: {names[step]} was named for it before", composition);
            }
        }

        return names.ToImmutable();
    }

    private static ImmutableDictionary<string, string>? Wrong(string problem, Composition composition)
    {
        composition.Terminal.Error.WriteLine($"error: {problem}");
        return null;
    }
}
