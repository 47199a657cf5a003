using System.Collections.Immutable;
using Runbooks.Engine.Planning;

namespace Runbooks.Engine.Procedures;

/// <summary>The variables of a shell that stand for the secrets of a playbook.</summary>
public sealed class SecretVariables
{
    private readonly ImmutableDictionary<string, string> _byText;

    private SecretVariables(ImmutableDictionary<string, string> byText) => _byText = byText;

    /// <param name="part">Whose secrets are meant: of the playbook that is run, or of a part of it.</param>
    public static SecretVariables Of(PlanPart part)
    {
        var byText = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var variable in part.Playbook.Vars.Where(v => v.Secret))
        {
            if (part.Scope.SecretText(variable.Name) is { Length: > 0 } text)
            {
                byText.TryAdd(text, variable.FromEnv ?? variable.Name.ToUpperInvariant());
            }
        }

        return new SecretVariables(byText.ToImmutable());
    }

    public IEnumerable<string> Names => _byText.Values.Order(StringComparer.Ordinal);

    /// <summary>The variable whose value is the text; null when it is that of none, but was made from one.</summary>
    public string? Of(string text) => _byText.GetValueOrDefault(text);
}
