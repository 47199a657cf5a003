using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Advisor.Reading;
using Runbooks.Builtin;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Projects;
using Runbooks.Language.Templates;
using Runbooks.Language.Yaml;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook explain</c>: what a code means, or what a kind does and which fields it has.</summary>
public static class ExplainCommand
{
    /// <summary>Every descriptor of the product, in the order of the codes. A test compares it with what the assemblies hold.</summary>
    public static ImmutableArray<Descriptor> Descriptors =>
    [
        .. new[]
        {
            YamlDiagnostics.All, FieldDiagnostics.All, PlaybookDiagnostics.All, PartDiagnostics.All, TemplateDiagnostics.All, VarDiagnostics.All, PlanDiagnostics.All, FactDiagnostics.All, ProjectDiagnostics.All,
        }.SelectMany(d => d)
        .Concat(Kinds.SelectMany(k => k.Descriptors))
        // Kinds that share a part share its descriptors.
        .Distinct()
        .OrderBy(d => d.Code, StringComparer.Ordinal),
    ];

    private static IEnumerable<IKind> Kinds => [.. BuiltinKinds.Steps, .. BuiltinKinds.Checks];

    public static Command Create(Composition composition)
    {
        var topic = new Argument<string?>("code") { Description = "a code (RB1001), or the name of a step or check; none lists them all", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("explain", "Explain a diagnostic code, a step or a check.") { topic };
        command.SetAction(parsed =>
        {
            var terminal = composition.Terminal;
            if (parsed.GetValue(topic) is not { } word)
            {
                List(terminal.Out);
                return ExitCodes.Succeeded;
            }

            if (Descriptors.FirstOrDefault(d => string.Equals(d.Code, word, StringComparison.OrdinalIgnoreCase) || d.Name == word) is { } descriptor)
            {
                terminal.Out.WriteLine($"{descriptor.Code} {descriptor.Name}: {descriptor.Title} ({descriptor.Severity.ToString().ToLowerInvariant()})\n\n{Wrap(descriptor.Help)}");
                return ExitCodes.Succeeded;
            }

            var kinds = Kinds.Where(k => k.Declaration.Name == word).ToList();
            foreach (var kind in kinds)
            {
                Kind(terminal.Out, kind);
            }

            if (kinds.Count > 0)
            {
                return ExitCodes.Succeeded;
            }

            var hint = Suggestion.For(word, [.. Descriptors.Select(d => d.Code), .. Kinds.Select(k => k.Declaration.Name)]);
            terminal.Error.WriteLine($"error: '{word}' is neither a code nor a kind{(hint is null ? "; 'runbook explain' lists them" : $"; did you mean '{hint}'?")}");
            return ExitCodes.Invalid;
        });
        return command;
    }

    private static void List(TextWriter writer)
    {
        writer.WriteLine("steps");
        foreach (var kind in BuiltinKinds.Steps)
        {
            writer.WriteLine($"  {kind.Declaration.Name,-12} {kind.Declaration.Summary}");
        }

        writer.WriteLine("\nchecks");
        foreach (var kind in BuiltinKinds.Checks)
        {
            writer.WriteLine($"  {kind.Declaration.Name,-12} {kind.Declaration.Summary}");
        }

        writer.WriteLine("\ncodes");
        foreach (var descriptor in Descriptors)
        {
            writer.WriteLine($"  {descriptor.Code}  {descriptor.Title}");
        }
    }

    private static void Kind(TextWriter writer, IKind kind)
    {
        writer.WriteLine($"{(kind is IStepKind ? "step" : "check")} {kind.Declaration.Name}: {kind.Declaration.Summary}\n");
        foreach (var field in kind.Declaration.Fields.Fields)
        {
            var notes = field.Required ? "required" : (field.Default ?? field.Otherwise) is not null ? $"default: {field.Default ?? field.Otherwise}" : "optional";
            writer.WriteLine($"  {field.Name,-18} {field.Summary} ({(field.Choices.IsEmpty ? field.Shape.ToString().ToLowerInvariant() : string.Join(" | ", field.Choices))}; {notes})");
        }

        writer.WriteLine();
    }

    private static string Wrap(string text)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length + 1 > 80)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        return string.Join('\n', [.. lines, line]);
    }
}
