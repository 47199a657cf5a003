using System.Collections.Immutable;
using Runbooks.Engine.Planning;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Procedures;

/// <summary>A plan as a page by which a person does it, for the day on which the tool may not touch the machine.</summary>
public static class Procedure
{
    public static ImmutableArray<PageBlock> Of(Plan plan)
    {
        var page = new StepPage(plan);
        return Shown(
        [
            .. Head(plan),
            .. Vars(plan),
            .. Before(plan),
            .. Checks(page, "Before the first step: all of it must hold", "If one does not hold, or you cannot find out, do not begin. Nothing has been changed.", plan.Guards),
            new Heading(2, "Steps"),
            .. Steps(plan, page),
            .. Checks(page, "At the end: all of it must hold", "What you cannot find out is unknown, and no pass. Until all of it holds the rollback is not done.", plan.Validations),
            .. Failure(plan),
        ]);
    }

    /// <summary>With the names of what is missing in angle brackets.</summary>
    public static ImmutableArray<PageBlock> Shown(ImmutableArray<PageBlock> blocks) =>
    [
        .. blocks.Select(PageBlock (block) => block switch
        {
            Heading heading => heading with { Text = Placeholder.Shown(heading.Text) },
            Prose prose => prose with { Text = Placeholder.Shown(prose.Text) },
            Table table => table with { Rows = [.. table.Rows.Select(r => r.Select(c => c with { Text = Placeholder.Shown(c.Text) }).ToImmutableArray())] },
            Lines lines => lines with { All = [.. lines.All.Select(Placeholder.Shown)] },
            Tick tick => new Tick(Placeholder.Shown(tick.Text)),
            Item item => new Item(Placeholder.Shown(item.Text)),
            _ => block,
        }),
    ];

    private static IEnumerable<PageBlock> Head(Plan plan)
    {
        var playbook = plan.Playbook;
        yield return new Heading(1, $"{playbook.Name}{(playbook.Version.Length > 0 ? " " + playbook.Version : "")}, by hand");
        if (playbook.Description.Length > 0)
        {
            yield return new Prose(playbook.Description.Trim());
        }

        var facts = PlanText.Facts(playbook).Select(f => (Name: f[..f.IndexOf(' ', StringComparison.Ordinal)], Text: f[(f.IndexOf(' ', StringComparison.Ordinal) + 1)..])).Where(f => f.Name != "failure");
        yield return new Table(["", ""],
        [
            .. facts.Select(f => Row(new Cell(f.Name), new Cell(f.Text))),
            Row(new Cell("in"), new Cell(plan.ProjectDirectory, IsCode: true)),
            Row(new Cell("lock"), new Cell(plan.Lock, IsCode: true)),
            Row(new Cell("playbook"), new Cell(playbook.Source.Path, IsCode: true)),
            Row(new Cell("sha256"), new Cell(plan.PlaybookSha256, IsCode: true)),
        ]);
        foreach (var step in plan.Steps.Where(s => s is { IsPointOfNoReturn: true, Condition.Decision: not false }))
        {
            yield return new Prose($"Step {step.Number} ({step.Id}) is a point of no return: what it destroys is gone.", IsLoud: true);
        }
    }

    private static IEnumerable<PageBlock> Vars(Plan plan)
    {
        var rows = PlanText.Shown(plan.Vars).Select(v => (Var: v, Declaration: DeclarationOf(v, plan))).ToList();
        if (rows.Count == 0)
        {
            yield break;
        }

        yield return new Heading(2, "Variables");
        yield return new Table(["name", "type", "default", "here", "meaning"],
        [
            .. rows.Select(r => Row(new Cell(r.Var.Name), new Cell(TypeOf(r.Declaration)), new Cell(DefaultOf(r.Declaration), IsCode: true), Value(r.Var), new Cell(r.Declaration?.Description ?? ""))),
        ]);
    }

    private static Cell Value(PlannedVar variable) => variable.Origin == PlannedVar.NotGiven ? new Cell(PlannedVar.NotGiven) : new Cell(variable.Display, IsCode: true);

    private static IEnumerable<PageBlock> Before(Plan plan)
    {
        yield return new Heading(2, "Before you begin");
        var missing = plan.Vars.Where(v => v.Origin == PlannedVar.Missing).Select(v => v.Display).ToList();
        if (missing.Count > 0)
        {
            yield return new Prose($"Not filled in yet: {string.Join(", ", missing)}. Put the value in wherever it stands, or make this page again with --var.", IsLoud: true);
        }

        yield return new Item("See that nobody else works on it, with the tool or by hand, and say that you begin.");
        yield return new Item("Write down when you began, and for each item: when, done or failed or skipped or not sure, and what you saw.");
        yield return new Item("Paste one block at a time and read what it says. What stands in <angle brackets> is for you to fill in.");
        yield return new Item("All commands are for a POSIX shell in this folder:");
        yield return new Lines("sh", [$"cd {ShellLines.Quote(plan.ProjectDirectory)}"]);
        var secrets = ((IEnumerable<PlanPart>)[plan.PartOf(""), .. plan.Parts]).SelectMany(p => SecretVariables.Of(p).Names).Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (!secrets.IsEmpty)
        {
            yield return new Item("Secrets are on no page and in no history. Type each where nothing is shown:");
            foreach (var secret in secrets)
            {
                yield return new Lines("sh", [$"printf '{secret}: '; stty -echo; read -r {secret}; stty echo; echo; export {secret}"]);
            }
        }
    }

    private static IEnumerable<PageBlock> Steps(Plan plan, StepPage page)
    {
        var begun = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach (var step in plan.Steps)
        {
            foreach (var part in PlanText.BegunWith(step, plan, begun))
            {
                yield return new Prose(StepPage.Sentence(part.Trim()));
            }

            foreach (var block in Step(step, page))
            {
                yield return block;
            }
        }
    }

    private static IEnumerable<PageBlock> Step(PlannedStep step, StepPage page)
    {
        var head = StepHead(step);
        if (step.Condition is { Decision: false })
        {
            return head;
        }

        var after = step.Validate.SelectMany(c => page.Looking(c, "Afterwards it must hold: "));
        var before = step.Effect == Effect.Read ? [] : page.TakingBack(step).Prepend(new Prose($"How step {step.Number} is taken back, when it has to be:"));
        return [.. head, .. page.Doing(step), .. Remarks(step, page), .. after, Limit(step), .. before];
    }

    /// <summary>What stands above what is done.</summary>
    internal static IEnumerable<PageBlock> StepHead(PlannedStep step)
    {
        yield return new Heading(3, $"{step.Number}. {step.Id}{(step.Name.Length > 0 ? ": " + step.Name : "")}");
        if (step.Condition is { Decision: false } left)
        {
            yield return new Prose($"Left out here: {left.Expression} is false.");
            yield break;
        }

        if (step.Why.Length > 0)
        {
            yield return new Prose($"Why: {step.Why.Trim()}");
        }

        if (step.Condition is { Decision: null } open)
        {
            yield return new Prose($"Only when this is true, which the steps before decide: {open.Expression}", IsLoud: true);
        }

        if (PlanText.Protection(step) is { } protection)
        {
            yield return new Prose($"Data: {protection}.", IsLoud: true);
        }

        if (step.IsPointOfNoReturn)
        {
            yield return new Prose("A point of no return: what it destroys is gone.", IsLoud: true);
        }
    }

    /// <summary>What belongs to doing it.</summary>
    internal static IEnumerable<PageBlock> Remarks(PlannedStep step, StepPage page)
    {
        if (step.Captures)
        {
            yield return new Prose($"Keep what it prints: <steps.{step.Syntax.Id}.stdout> stands for it below.");
        }

        foreach (var block in step.Retry.Until.SelectMany(c => page.Looking(c, "Again until it holds: ")))
        {
            yield return block;
        }
    }

    internal static Prose Limit(PlannedStep step) => new(
        $"It should be done within {Durations.Format(step.Timeout)}{(step.Retry.Attempts > 1 ? $", and may be tried {step.Retry.Attempts} times" : "")}. If it is not, or fails: {(step.OnFailure == OnFailure.Undo ? "take back what was done, see the end of this page" : "stop, and change nothing more")}.");

    private static IEnumerable<PageBlock> Checks(StepPage page, string title, string advice, ImmutableArray<PlannedCheck> checks) =>
        checks.IsEmpty ? [] : [new Heading(2, title), new Prose(advice), .. checks.SelectMany(c => page.Looking(c))];

    private static IEnumerable<PageBlock> Failure(Plan plan)
    {
        yield return new Heading(2, "When something fails");
        yield return new Item("What you are not sure of has not succeeded.");
        yield return new Item("A step that says 'take back': from that step on upwards, take back each that was begun. The last one first:");
        yield return new Table(["step", "taken back by"],
        [
            .. plan.Steps.Reverse().Where(s => s.Effect != Effect.Read && s.Condition?.Decision != false).Select(s => Row(new Cell($"{s.Number}. {s.Id}"), new Cell(StepPage.HowBack(s)))),
        ]);
        yield return new Item("A step that says 'stop', or a check at the end that does not hold: leave everything as it is, and hand over what you wrote down.");
        yield return new Item("Afterwards, see what is in which state: what was changed, what was taken back, what nobody knows.");
    }

    private static ImmutableArray<Cell> Row(params ReadOnlySpan<Cell> cells) => [.. cells];

    private static VarDeclaration? DeclarationOf(PlannedVar variable, Plan plan)
    {
        var slash = variable.Name.LastIndexOf('/');
        return plan.PlaybookOf(slash < 0 ? "" : variable.Name[..slash]).Vars.FirstOrDefault(d => d.Name == variable.Name[(slash + 1)..]);
    }

    private static string TypeOf(VarDeclaration? declaration) => declaration is null ? "" : string.Join(", ", ((string?[])
    [
        declaration.Type.ToString().ToLowerInvariant(),
        declaration.Required ? "required" : null,
        declaration.Secret ? "secret" : null,
        declaration.FromEnv is { } name ? $"from {name}" : null,
        declaration.Allowed.IsEmpty ? null : $"one of {string.Join(" ", declaration.Allowed)}",
    ]).OfType<string>());

    private static string DefaultOf(VarDeclaration? declaration) => declaration?.Default is { } texts ? string.Join(", ", texts) : "";
}
