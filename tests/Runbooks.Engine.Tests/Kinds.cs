using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Tests;

/// <summary><c>start:</c> starts a program. The engine knows no kind by name, so its tests bring their own.</summary>
internal sealed class StartKind : StepKind<StartAction>
{
    public override KindDeclaration Declaration { get; } = new("start", "Starts a program.", () => new FieldSet("'start'",
        [new Field("argv", FieldShape.Words, "the words") { Required = true }])
    { Shorthand = "argv" })
    {
        StartsProgram = true,
        EffectIsDeclared = true,
    };

    public override StartAction? Plan(Inputs inputs, PlanContext context) =>
        new(new ProgramStart(inputs.Texts("argv"), context.WorkingDirectory ?? context.ProjectDirectory, context.Environment));

    public override async Task<ActionOutcome> RunAsync(StartAction action, StepContext context)
    {
        if (action.Start.Argv[0].Display == "explode")
        {
            throw new InvalidOperationException(string.Join(' ', action.Start.Environment.Select(e => e.Value.Reveal()).Prepend("a bug in this kind")));
        }

        var looks = action.Start.Argv[0].Display == "looking";
        if (looks)
        {
            context.KeepState(JsonDocument.Parse("""{"had":"old"}""").RootElement);
        }

        var exit = await context.Ports.Processes.RunAsync(
            new ProcessSpec
            {
                Argv = [.. action.Start.Argv.Select(w => w.Reveal())],
                WorkingDirectory = action.Start.WorkingDirectory,
                Environment = action.Start.Environment.ToImmutableSortedDictionary(e => e.Name, e => e.Value.Reveal()).SetItems(context.Marks),
            },
            context.Output,
            context.Stop);
        if (looks)
        {
            context.LeaveState(JsonDocument.Parse("""{"had":"new"}""").RootElement);
        }

        return new ActionOutcome
        {
            ExitCode = exit.ExitCode,
            Captured = System.Text.Encoding.UTF8.GetString(exit.Captured.Span),
            Observed = $"exit {exit.ExitCode}",
            Failure = exit.Stopped ? "it was ended" : exit.ExitCode == 0 ? null : $"exit code {exit.ExitCode}",
        };
    }

    public override (StepAction? Action, string Problem) PlanInverse(JsonElement before, JsonElement? after, PlanContext context) => before.GetProperty("had").GetString() == "old"
        ? (new StartAction(new ProgramStart([Rendered.Literal("back"), Rendered.Literal($"{before.GetProperty("had")}"), Rendered.Literal($"{after?.GetProperty("had")}")], "/project", context.Environment))
        {
            Thing = context.Environment.Where(e => e.Name == "OF").Select(e => e.Value.Reveal()).FirstOrDefault(),
        }, "")
        : (null, "it had something else");
}

internal sealed record StartAction(ProgramStart Start) : StepAction
{
    /// <summary>What it brings back depends on what other steps change; null when it does not.</summary>
    public string? Thing { get; init; }

    public override StepAction? AtLast(IReadOnlyList<StepAction> later) => Thing is not null && !later.OfType<StartAction>().Any(l => l.Thing == Thing)
        ? this with { Start = Start with { Argv = [Rendered.Literal("again"), .. Start.Argv] }, Thing = null }
        : null;

    public override ActionPreview Preview => ActionPreview.Of(Start);

    public override ImmutableArray<Requirement> Requirements =>
        Start.Argv[0].IsKnown ? [new ProgramRequirement(Start.Argv[0].Reveal(), Start.WorkingDirectory, ImmutableSortedDictionary<string, string>.Empty)] : [];
}

/// <summary><c>ask:</c> waits at a gate.</summary>
internal sealed class AskKind : StepKind<AskAction>
{
    public override KindDeclaration Declaration { get; } = new("ask", "Asks.", () => new FieldSet("'ask'",
    [
        new Field("text", FieldShape.Text, "the question") { Required = true },
        new Field("by", FieldShape.TextList, "who may"),
    ])
    { Shorthand = "text" })
    {
        Effect = Effect.Read,
    };

    public override AskAction? Plan(Inputs inputs, PlanContext context) => new(inputs.Text("text"), [.. inputs.Texts("by").Select(t => t.Display)]);

    public override async Task<ActionOutcome> RunAsync(AskAction action, StepContext context)
    {
        try
        {
            return new ActionOutcome { Changed = false, Failure = await context.Gate.PassAsync(new GateTerms(action.Text.Display, action.By, TimeSpan.FromHours(1)), context.Stop.Interrupt) };
        }
        catch (OperationCanceledException)
        {
            return new ActionOutcome { Changed = false, Failure = "nobody answered" };
        }
    }
}

internal sealed record AskAction(Rendered Text, ImmutableArray<string> By) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(new Waiting($"for an answer: {Text.Display}") { NeedsOutput = !Text.IsKnown });

    public override ApprovalNeed? Approval => new(By);
}

/// <summary><c>beside:</c> holds steps that are run side by side.</summary>
internal sealed class BesideKind : StepKind<PartAction>
{
    public override KindDeclaration Declaration { get; } = new("beside", "Runs steps side by side.", () => ParallelFields.Set) { Effect = Effect.Read, HoldsSteps = true };

    public override PartAction Plan(Inputs inputs, PlanContext context) => throw new InvalidOperationException("its steps are planned");

    public override Task<ActionOutcome> RunAsync(PartAction action, StepContext context) => throw new InvalidOperationException("its steps are run");
}

/// <summary><c>part:</c> stands for another playbook.</summary>
internal sealed class PartKind : StepKind<PartAction>
{
    public override KindDeclaration Declaration { get; } = new("part", "Runs another playbook.", () => PartFields.Set) { Effect = Effect.Read, HoldsPlaybook = true };

    public override PartAction Plan(Inputs inputs, PlanContext context) => new();

    public override Task<ActionOutcome> RunAsync(PartAction action, StepContext context) => Task.FromResult(new ActionOutcome { Changed = false });
}

internal sealed record PartAction : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of();
}

/// <summary><c>save:</c> makes a backup that holds the text it is given; it fails for the text "fails".</summary>
internal sealed class SaveKind : StepKind<SaveAction>
{
    public override KindDeclaration Declaration { get; } = new("save", "Makes a backup.", () => new FieldSet("'save'", [new Field("text", FieldShape.Text, "what is saved") { Required = true }]) { Shorthand = "text" }) { MakesBackups = true };

    public override SaveAction? Plan(Inputs inputs, PlanContext context) => new(inputs.Text("text").Reveal());

    public override Task<ActionOutcome> RunAsync(SaveAction action, StepContext context)
    {
        if (action.Text == "fails")
        {
            return Task.FromResult(ActionOutcome.Failed("no space left on the device"));
        }

        var (path, bytes) = (context.Backups.Place(".txt"), System.Text.Encoding.UTF8.GetBytes(action.Text));
        if (action.Text != "forgets")
        {
            context.Backups.Record(path, new RecordedBackup(bytes.Length, Engine.Hashing.Sha256.Hex(bytes), "read back"));
        }

        Assert.Null(context.Ports.Files.Create(path, bytes));
        return Task.FromResult(ActionOutcome.Done("saved") with { Captured = path });
    }
}

internal sealed record SaveAction(string Text) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(new ArchiveMade([Text], null));

    public override string Inverse => "the backup is kept";

    public override bool IsRepeatable => true;
}

/// <summary><c>says:</c> is answered by a script of verdicts, the last of which repeats.</summary>
internal sealed class SaysKind(params Verdict[] answers) : CheckKind<SaysQuestion>
{
    public int Asked { get; private set; }

    public Action<int> OnAsked { get; init; } = _ => { };

    /// <summary>How long an answer takes.</summary>
    public TimeSpan Takes { get; init; }

    /// <summary>How long it says that an answer can take; null for what is usual.</summary>
    public TimeSpan? Longest { get; init; }

    public override KindDeclaration Declaration { get; } = new("says", "Is answered by the test.", () => new FieldSet("'says'",
        [new Field("text", FieldShape.Text, "what holds") { Required = true }])
    { Shorthand = "text" });

    public override SaysQuestion? Plan(Inputs inputs, PlanContext context) => new(inputs.Text("text"), Longest);

    public override async Task<Verdict> AskAsync(SaysQuestion question, CheckContext context, CancellationToken cancel)
    {
        Asked++;
        OnAsked(Asked);
        await (Takes > TimeSpan.Zero ? Task.Delay(Takes, context.Ports.Time, cancel) : Task.CompletedTask);
        return question.Text.Display == "explode"
            || question.Text.Display.StartsWith("explode ", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"a bug in this check: {question.Text.Reveal()}")
            : answers.Length == 0 ? Verdict.Holds("yes") : answers[Math.Min(Asked, answers.Length) - 1];
    }
}

internal sealed record SaysQuestion(Rendered Text, TimeSpan? Most) : CheckQuestion
{
    public override TimeSpan Longest => Most ?? base.Longest;

    public override string Statement => Text.Display;

    public override bool IsKnown => Text.IsKnown;
}
