using Runbooks.Engine.Planning;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Running;

/// <summary>The names and values of each playbook of a plan, with the outputs of its steps so far: no playbook sees those of another.</summary>
/// <param name="outputs">Adds what is on record of the steps of a part, by its id.</param>
internal sealed class PartScopes(Plan plan, string runId, Func<string, TemplateScope, TemplateScope>? outputs = null)
{
    private readonly Dictionary<string, TemplateScope> _scopes = new(StringComparer.Ordinal);

    /// <param name="part">Its id; empty for the playbook that is run.</param>
    public TemplateScope Of(string part)
    {
        if (!_scopes.TryGetValue(part, out var scope))
        {
            var names = plan.PartOf(part).Scope.WithRun(runId);
            _scopes[part] = scope = outputs is null ? names : outputs(part, names);
        }

        return scope;
    }

    public void Learn(string part, string step, StepOutputs outputs) => _scopes[part] = Of(part).WithStep(step, outputs);
}
