using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Planning.Saved;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Engine.Resuming;

/// <summary>A run as its folder tells it: enough to go on with it, or to take it back.</summary>
public sealed record PastRun
{
    public required string RunId { get; init; }

    public required RunState State { get; init; }

    /// <summary>Events on record.</summary>
    public required long Count { get; init; }

    /// <summary>Hash of the first of them.</summary>
    public required string First { get; init; }

    /// <summary>Hash of the last of them.</summary>
    public required string Head { get; init; }

    /// <summary>Bytes of the journal that are good.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes after those: a last line that was not written to its end.</summary>
    public required long TornBytes { get; init; }

    /// <summary>The playbook as it was run.</summary>
    public required SourceText Playbook { get; init; }

    /// <summary>The playbooks that it was made of, as they were run, by the ids of their parts.</summary>
    public required ImmutableDictionary<string, SourceText> Parts { get; init; }

    /// <summary>The values of variables that are no secrets, as the texts that give them again.</summary>
    public required ImmutableDictionary<string, ImmutableArray<string>?> Vars { get; init; }

    /// <summary>The steps of the plan, as JSON, by id.</summary>
    public required ImmutableDictionary<string, JsonElement> Steps { get; init; }

    /// <returns>The run, or a sentence that says why it cannot be gone on with.</returns>
    public static (PastRun? Run, string Problem) Load(IRunStore store, string runId)
    {
        if (store.ReadJournal(runId) is not { Bytes: { } bytes } read)
        {
            return (null, $"its journal cannot be read: {store.ReadJournal(runId).Problem}");
        }

        var journal = JournalReader.Read(bytes);
        if (new Auditor(store, _ => false).JournalProblem(runId) is { } problem)
        {
            return (null, $"its journal was altered: line {problem.LineNumber} (byte {problem.Offset}): {problem.Text}");
        }

        var state = RunState.Of(journal);
        if (state is not { Started: { } started, Basis: { } basis })
        {
            return (null, "its journal holds no event: nothing was done in it");
        }

        if (store.ReadFile(runId, basis.Playbook) is not { Bytes: { } playbook })
        {
            return (null, $"its {basis.Playbook} cannot be read");
        }

        if (Hashing.Sha256.Hex(playbook) != basis.PlaybookSha256)
        {
            return (null, $"its {basis.Playbook} is not the one that was run");
        }

        var parts = ImmutableDictionary.CreateBuilder<string, SourceText>(StringComparer.Ordinal);
        foreach (var part in basis.Parts ?? [])
        {
            if (store.ReadFile(runId, part.Copy) is not { Bytes: { } copy } || Hashing.Sha256.Hex(copy) != part.Sha256)
            {
                return (null, $"its {part.Copy} cannot be read, or is not the one that was run");
            }

            parts[part.Id] = new SourceText(part.Path, Encoding.UTF8.GetString(copy));
        }

        if (PlanOf(store, runId, basis.Plan) is not { } plan)
        {
            return (null, $"its {basis.Plan} cannot be read");
        }

        var length = journal.Break?.Offset ?? bytes.Length;
        return (new PastRun
        {
            RunId = runId,
            State = state,
            Count = journal.Lines.Length,
            First = journal.Lines[0].Hash,
            Head = journal.Lines[^1].Hash,
            Length = length,
            TornBytes = bytes.Length - length,
            Playbook = new SourceText(started.PlaybookPath, Encoding.UTF8.GetString(playbook)),
            Parts = parts.ToImmutable(),
            Vars = plan.Vars,
            Steps = plan.Steps,
        }, "");
    }

    /// <summary>Enters it into the ledger when it was killed in the moment before that.</summary>
    /// <exception cref="TrailUnwritableException">The ledger could not be written.</exception>
    internal void EnsureEntered(IRunStore store, JournalWriter journal)
    {
        if (LedgerReader.Read(store.ReadLedger().Bytes).All.All(l => l.Entry is not LedgerBegun || l.Entry.RunId != RunId))
        {
            journal.Enter(RunId, First);
        }
    }

    /// <summary>Its seal is in the journal and not in the ledger.</summary>
    public bool LacksLedgerSeal(IRunStore store) =>
        State.IsSealed && LedgerReader.Read(store.ReadLedger().Bytes).All.All(l => l.Entry is not LedgerSealed || l.Entry.RunId != RunId);

    /// <summary>Enters its seal, as one that comes late: from then on, and not before, the ledger vouches for the journal.</summary>
    /// <returns>Null when it is entered and durable; else why it is not.</returns>
    internal string? EnterLate(IRunStore store, IRunFolder folder, DateTimeOffset now, string who) => LacksLedgerSeal(store)
        ? folder.Enter(new LedgerSealed(RunId, Count, Head, State.Ended?.Conclusion ?? default) { Late = who }, now) ?? folder.Flush()
        : "its seal is in the ledger already";

    /// <summary>Ids of steps that will not be performed again. A gate can be come to again, when its approval is not good any more.</summary>
    public ImmutableHashSet<string> Settled => [.. State.Steps.Where(s => s.Standing is StepStanding.Succeeded or StepStanding.Skipped && s.Approval is null).Select(s => s.Head.Id)];

    /// <summary>The plan is made from the playbooks that the run began with. Steps that are settled are not planned again: by its playbooks a plan is known to be the same, not by its digest.</summary>
    public bool IsOf(Plan plan) => plan.PlaybookSha256 == State.Basis?.PlaybookSha256 && plan.Playbook.AllParts.All(p => Parts.GetValueOrDefault(p.Id) is { } was && Planner.Sha256Of(was) == Planner.Sha256Of(p.Playbook.Source));

    /// <summary>The playbooks that it was made of, for <see cref="Language.Playbooks.PlaybookReader"/>.</summary>
    public (SourceText? Source, string Problem) Open(string file, SourceText from, string part) =>
        Parts.GetValueOrDefault(part) is { } source ? (source, "") : (null, $"the run has no copy of {file}");

    /// <summary>What the rest of the run would do now, against what its plan said: a line for each difference.</summary>
    /// <param name="isSamePlaybook">A step in doubt may have changed the files that it is planned on: with the same playbook it is not compared.</param>
    public ImmutableArray<string> DifferencesTo(Plan now, bool isSamePlaybook)
    {
        var rest = State.Steps.Where(s => !Settled.Contains(s.Head.Id) && !(isSamePlaybook && s.Standing == StepStanding.InDoubt)).Select(s => s.Head.Id).ToHashSet(StringComparer.Ordinal);
        var passed = State.Steps.Select(s => s.Head.Id).Except(rest, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        using var json = JsonDocument.Parse(PlanJson.Utf8(now));
        return PlanDifferences.OfSteps(
            State.Steps.Where(s => rest.Contains(s.Head.Id) && Steps.ContainsKey(s.Head.Id)).Select(s => Steps[s.Head.Id]),
            json.RootElement.GetProperty("steps").EnumerateArray().Where(s => !passed.Contains(s.GetProperty("id").GetString() ?? "")));
    }

    /// <summary>The scope with the outputs that later steps may read.</summary>
    /// <param name="part">Id of the part whose scope it is; empty for the playbook that was run.</param>
    public TemplateScope WithOutputs(string part, TemplateScope scope, IRunStore store) => State.Steps
        .Where(s => s is { Standing: StepStanding.Succeeded, Ended.Captured: not null } && PartOf(s.Head.Id) == part)
        .Aggregate(scope, (names, step) => store.ReadFile(RunId, step.Ended?.Captured ?? "").Bytes is { } output
            ? names.WithStep(NameOf(step.Head.Id), StepOutputs.Of(Encoding.UTF8.GetString(output), step.Ended?.ExitCode ?? 0))
            : names);

    /// <summary>Expressions know the step by its name, whichever item of <c>for_each</c> it had.</summary>
    private static string NameOf(string id)
    {
        var name = id[(id.LastIndexOf('/') + 1)..];
        return name.IndexOf('[', StringComparison.Ordinal) is > 0 and var at ? name[..at] : name;
    }

    private static string PartOf(string id) => id.LastIndexOf('/') is > 0 and var at ? id[..at] : "";

    private static (ImmutableDictionary<string, ImmutableArray<string>?> Vars, ImmutableDictionary<string, JsonElement> Steps)? PlanOf(IRunStore store, string runId, string name)
    {
        try
        {
            if (store.ReadFile(runId, name).Bytes is not { } bytes)
            {
                return null;
            }

            using var plan = JsonDocument.Parse(bytes);
            var vars = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>?>(StringComparer.Ordinal);
            foreach (var variable in plan.RootElement.GetProperty("vars").EnumerateArray().Where(v => !v.GetProperty("secret").GetBoolean()))
            {
                var value = variable.GetProperty("value");
                if (value.ValueKind != JsonValueKind.Null)
                {
                    vars[variable.GetProperty("name").GetString() ?? ""] = value.ValueKind == JsonValueKind.Array
                        ? [.. value.EnumerateArray().Select(item => item.GetString() ?? "")]
                        : [value.GetString() ?? ""];
                }
            }

            var steps = plan.RootElement.GetProperty("steps").EnumerateArray().ToImmutableDictionary(s => s.GetProperty("id").GetString() ?? "", s => s.Clone(), StringComparer.Ordinal);
            return (vars.ToImmutable(), steps);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            // Not a plan.
            return null;
        }
    }
}
