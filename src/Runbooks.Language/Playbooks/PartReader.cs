using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Text;

namespace Runbooks.Language.Playbooks;

/// <summary>Opens a playbook that a step of another one names.</summary>
/// <param name="file">As written.</param>
/// <param name="from">The playbook in which it is written.</param>
/// <param name="part">Id of the part that it becomes: <c>database</c>, or <c>database/dump</c> in a part.</param>
/// <returns>The text, or why there is none.</returns>
public delegate (SourceText? Source, string Problem) OpenPlaybook(string file, SourceText from, string part);

/// <summary>Reads the playbooks for which steps of a playbook stand, and what is wrong between the two.</summary>
/// <param name="above">The playbooks in which this one is read, the outermost first.</param>
internal sealed class PartReader(KindCatalogue catalogue, OpenPlaybook open, ImmutableArray<SourceText> above, string part)
{
    /// <summary>Deeper than anybody can follow.</summary>
    private const int Deepest = 8;

    public Playbook Read(Playbook playbook, DiagnosticBag bag) =>
        playbook.Steps.Any(s => s.Kind.HoldsPlaybook) ? playbook with { Steps = [.. playbook.Steps.Select(s => s.Kind.HoldsPlaybook ? WithPart(s, bag) : s)] } : playbook;

    private StepSyntax WithPart(StepSyntax step, DiagnosticBag bag)
    {
        if (step.Body.Find<BoundText>(PartFields.File) is not { } file)
        {
            return step; // That there is none was said.
        }

        var id = part.Length == 0 ? step.Id : $"{part}/{step.Id}";
        var (source, problem) = open(file.Template.Source, bag.Source, id);
        if (source is null)
        {
            var isComputed = file.Template.Source.Contains("{{", StringComparison.Ordinal);
            bag.Add(PartDiagnostics.NoSuchPlaybook, file.Span, problem, isComputed ? "the name of a playbook is plain text: it is read before any value is known" : null);
            return step;
        }

        ImmutableArray<SourceText> chain = [.. above, bag.Source];
        if (chain.FirstOrDefault(s => s.Path == source.Path) is { } again)
        {
            bag.Add(PartDiagnostics.Circle, file.Span, $"a playbook would run itself: {string.Join(" > ", chain.SkipWhile(s => s != again).Select(s => s.Path))} > {source.Path}");
            return step;
        }

        if (chain.Length >= Deepest)
        {
            bag.Add(PartDiagnostics.Circle, file.Span, $"playbooks in playbooks, {Deepest} deep: nobody can follow that");
            return step;
        }

        var read = PlaybookReader.Read(source, catalogue, open, chain, id);
        foreach (var diagnostic in read.Diagnostics)
        {
            bag.Add(diagnostic);
        }

        if (read.Value is not { } inner || read.HasErrors)
        {
            bag.Add(PartDiagnostics.BadPart, file.Span, $"{source.Path} has mistakes");
            return step;
        }

        CheckVars(step, inner, file, bag);
        return step with { Part = inner };
    }

    private static void CheckVars(StepSyntax step, Playbook inner, BoundText file, DiagnosticBag bag)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in step.Body.Find<BoundMap>(PartFields.Vars)?.Pairs ?? [])
        {
            if (!pair.Key.IsLiteral || inner.Vars.All(v => v.Name != pair.Key.Source))
            {
                bag.Add(VarDiagnostics.Unknown, pair.Key.Span, $"{inner.Source.Path} has no variable '{pair.Key.Source}'", Suggestion.Hint(pair.Key.Source, [.. inner.Vars.Select(v => v.Name)]) ?? "it declares none");
            }

            given.Add(pair.Key.Source);
        }

        foreach (var missing in inner.Vars.Where(v => v is { Required: true, Default: null, FromEnv: null } && !given.Contains(v.Name)))
        {
            bag.Add(VarDiagnostics.Missing, file.Span, $"'{missing.Name}' of {inner.Source.Path} has no value", $"give it: 'vars: {{ {missing.Name}: … }}'");
        }
    }
}
