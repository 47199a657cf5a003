using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Language.Playbooks;

/// <summary>Reads what stands after each <c>--var</c>.</summary>
internal sealed class AssignmentReader(Playbook playbook)
{
    private const string Path = "--var";

    /// <summary>The values by name; what is wrong is added to <paramref name="diagnostics"/>.</summary>
    public Dictionary<string, GivenValue> Read(ImmutableArray<string> assignments, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        // One line for each --var, so that a message can point at a second one; values are only shown when their variable is known and no secret.
        var lines = assignments.Select(Shown).ToList();
        var bag = new DiagnosticBag(new SourceText(Path, string.Join('\n', lines)));
        var values = new Dictionary<string, GivenValue>(StringComparer.Ordinal);
        var start = 0;
        for (var i = 0; i < assignments.Length; i++)
        {
            Read(assignments[i], new TextSpan(start, lines[i].Length), values, bag);
            start += lines[i].Length + 1;
        }

        diagnostics.AddRange(bag.ToSorted());
        return values;
    }

    private void Read(string assignment, TextSpan line, Dictionary<string, GivenValue> values, DiagnosticBag bag)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            bag.Add(VarDiagnostics.Malformed, line, equals < 0 ? "there is no '=' after --var" : "there is no name before '='", "write --var name=value");
            return;
        }

        var name = assignment[..equals];
        var key = new TextSpan(line.Start, name.Length);
        if (Find(name) is not { } variable)
        {
            bag.Add(VarDiagnostics.Unknown, key, $"the playbook has no variable '{DisplayText.Visible(name)}'", Suggestion.Hint(name, [.. playbook.Vars.Select(v => v.Name)]) ?? "it declares none");
            return;
        }

        if (variable.Secret)
        {
            bag.Add(VarDiagnostics.SecretOnCommandLine, line, $"the secret '{name}' stands on the command line, where others can read it", variable.FromEnv is { } env ? $"set the environment variable {env}" : "declare 'from_env' for it");
        }

        var texts = VarBinder.TextsOf(variable, assignment[(equals + 1)..]);
        var value = new GivenValue(VarOrigin.CommandLine, texts, bag.Source, TextSpan.FromBounds(key.End + 1, line.End));
        if (values.TryAdd(name, value))
        {
            return;
        }

        var first = values[name];
        if (variable.Type == VarType.List)
        {
            values[name] = first with { Texts = first.Texts is { } a && texts is { } b ? a.AddRange(b) : null };
        }
        else
        {
            bag.Add(VarDiagnostics.Twice, key, $"'{name}' is given twice", "only a list collects", new Related(new TextSpan(first.Span.Start - name.Length - 1, name.Length), "first given here"));
        }
    }

    private string Shown(string assignment)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            var name = assignment[..equals];
            var isOpen = Find(name) is { Secret: false };
            // Of a name the length is kept, so that places in it are right.
            return $"{OneLine(name)}={(isOpen ? DisplayText.Visible(assignment[(equals + 1)..]) : Templates.Rendered.Mask)}";
        }

        // A text that is not name=value may be a secret with its name forgotten.
        return Find(assignment) is null ? Rendered.Mask : assignment;
    }

    private VarDeclaration? Find(string name) => playbook.Vars.FirstOrDefault(v => v.Name == name);

    private static string OneLine(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
