using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Playbooks;

/// <summary>Reads a playbook: all mistakes of the file in one go.</summary>
public static class PlaybookReader
{
    /// <param name="open">Opens the playbooks that it is made of; null where there are none to be had.</param>
    /// <returns>The playbook when it could be read well enough to look at; with an Error among the diagnostics it must not be planned.</returns>
    public static Checked<Playbook> Read(SourceText source, KindCatalogue catalogue, OpenPlaybook? open = null) =>
        Read(source, catalogue, open ?? ((_, _, _) => (null, "no other playbook can be read here")), [], "");

    internal static Checked<Playbook> Read(SourceText source, KindCatalogue catalogue, OpenPlaybook open, ImmutableArray<SourceText> above, string part)
    {
        var bag = new DiagnosticBag(source);
        var tree = YamlReader.Read(source, bag);
        if (tree.Root is not YamlMapping mapping)
        {
            if (tree.Root is not null and not YamlBroken && !bag.HasErrors)
            {
                bag.Add(PlaybookDiagnostics.NotAPlaybook, tree.Root.Span, $"a playbook is a mapping, this is {tree.Root.Described}", "it begins with 'runbook: v1'");
            }

            return new Checked<Playbook>(null, bag.ToSorted());
        }

        var reader = new FieldReader(catalogue, bag, tree.IsPartial);
        var anchor = mapping.Entries.IsEmpty ? new TextSpan(0, 0) : mapping.Entries[0].Key.Span;
        var fields = reader.Read(mapping, StepFields.Playbook, anchor);
        var playbook = Build(source, fields, bag);
        if (!tree.IsPartial)
        {
            playbook = new PartReader(catalogue, open, above, part).Read(playbook, bag);
            new NameChecker(playbook, bag).Check();
            new SecretPlaces(playbook, fields, bag).Check();
            new BackupChecker(playbook, bag).Check();
        }

        return new Checked<Playbook>(playbook, bag.ToSorted());
    }

    private static Playbook Build(SourceText source, BoundFields fields, DiagnosticBag bag)
    {
        var steps = fields.Find<BoundSteps>("steps")?.Steps ?? [];
        ReportDuplicateIds(Playbook.WithMembers(steps), bag);
        return new Playbook
        {
            Source = source,
            Name = fields.Literal(StepFields.Name) ?? "",
            Version = fields.Literal("version") ?? "",
            Description = fields.Literal("description") ?? "",
            Strategy = fields.Literal("strategy") ?? "",
            Risk = fields.Literal("risk") ?? "",
            Downtime = fields.Literal("downtime") is { } downtime ? Durations.Parse(downtime) : null,
            Vars = fields.Find<BoundObjects>("vars") is { } vars ? VarReader.Read(vars, bag) : [],
            Lock = fields.Find<BoundText>("lock")?.Template,
            Guards = fields.Find<BoundChecks>("guards")?.Checks ?? [],
            Steps = steps,
            Validations = fields.Find<BoundChecks>("validations")?.Checks ?? [],
            Defaults = fields.Find<BoundObject>("defaults")?.Fields,
            OnFailure = fields.Literal(StepFields.OnFailure) == "undo" ? OnFailure.Undo : OnFailure.Stop,
        };
    }

    private static void ReportDuplicateIds(IEnumerable<StepSyntax> steps, DiagnosticBag bag)
    {
        var seen = new Dictionary<string, StepSyntax>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (!seen.TryAdd(step.Id, step))
            {
                var place = step.Common.Find<BoundText>(StepFields.Id)?.Span ?? step.Span;
                bag.Add(PlaybookDiagnostics.DuplicateId, place, $"there is already a step '{step.Id}'", related: new Related(seen[step.Id].Span, "the first one"));
            }
        }
    }
}
