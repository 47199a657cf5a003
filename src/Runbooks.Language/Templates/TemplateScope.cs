using System.Collections.Immutable;
using Scriban.Runtime;

namespace Runbooks.Language.Templates;

/// <summary>What is known of a name when an expression is computed.</summary>
public enum Knowledge
{
    Known,

    /// <summary>Known, and never shown.</summary>
    Secret,

    /// <summary>Only the run will know.</summary>
    Unknown,
}

/// <summary>The outputs of a step that ran; <c>json</c> is parsed when an expression asks for it.</summary>
public sealed record StepOutputs(string Stdout, int ExitCode)
{
    /// <summary>As a shell's <c>$(…)</c> gives it: without the line breaks at the end.</summary>
    public static StepOutputs Of(string output, int exitCode) => new(output.TrimEnd('\n', '\r'), exitCode);
}

/// <summary>The names an expression may use, with their values. Immutable: each addition is a new scope over the same names.</summary>
public sealed class TemplateScope
{
    private readonly ImmutableDictionary<string, (object? Value, bool Secret)> _names;
    private readonly ImmutableDictionary<string, StepOutputs?> _steps;
    private readonly string? _runId;
    private ScriptObject? _scriptObject;

    private TemplateScope(ImmutableDictionary<string, (object? Value, bool Secret)> names, ImmutableDictionary<string, StepOutputs?> steps, string? runId)
    {
        _names = names;
        _steps = steps;
        _runId = runId;
    }

    public static TemplateScope Empty { get; } = new(
        ImmutableDictionary.Create<string, (object?, bool)>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, StepOutputs?>(StringComparer.Ordinal),
        null);

    /// <param name="value">string, long, double, bool, or an array of strings; null for a name that is declared and has no value.</param>
    public TemplateScope With(string name, object? value, bool secret = false) => new(_names.SetItem(name, (value, secret)), _steps, _runId);

    /// <param name="outputs">Null while the step has not run.</param>
    public TemplateScope WithStep(string id, StepOutputs? outputs) => new(_names, _steps.SetItem(id, outputs), _runId);

    public TemplateScope WithRun(string runId) => new(_names, _steps, runId);

    public Knowledge KnowledgeOf(Reference reference)
    {
        if (_names.TryGetValue(reference.Root, out var entry))
        {
            return entry.Secret ? Knowledge.Secret : Knowledge.Known;
        }

        return reference.Root switch
        {
            "steps" when reference.Path.Length == 1 => Knowledge.Unknown,
            "steps" => _steps.GetValueOrDefault(reference.Path[1]) is null ? Knowledge.Unknown : Knowledge.Known,
            "run" => _runId is null ? Knowledge.Unknown : Knowledge.Known,
            _ => Knowledge.Known,
        };
    }

    /// <summary>The texts of the names that are secret.</summary>
    public IEnumerable<string> Secrets => _names.Values.Where(n => n.Secret && n.Value is not null).SelectMany(n => n.Value as IEnumerable<string> ?? [TemplateFunctions.Text(n.Value)]);

    /// <summary>The text of a name that is secret; null when it is none, or has no value.</summary>
    public string? SecretText(string name) => _names.TryGetValue(name, out var entry) && entry is { Secret: true, Value: not null and not IEnumerable<string> } ? TemplateFunctions.Text(entry.Value) : null;

    /// <summary>Whether the text is the value of a name that is no secret.</summary>
    internal bool Shows(string text) => _names.Values.Any(n => !n.Secret && n.Value is string value && value == text);

    internal ScriptObject ToScriptObject()
    {
        if (_scriptObject is not null)
        {
            return _scriptObject;
        }

        var names = new ScriptObject();
        foreach (var (name, (value, _)) in _names)
        {
            // The library's null is a value: '??', 'default' and '== null' see it, everything else refuses it.
            names.SetValue(name, value is ImmutableArray<string> list ? new ScriptArray(list) : value!, readOnly: true);
        }

        if (!_steps.IsEmpty)
        {
            var steps = new ScriptObject();
            foreach (var (id, outputs) in _steps)
            {
                if (outputs is not null)
                {
                    steps.SetValue(id, new OutputsObject(outputs), readOnly: true);
                }
            }

            names.SetValue("steps", steps, readOnly: true);
        }

        if (_runId is not null)
        {
            var run = new ScriptObject();
            run.SetValue("id", _runId, readOnly: true);
            names.SetValue("run", run, readOnly: true);
        }

        return _scriptObject = names;
    }

    private sealed class OutputsObject : ScriptObject
    {
        public OutputsObject(StepOutputs outputs)
        {
            SetValue("stdout", outputs.Stdout, readOnly: true);
            SetValue("exit_code", (long)outputs.ExitCode, readOnly: true);
            if (JsonValues.TryParse(outputs.Stdout, out var json) && json is not null)
            {
                SetValue("json", json, readOnly: true);
            }
        }
    }
}
