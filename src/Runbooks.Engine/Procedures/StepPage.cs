using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Procedures;

/// <summary>What a person does, and looks at, for one item of a plan.</summary>
public sealed class StepPage(Plan plan)
{
    /// <summary>The name that a file gets as it was before.</summary>
    public const string Kept = ".before-rollback";

    /// <summary>What is done, in order; empty for what is certain to be left out.</summary>
    public IEnumerable<PageBlock> Doing(PlannedStep step) => Blocks(step.Action?.ByHand ?? [], ShellOf(step));

    /// <summary>How the step is taken back once it was begun.</summary>
    public IEnumerable<PageBlock> TakingBack(PlannedStep step)
    {
        if (step.Undo is { Action: { } undo } declared)
        {
            foreach (var block in Blocks(undo.ByHand, ShellOf(step)).Concat(declared.Validate.SelectMany(c => Looking(c, "Then it must hold: "))))
            {
                yield return block;
            }

            yield break;
        }

        var kept = (step.Action?.Preview.Effects ?? []).OfType<FileChange>().Where(c => c.BeforeSha256 is not null && c.BeforeSha256 != c.AfterSha256).ToList();
        foreach (var change in kept)
        {
            yield return new Lines("sh", [$"cp -p {ShellLines.Quote(change.Path + Kept)} {ShellLines.Quote(change.Path)}"]);
        }

        if (kept.Count == 0)
        {
            yield return new Prose(Sentence(HowBack(step)), step.IsPointOfNoReturn);
        }

        foreach (var block in Blocks(step.Action?.BackByHand ?? [], ShellOf(step)))
        {
            yield return block;
        }
    }

    /// <summary>In a few words.</summary>
    public static string HowBack(PlannedStep step) => step switch
    {
        { Undo: not null } => step.Undo.Name.Length > 0 ? step.Undo.Name : "by the commands that stand with the step",
        { Action.Inverse: { } inverse } => inverse,
        { IsPointOfNoReturn: true } => "POINT OF NO RETURN: it destroys, and has no undo",
        { Effect: Effect.Read } => "nothing: it only reads",
        _ => "no undo is known: say so to whoever decides, and change nothing more",
    };

    /// <summary>A check to tick off, with what shows whether it holds.</summary>
    public IEnumerable<PageBlock> Looking(PlannedCheck check, string before = "")
    {
        // A command that stands below need not stand in the sentence too.
        var statement = (check.Question?.ByHand ?? []).OfType<ProgramStart>().Aggregate(check.Statement, (s, p) => s.Replace($"`{CommandLine.Show(p.Argv)}`", "the command below", StringComparison.Ordinal));
        yield return new Tick($"{before}{PlanText.CheckLine(check with { Name = check.Name == check.Statement ? statement : check.Name, Statement = statement })}");
        var shell = new ShellLines(plan.ProjectDirectory, SecretVariables.Of(plan.PartOf(check.Part)), "");
        foreach (var block in Blocks(check.Question?.ByHand ?? [], shell))
        {
            yield return block;
        }
    }

    internal static string Sentence(string text) => text.Length == 0 ? "" : $"{char.ToUpperInvariant(text[0])}{text[1..]}{(text[^1] is '.' or '?' or '!' or ':' ? "" : ".")}";

    private ShellLines ShellOf(PlannedStep step) =>
        new(plan.ProjectDirectory, SecretVariables.Of(plan.PartOf(step.Part)), $"rollback-{string.Concat(step.Id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'))}.backup");

    /// <summary>Each command is a block of its own: what is pasted in one go would go on after a failure.</summary>
    private static IEnumerable<PageBlock> Blocks(ImmutableArray<PlannedEffect> effects, ShellLines shell) => effects.SelectMany(effect => effect switch
    {
        ProgramStart start => [new Lines("sh", shell.Of(start))],
        RequestSent request => [new Lines("sh", shell.Of(request))],
        FileChange change => Change(change),
        ArchiveMade archive => Archive(archive, shell),
        ArchiveUnpacked { Into: { } into } unpacked => [new Lines("sh", [$"tar -xzf {shell.Word(unpacked.From)} -C {ShellLines.Quote(into)}"])],
        ArchiveUnpacked unpacked => [new Prose($"Put what is in {unpacked.From.Display} back to where it came from.")],
        FileRestored restored => [new Prose($"Make {restored.To} what {restored.Path} was in {restored.Revision.Display}.")],
        Waiting waiting => [new Prose(Sentence(waiting.Text.StartsWith("for ", StringComparison.Ordinal) || waiting.Text.StartsWith("until ", StringComparison.Ordinal) ? $"wait {waiting.Text}" : waiting.Text))],
        _ => Enumerable.Empty<PageBlock>(),
    });

    private static IEnumerable<PageBlock> Change(FileChange change)
    {
        foreach (var note in change.Notes)
        {
            yield return new Prose(Sentence(note));
        }

        if (change.BeforeSha256 == change.AfterSha256)
        {
            yield return new Prose($"There is nothing to change in {change.Path}.");
            yield break;
        }

        if (change.BeforeSha256 is not null)
        {
            yield return new Prose($"Keep {change.Path} as it is, because that is the way back:");
            yield return new Lines("sh", [$"cp -p {ShellLines.Quote(change.Path)} {ShellLines.Quote(change.Path + Kept)}"]);
        }

        yield return new Prose(change.BeforeSha256 is null ? $"Make {change.Path} with these lines:" : $"In {change.Path}, with an editor, take away the lines that begin with - and put those in their place that begin with +:");
        yield return new Lines("diff", [.. change.Diff.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    private static IEnumerable<PageBlock> Archive(ArchiveMade archive, ShellLines shell)
    {
        var to = shell.Word(Rendered.Literal(archive.To ?? shell.Backup));
        yield return new Lines("sh", [$"(umask 077 && tar -czf {to} -- {string.Join(' ', archive.Sources.Select(ShellLines.Quote))})"]);
        yield return new Prose("See that it can be read, and that everything is in it:");
        yield return new Lines("sh", [$"tar -tzf {to}"]);
    }
}
