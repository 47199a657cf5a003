using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Runbooks.Engine.Journal;

/// <summary>
/// Events as JSON. Writing calls the generated code itself: the serializer would first describe every event to itself by reflection, which is a tenth of a start. The three that
/// every run has and whose generated code still asks the serializer (an enum, a number or null, JSON in JSON) are written by hand.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(OperatorIdentified))]
[JsonSerializable(typeof(LockClaimed))]
[JsonSerializable(typeof(LockTaken))]
[JsonSerializable(typeof(PlanTaken))]
[JsonSerializable(typeof(CheckAnswered))]
[JsonSerializable(typeof(PreflightDone))]
[JsonSerializable(typeof(StepSkipped))]
[JsonSerializable(typeof(StepIntended))]
[JsonSerializable(typeof(FileKept))]
[JsonSerializable(typeof(BackupMade))]
[JsonSerializable(typeof(StateKept))]
[JsonSerializable(typeof(StateLeft))]
[JsonSerializable(typeof(StepEnded))]
[JsonSerializable(typeof(RetryScheduled))]
[JsonSerializable(typeof(RunResumed))]
[JsonSerializable(typeof(StepSettled))]
[JsonSerializable(typeof(UndoBegun))]
[JsonSerializable(typeof(StepLeft))]
[JsonSerializable(typeof(StopRequested))]
[JsonSerializable(typeof(ApprovalGiven))]
[JsonSerializable(typeof(ApprovalDenied))]
[JsonSerializable(typeof(StepChosen))]
[JsonSerializable(typeof(RunEnded))]
[JsonSerializable(typeof(RunSealed))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    internal void Write(Utf8JsonWriter writer, JournalEvent entry)
    {
        switch (entry)
        {
            case RunStarted e:
                RunStartedSerializeHandler(writer, e);
                break;
            case OperatorIdentified e:
                OperatorIdentifiedSerializeHandler(writer, e);
                break;
            case LockClaimed e:
                LockClaimedSerializeHandler(writer, e);
                break;
            case LockTaken e:
                LockTakenSerializeHandler(writer, e);
                break;
            case PlanTaken e:
                PlanTakenSerializeHandler(writer, e);
                break;
            case CheckAnswered e:
                CheckAnsweredSerializeHandler(writer, e);
                break;
            case PreflightDone e:
                PreflightDoneSerializeHandler(writer, e);
                break;
            case StepSkipped e:
                StepSkippedSerializeHandler(writer, e);
                break;
            case StepIntended e:
                Write(writer, e);
                break;
            case FileKept e:
                FileKeptSerializeHandler(writer, e);
                break;
            case BackupMade e:
                BackupMadeSerializeHandler(writer, e);
                break;
            case StateKept e:
                StateKeptSerializeHandler(writer, e);
                break;
            case StateLeft e:
                StateLeftSerializeHandler(writer, e);
                break;
            case StepEnded e:
                Write(writer, e);
                break;
            case RetryScheduled e:
                RetryScheduledSerializeHandler(writer, e);
                break;
            case RunResumed e:
                RunResumedSerializeHandler(writer, e);
                break;
            case StepSettled e:
                StepSettledSerializeHandler(writer, e);
                break;
            case UndoBegun e:
                UndoBegunSerializeHandler(writer, e);
                break;
            case StepLeft e:
                StepLeftSerializeHandler(writer, e);
                break;
            case StopRequested e:
                StopRequestedSerializeHandler(writer, e);
                break;
            case ApprovalGiven e:
                ApprovalGivenSerializeHandler(writer, e);
                break;
            case ApprovalDenied e:
                ApprovalDeniedSerializeHandler(writer, e);
                break;
            case StepChosen e:
                StepChosenSerializeHandler(writer, e);
                break;
            case RunEnded e:
                Write(writer, e);
                break;
            case RunSealed e:
                RunSealedSerializeHandler(writer, e);
                break;
            default:
                throw new ArgumentException($"events of type '{entry.Type}' cannot be written", nameof(entry));
        }
    }

    private static void Write(Utf8JsonWriter json, StepIntended entry)
    {
        Begin(json, entry);
        json.WriteString("step"u8, entry.Step);
        json.WriteNumber("attempt"u8, entry.Attempt);
        json.WritePropertyName("actions"u8);
        entry.Actions.WriteTo(json);
        WriteIfKnown(json, "undo"u8, entry.Undo);
        if (entry.Backups is { } backups)
        {
            Write(json, "backups"u8, backups);
        }

        WriteIfSaid(json, "acknowledged"u8, entry.Acknowledged);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StepEnded entry)
    {
        Begin(json, entry);
        json.WriteString("step"u8, entry.Step);
        json.WriteNumber("attempt"u8, entry.Attempt);
        WriteIfKnown(json, "undo"u8, entry.Undo);
        WriteIfSaid(json, "failure"u8, entry.Failure);
        json.WriteBoolean("changed"u8, entry.Changed);
        if (entry.ExitCode is { } code)
        {
            json.WriteNumber("exit_code"u8, code);
        }

        json.WriteString("observed"u8, entry.Observed);
        json.WriteString("output"u8, entry.Output);
        json.WriteNumber("output_length"u8, entry.OutputLength);
        json.WriteString("output_sha256"u8, entry.OutputSha256);
        WriteIfSaid(json, "captured"u8, entry.Captured);
        WriteIfSaid(json, "captured_sha256"u8, entry.CapturedSha256);
        json.WriteNumber("elapsed_ms"u8, entry.ElapsedMs);
        json.WriteBoolean("timed_out"u8, entry.TimedOut);
        Write(json, "survivors"u8, entry.Survivors);
        Write(json, "notes"u8, entry.Notes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RunEnded entry)
    {
        Begin(json, entry);
        json.WriteString("conclusion"u8, entry.Conclusion.ToString());
        json.WriteNumber("exit_code"u8, entry.ExitCode);
        json.WriteString("why"u8, entry.Why);
        json.WriteNumber("elapsed_ms"u8, entry.ElapsedMs);
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, JournalEvent entry)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, entry.Type);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteIfKnown(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } said)
        {
            json.WriteBoolean(name, said);
        }
    }

    private static void WriteIfSaid(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <exception cref="JsonException">It is of a known type and does not have what that needs.</exception>
    /// <returns>Null for a type that this version does not know.</returns>
    internal static JournalEvent? Read(string type, JsonElement element) => type switch
    {
        "run.started" => element.Deserialize(Default.RunStarted),
        "operator.identified" => element.Deserialize(Default.OperatorIdentified),
        "lock.claimed" => element.Deserialize(Default.LockClaimed),
        "lock.taken" => element.Deserialize(Default.LockTaken),
        "plan.taken" => element.Deserialize(Default.PlanTaken),
        "check.answered" => element.Deserialize(Default.CheckAnswered),
        "preflight.done" => element.Deserialize(Default.PreflightDone),
        "step.skipped" => element.Deserialize(Default.StepSkipped),
        "step.intended" => element.Deserialize(Default.StepIntended),
        "file.kept" => element.Deserialize(Default.FileKept),
        "backup.made" => element.Deserialize(Default.BackupMade),
        "state.kept" => element.Deserialize(Default.StateKept),
        "state.left" => element.Deserialize(Default.StateLeft),
        "step.ended" => element.Deserialize(Default.StepEnded),
        "retry.scheduled" => element.Deserialize(Default.RetryScheduled),
        "run.resumed" => element.Deserialize(Default.RunResumed),
        "step.settled" => element.Deserialize(Default.StepSettled),
        "undo.begun" => element.Deserialize(Default.UndoBegun),
        "step.left" => element.Deserialize(Default.StepLeft),
        "stop.requested" => element.Deserialize(Default.StopRequested),
        "approval.given" => element.Deserialize(Default.ApprovalGiven),
        "approval.denied" => element.Deserialize(Default.ApprovalDenied),
        "step.chosen" => element.Deserialize(Default.StepChosen),
        "run.ended" => element.Deserialize(Default.RunEnded),
        "run.sealed" => element.Deserialize(Default.RunSealed),
        _ => null,
    };
}
