using System.Globalization;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Views;

/// <summary>An event of the journal in one line, for <c>runs log</c>.</summary>
public static class EventLine
{
    public static string Of(JournalLine line) => $"{line.Sequence,4} {line.Time:HH:mm:ss.fff} {Text(line.Event)}";

    /// <summary>The same with the time since the run began, for <c>runs show --timeline</c>.</summary>
    public static string Since(DateTimeOffset begin, JournalLine line) => string.Create(CultureInfo.InvariantCulture, $"{(line.Time - begin).TotalSeconds,+11:+0.000;-0.000}s  {Text(line.Event)}");

    private static string Text(JournalEvent entry) => entry switch
    {
        RunStarted e => $"run {(e.ByHand == true ? "by hand " : "")}started: {e.Playbook} {e.PlaybookVersion} by {e.Operator.User}@{e.Operator.Host}, plan sha256:{e.PlanDigest[..12]}…",
        RunResumed e => $"run resumed by {e.Operator.User}@{e.Operator.Host}{(e.Reason.Length > 0 ? $": {e.Reason}" : "")}{(e.LostBytes > 0 ? $"; the last {e.LostBytes} bytes were not written to their end, and are gone" : "")}{(e.Basis is { } basis ? $"; from here on {basis.Playbook} and {basis.Plan}" : "")}",
        OperatorIdentified e => $"operator: {e.GitIdentity}",
        LockTaken e => $"lock taken: {e.Name}{(e.Left is { } left ? $" (left by {left}, which is no longer alive)" : "")}{(e.StolenFrom is { } from ? $" (stolen from {from})" : "")}",
        LockClaimed e => $"lock {e.Name} is held by {e.Holder}, which is asked to end",
        PlanTaken e => $"saved plan taken: {e.PlanId}{(e.SignedBy.Length > 0 ? $", signed by key {e.SignedBy}" : "")}",
        CheckAnswered e => $"{e.Phase}{(e.Step.Length > 0 ? " of " + e.Step : "")} {e.Verdict}: {e.Name} ({e.Observed})",
        PreflightDone e => e.Problems.IsEmpty ? "preflight: all there" : $"preflight: {string.Join("; ", e.Problems)}",
        StepSkipped e => $"step {e.Step} skipped: {e.Reason}",
        StepIntended e => $"{Step(e.Step, e.Undo)} begins{(e.Attempt > 1 ? $" (attempt {e.Attempt})" : "")}: {e.Actions.GetRawText()}",
        StateKept e => $"{Step(e.Step, e.Undo)} looked at what is there, and keeps it",
        StateLeft e => $"{Step(e.Step, e.Undo)} looked at what it left",
        FileKept e => e.Copy.Length > 0 ? $"{Step(e.Step, e.Undo)} saved {e.Path} as {e.Copy}" : $"{Step(e.Step, e.Undo)} makes {e.Path}, which was not there",
        BackupMade e => $"step {e.Step} made a backup: {e.Path}, {e.Length} bytes, sha256:{e.Sha256[..12]}… ({e.Verified})",
        StepEnded e => $"{Step(e.Step, e.Undo)} {(e.Failure is null ? "done" : $"failed: {e.Failure}")} in {RunView.Seconds(e.ElapsedMs)}{(e.Observed.Length > 0 ? $" ({e.Observed})" : "")}",
        ApprovalGiven e => $"step {e.Step} approved by {e.By} ({e.Through}), good until {e.Until:yyyy-MM-dd HH:mm:ss}Z{(e.Reason.Length > 0 ? $": {e.Reason}" : "")}; what was shown is in {e.Shown}",
        ApprovalDenied e => $"step {e.Step} not approved by {e.By}{(e.Reason.Length > 0 ? $": {e.Reason}" : "")}; what was shown is in {e.Shown}",
        StepChosen e => $"step {e.Step}: the operator chose {e.Choice}{(e.Reason.Length > 0 ? $": {e.Reason}" : "")}",
        RetryScheduled e => $"step {e.Step}: attempt {e.NextAttempt} in {e.DelayMs}ms",
        StepSettled e => $"{Step(e.Step, e.Undo)} was in doubt, and counts as {(e.As == "again" ? "not done" : e.As)}: {e.Because}",
        UndoBegun e => $"taking back what was changed, the last first: {e.Why}",
        StepLeft e => $"step {e.Step} left as it is: {e.Reason}",
        StopRequested e => $"stop asked for by {e.Signal}",
        RunEnded e => $"run ended: {RunSummary.Word(e.Conclusion)}, exit {e.ExitCode}{(e.Why.Length > 0 ? $": {e.Why}" : "")}",
        RunSealed e => $"sealed after {e.Count} events",
        _ => entry.GetType().Name,
    };

    private static string Step(string id, bool? undo) => undo == true ? $"undo of step {id}" : $"step {id}";
}
